// SPDX-License-Identifier: Apache-2.0

/// A set of group numbers of one lane, kept as ranges: what came in order is one range.
package struct GroupRanges: Equatable, Sendable {
    /// The most ranges; above, the lowest hole is taken for filled, so that memory stays bounded.
    package static let limit = 1024

    /// Rising, apart from each other by at least one number.
    package private(set) var ranges: [ClosedRange<UInt32>] = []
    /// Holes that were taken for filled because there were too many.
    package private(set) var forgottenHoles = 0

    /// The empty set.
    package init() {}

    /// The set of what `ranges` hold, in whatever order they come.
    package init(_ ranges: [ClosedRange<UInt32>]) {
        for range in ranges { insert(range) }
    }

    package var isEmpty: Bool { ranges.isEmpty }

    /// Whether `number` is in the set. Logarithmic.
    package func contains(_ number: UInt32) -> Bool {
        let i = placeOfRange(endingAtOrAfter: number)
        return i < ranges.count && ranges[i].contains(number)
    }

    /// Adds all numbers of `range`.
    package mutating func insert(_ range: ClosedRange<UInt32>) {
        var low = range.lowerBound
        var high = range.upperBound
        // Ranges that touch the new one become one with it.
        let first = placeOfRange(endingAtOrAfter: low == 0 ? 0 : low - 1)
        var end = first
        while end < ranges.count,
            ranges[end].lowerBound <= high || ranges[end].lowerBound - 1 == high
        {
            low = min(low, ranges[end].lowerBound)
            high = max(high, ranges[end].upperBound)
            end += 1
        }
        ranges.replaceSubrange(first..<end, with: [low...high])
        guard ranges.count > Self.limit else { return }
        forgottenHoles += 1
        ranges.replaceSubrange(0..<2, with: [ranges[0].lowerBound...ranges[1].upperBound])
    }

    /// Takes one number out.
    package mutating func remove(_ number: UInt32) {
        let i = placeOfRange(endingAtOrAfter: number)
        guard i < ranges.count, ranges[i].contains(number) else { return }
        let range = ranges[i]
        var parts: [ClosedRange<UInt32>] = []
        if range.lowerBound < number { parts.append(range.lowerBound...(number - 1)) }
        if number < range.upperBound { parts.append((number + 1)...range.upperBound) }
        ranges.replaceSubrange(i...i, with: parts)
    }

    private func placeOfRange(endingAtOrAfter number: UInt32) -> Int {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
