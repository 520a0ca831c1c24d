// SPDX-License-Identifier: Apache-2.0

/// Finds the grid on which rounded values lie: sensors count in steps of their own (1/16 degree,
/// 3.3 V / 4096) and print them with a few digits.
///
/// The smallest gap between distinct values is the first guess of the step. Walking the gaps in
/// rising order, each must be a whole number of steps within rounding; their sum refines the step.
/// Least squares then fit step and origin to all values.
struct LatticeSearch {
    private var points: [Double] = []
    private var gaps: [Double] = []

    /// A grid: origin + whole number * step.
    struct Lattice {
        var step: Double
        var origin: Double
    }

    /// The grid on which almost all `values` lie within `tolerance`, if it pays to know it.
    mutating func find(_ values: [Double], tolerance: Double) -> Lattice? {
        points.removeAll(keepingCapacity: true)
        for value in values where value.magnitude < 1e15 { points.append(value) }
        guard points.count >= 12 else { return nil }
        points.sortInPlace()
        points.removeRepeats()
        guard points.count >= 6 else { return nil }
        gaps.removeAll(keepingCapacity: true)
        for i in 1..<points.count { gaps.append(points[i] - points[i - 1]) }
        gaps.sortInPlace()
        // The smallest gap may itself be two or three steps.
        for divisor in 1...3 {
            let first = gaps[0] / Double(divisor)
            let gain = Double(points.count) * Logarithm.binary(first / (2.1 * tolerance))
            if first < 4 * tolerance || gain < 40 { return nil }
            guard let step = walk(first, Double(divisor), tolerance) else { continue }
            if let lattice = fit(step, tolerance) { return lattice }
        }
        return nil
    }

    /// Refines a step over the gaps in rising order; nil if too many are no multiples of it.
    private func walk(_ first: Double, _ divisor: Double, _ tolerance: Double) -> Double? {
        var step = first
        var sum = 0.0
        var cells = 0.0
        var misses = 0
        for gap in gaps {
            let count = (gap / step).nearestInteger
            let miss = (gap - count * step).magnitude
            let slack = cells > 0 ? 1.5 * tolerance / cells : 1.2 * tolerance / divisor
            let allowed = 2.2 * tolerance + count * slack
            if miss > allowed || allowed > 1.35 * step {
                misses += 1
                if misses * 30 > points.count + 30 { return nil }
                continue
            }
            sum += gap
            cells += count
            if cells > 0 { step = sum / cells }
        }
        return step
    }

    /// Least squares; accepts an origin of 0 where it does as well, then any.
    private func fit(_ first: Double, _ tolerance: Double) -> Lattice? {
        var step = first
        var origin = 0.0
        let count = Double(points.count)
        for _ in 0..<3 {
            var (sk, sv, skk, skv) = (0.0, 0.0, 0.0, 0.0)
            for point in points {
                let y = point - points[0]
                let k = (y / step).nearestInteger
                sk += k
                sv += y
                skk += k * k
                skv += k * y
            }
            let determinant = count * skk - sk * sk
            guard determinant > 0 else { break }
            let refined = (count * skv - sk * sv) / determinant
            guard refined > 0 else { break }
            step = refined
            origin = (sv - step * sk) / count + points[0]
        }
        origin -= (origin / step).nearestInteger * step
        let centred = centredStep(step)
        let good = hits(step, origin, tolerance)
        let goodCentred = hits(centred, 0, tolerance)
        if goodCentred >= good, goodCentred * 20 >= points.count * 19 {
            return Lattice(step: centred, origin: 0)
        }
        if good * 20 >= points.count * 19 { return Lattice(step: step, origin: origin) }
        return nil
    }

    /// The best step of a grid through 0.
    private func centredStep(_ step: Double) -> Double {
        var (kk, kv) = (0.0, 0.0)
        for point in points {
            let k = (point / step).nearestInteger
            kk += k * k
            kv += k * point
        }
        return kk > 0 ? kv / kk : step
    }

    private func hits(_ step: Double, _ origin: Double, _ tolerance: Double) -> Int {
        var count = 0
        for point in points {
            let y = point - origin
            if (y - (y / step).nearestInteger * step).magnitude <= 1.05 * tolerance { count += 1 }
        }
        return count
    }
}
