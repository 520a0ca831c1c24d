// SPDX-License-Identifier: Apache-2.0

/// Bytes of text on their way out. The storage is kept when the buffer is emptied, so that
/// writing allocates nothing once it has reached its size.
package struct TextBuffer: Sendable {
    /// What was written.
    package private(set) var bytes: [UInt8] = []

    /// An empty buffer with room for `capacity` bytes.
    package init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// How many bytes were written.
    package var count: Int { bytes.count }

    /// Forgets what was written and keeps the room.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Takes back everything behind the first `count` bytes.
    package mutating func truncate(to count: Int) {
        bytes.removeLast(bytes.count - count)
    }

    /// Writes one byte.
    @inline(__always)
    package mutating func append(_ byte: UInt8) {
        bytes.append(byte)
    }

    /// Writes the bytes of `text`.
    package mutating func append(_ text: Span<UInt8>) {
        bytes.append(addingCapacity: text.count) { (output: inout OutputSpan<UInt8>) in
            for i in text.indices { output.append(text[i]) }
        }
    }

    /// Writes a literal.
    package mutating func append(_ text: StaticString) {
        // A literal's bytes live for ever.
        let literal = unsafe UnsafeBufferPointer(
            start: text.utf8Start,
            count: text.utf8CodeUnitCount
        )
        unsafe bytes.append(contentsOf: literal)
    }

    /// Writes `number` in decimal, with zeros before it up to `width` digits.
    package mutating func append(decimal number: UInt64, width: Int = 1) {
        var digits = InlineArray<20, UInt8>(repeating: ASCII.zero)
        var rest = number
        var i = 20
        while rest > 0 {
            i &-= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            digits[i] = ASCII.zero &+ UInt8(truncatingIfNeeded: digit)
            rest = quotient
        }
        let start = min(i, 20 - min(max(width, 1), 20))
        bytes.append(addingCapacity: 20) { (output: inout OutputSpan<UInt8>) in
            for k in start..<20 { output.append(digits[k]) }
        }
    }
}
