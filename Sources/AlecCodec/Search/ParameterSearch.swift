// SPDX-License-Identifier: Apache-2.0

/// Finds the parameters that make a channel's values small integers.
///
/// Not part of the format: a better search makes smaller frames that every decoder reads.
/// Candidates are the kinds that fit most of a sample, each also with a common divisor or on a
/// lattice; the cheapest wins, and the current parameters stay unless another is clearly better.
struct ParameterSearch {
    private var sample: [Double] = []
    private var scaled: [Double] = []
    private var candidates: [ValueParameters] = []
    private var lattices = LatticeSearch()
    private var sets = SetEstimate()

    /// A change must save this much, relative and in bits, to be worth it.
    private static let inertia = (factor: 1.08, bits: 20.0)

    /// The best parameters for what is known of a channel and a frame's new values.
    mutating func find(
        _ past: borrowing ChannelPast, _ body: borrowing FrameBody, _ slot: FrameSlot
    ) -> ValueParameters {
        past.collect(body, slot, into: &sample)
        let expected = past.lastGroup > 0 ? past.lastGroup : ChannelPast.length
        var result = best(current: past.parameters, expected: expected)
        result.usesFilter = past.parameters?.usesFilter ?? false
        result.reference = past.parameters?.reference ?? 0
        result.usesSet = sets.pays(result, sample)
        if result.kind.hasEscape, result.isExact, needsCorrections(result) {
            result.isExact = false
        }
        return result
    }

    private mutating func best(current: ValueParameters?, expected: Int) -> ValueParameters {
        var finite = 0
        for value in sample where value == value { finite += 1 }
        guard finite > 0 else { return ValueParameters() }
        collectCandidates(finite: finite)
        let share = expected < sample.count ? Double(expected) / Double(sample.count) : 1
        var best = candidates[0]
        var least = Double.infinity
        for candidate in candidates {
            var cost = ParameterCost.estimate(candidate, sample, share: share)
            if !candidate.kind.hasEscape { cost += 12 }
            if cost < least {
                least = cost
                best = candidate
            }
        }
        if let current {
            let limit = least * Self.inertia.factor + Self.inertia.bits
            if ParameterCost.estimate(current, sample, share: share) < limit { return current }
        }
        if best.kind.hasEscape {
            best.isExact =
                sample.count >= 8 && !best.isLattice
                && (best.kind == .decimal || best.kind == .decimalProduct)
                && !needsCorrections(best)
        }
        return best
    }

    /// Whether any value of the sample would be sent with a correction.
    private func needsCorrections(_ parameters: ValueParameters) -> Bool {
        var loose = parameters
        loose.isExact = false
        for value in sample {
            if let coded = loose.integer(of: value), coded.correction != 0 { return true }
        }
        return false
    }
}

// MARK: - Candidates

extension ParameterSearch {
    private mutating func collectCandidates(finite: Int) {
        candidates.removeAll(keepingCapacity: true)
        let fitsDecimal = addDecimals(finite: finite)
        if !fitsDecimal || candidates[candidates.count - 1].digits > 6 {
            addProducts()
            if floatLike() * 10 >= finite * 9 { addFloats(finite: finite) }
        }
        for i in 0..<candidates.count { addGrid(of: candidates[i]) }
        candidates.append(ValueParameters(kind: .double))
        var noisy = ValueParameters(kind: .noisy)
        noisy.exponentReference = commonestExponent()
        candidates.append(noisy)
    }

    /// The fewest digits with which most values are exact, and up to two more candidates;
    /// whether the last fits all.
    private mutating func addDecimals(finite: Int) -> Bool {
        for digits: UInt8 in 0...15 {
            var exact = 0
            var missed = 0
            for value in sample where value == value {
                if Self.isExact(.decimal, digits, value) {
                    exact += 1
                } else {
                    missed += 1
                    if missed * 4 > finite { break }
                }
            }
            guard exact * 4 >= finite * 3 else { continue }
            candidates.append(ValueParameters(kind: .decimal, digits: digits))
            if exact == finite { return true }
            if candidates.count >= 3 { return false }
        }
        return false
    }

