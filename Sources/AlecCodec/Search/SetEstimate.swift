// SPDX-License-Identifier: Apache-2.0

/// Estimates whether ranks in a set of recent values are cheaper than differences.
struct SetEstimate {
    private var numbers: [Int64] = []
    private var distinct: [Int64] = []

    /// Fewer numbers than this say nothing: then the set is tried.
    private static let leastNumbers = 64

    /// Whether a set pays for values like `values`.
    mutating func pays(_ parameters: ValueParameters, _ values: [Double]) -> Bool {
        if parameters.kind == .noisy { return false }
        numbers.removeAll(keepingCapacity: true)
        for value in values where value == value {
            if let coded = parameters.integer(of: value) { numbers.append(coded.x) }
        }
        guard numbers.count >= Self.leastNumbers else { return true }
        distinct.removeAll(keepingCapacity: true)
        distinct.append(contentsOf: numbers)
        distinct.sortInPlace()
        distinct.removeRepeats()
        if distinct.count > RecentSet.capacity, distinct.count * 5 > numbers.count * 3 {
            return false
        }
        let count = Double(numbers.count)
        return (1 - Double(distinct.count) / count) * gain() / count > 0.08
    }

    /// Bits that differences take more than differences of ranks.
    private func gain() -> Double {
        var gain = 0.0
        var last = rank(of: numbers[0])
        for i in 1..<numbers.count {
            let rank = rank(of: numbers[i])
            let step = (Double(numbers[i]) - Double(numbers[i - 1])).magnitude
            gain += Logarithm.binary(1 + step)
            gain -= Logarithm.binary(1 + Double(abs(rank - last)))
            last = rank
        }
        return gain
    }

    private func rank(of number: Int64) -> Int {
        var low = 0
        var high = distinct.count
        while low < high {
            let middle = (low + high) / 2
            if distinct[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
