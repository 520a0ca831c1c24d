// SPDX-License-Identifier: Apache-2.0

extension Array where Element: Comparable {
    /// Sorts in place without taking memory, which the library's sort does.
    mutating func sortInPlace() {
        var elements = mutableSpan
        guard elements.count > 1 else { return }
        for root in stride(from: elements.count / 2 - 1, through: 0, by: -1) {
            Self.sink(&elements, root, below: elements.count)
        }
        for end in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(0, end)
            Self.sink(&elements, 0, below: end)
        }
    }

    /// Lets the element at `root` sink until both children are smaller.
    private static func sink(_ heap: inout MutableSpan<Element>, _ root: Int, below end: Int) {
        var parent = root
        while true {
            var child = 2 * parent + 1
            guard child < end else { return }
            if child + 1 < end, heap[child] < heap[child + 1] { child += 1 }
            guard heap[parent] < heap[child] else { return }
            heap.swapAt(parent, child)
            parent = child
        }
    }

    /// Removes neighbours that are equal to the element before.
    mutating func removeRepeats() {
        guard count > 1 else { return }
        var kept = 1
        for i in 1..<count where self[i] != self[kept - 1] {
            self[kept] = self[i]
            kept += 1
        }
        removeLast(count - kept)
    }
}