    private mutating func addProducts() {
        for digits: UInt8 in 1...9 {
            let fits = sample.allSatisfy {
                $0 != $0 || Self.isExact(.decimalProduct, digits, $0)
            }
            if fits {
                candidates.append(ValueParameters(kind: .decimalProduct, digits: digits))
                return
            }
        }
    }

    /// How many values lie within a few double steps of a float.
    private func floatLike() -> Int {
        var count = 0
        for value in sample where value == value {
            let near = Double(Float(value))
            let distance = FloatOrder.number(of: near) &- FloatOrder.number(of: value)
            if distance.size <= 8 { count += 1 }
        }
        return count
    }

    private mutating func addFloats(finite: Int) {
        candidates.append(ValueParameters(kind: .float))
        for digits: UInt8 in 0...6 {
            var near = 0
            for value in sample {
                guard let n = ValueParameters.quantum(.floatDecimal, digits, value) else {
                    continue
                }
                let plain = ValueParameters.number(.floatDecimal, digits, n)
                let distance = ValueParameters.floatDistance(value, plain)
                if distance >= -520 && distance <= 520 { near += 1 }
            }
            if near * 10 >= finite * 9 {
                candidates.append(ValueParameters(kind: .floatDecimal, digits: digits))
                return
            }
        }
    }

    /// The same candidate with a common divisor, else on a lattice, if there is one.
    private mutating func addGrid(of candidate: ValueParameters) {
        if candidate.kind == .decimal || candidate.kind == .decimalProduct,
            let divided = withDivisor(candidate)
        {
            candidates.append(divided)
            return
        }
        guard sample.count >= 24 else { return }
        var tolerance = 0.5
        scaled.removeAll(keepingCapacity: true)
        if candidate.kind.hasDigits {
            for value in sample {
                if let n = ValueParameters.quantum(candidate.kind, candidate.digits, value) {
                    scaled.append(Double(n))
                }
            }
        } else {
            var largest = 0.0
            for value in sample {
                scaled.append(value)
                if value.magnitude < 1e30, value.magnitude > largest { largest = value.magnitude }
            }
            tolerance = largest * 0x1p-24
        }
        guard let lattice = lattices.find(scaled, tolerance: tolerance) else { return }
        var result = candidate
        result.isLattice = true
        // As many bits as are sent.
        result.step = Double(bitPattern: (lattice.step.bitPattern >> 8) << 8)
        result.origin = Double(bitPattern: (lattice.origin.bitPattern >> 24) << 24)
        if result.step > 0, result.step < 1e300 { candidates.append(result) }
    }

    private func withDivisor(_ candidate: ValueParameters) -> ValueParameters? {
        var divisor: UInt64 = 0
        var first: Int64?
        var exact = 0
        for value in sample {
            guard let n = ValueParameters.quantum(candidate.kind, candidate.digits, value),
                Self.restores(candidate.kind, candidate.digits, n, value)
            else { continue }
            exact += 1
            if let first {
                divisor = greatestCommonDivisor(divisor, (n - first).size)
                if divisor == 1 { return nil }
            } else {
                first = n
            }
        }
        guard divisor > 1, exact >= 8, let first else { return nil }
        var result = candidate
        result.divisor = Int64(divisor)
        let rest = first % result.divisor
        result.remainder = rest < 0 ? rest + result.divisor : rest
        return result
    }

    private func commonestExponent() -> UInt16 {
        var counts = InlineArray<2048, UInt16>(repeating: 0)
        for value in sample { counts[Int(value.bitPattern >> 52 & 2047)] += 1 }
        var top = 0
        for i in 1..<2048 where counts[i] > counts[top] { top = i }
        return UInt16(top)
    }

    private static func isExact(_ kind: ValueKind, _ digits: UInt8, _ value: Double) -> Bool {
        guard let n = ValueParameters.quantum(kind, digits, value) else { return false }
        return restores(kind, digits, n, value)
    }

    private static func restores(
        _ kind: ValueKind, _ digits: UInt8, _ n: Int64, _ value: Double
    ) -> Bool {
        ValueParameters.number(kind, digits, n).bitPattern == value.bitPattern
    }
}

/// The largest number that divides both; the other one where one is 0.
func greatestCommonDivisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
}
