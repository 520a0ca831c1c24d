// SPDX-License-Identifier: Apache-2.0

/// The writing side of a carrying binary range coder with a 64-bit state.
///
///     low ........ low + range     the interval that all symbols so far have left over
///     four bytes leave at the top of `low` whenever `range` has become less than 2^32
struct RangeEncoder: SymbolCoder {
    static let isEncoder = true

    /// The bytes written so far, then room. Grows; never shrinks.
    private var buffer: [UInt8] = Array(repeating: 0, count: 256)
    private(set) var count = 0
    private var low: UInt64 = 0
    private var range = UInt64.max

    var failure: Malformation? { nil }

    /// What is being written is always well formed.
    mutating func fail(_ reason: Malformation) {}

    /// Forgets everything and keeps the buffer.
    mutating func restart() {
        count = 0
        low = 0
        range = .max
    }

    @inline(__always)
    mutating func code(_ answer: Bool, _ bit: inout AdaptiveBit, limit: UInt32) -> Bool {
        let bound = (range &>> 16) &* bit.codedChance
        if answer {
            range = bound
        } else {
            range &-= bound
            advance(bound)
        }
        renormalise()
        bit.learn(answer, limit: limit)
        return answer
    }

    @inline(__always)
    mutating func codeRaw(_ value: UInt64, bits count: Int) -> UInt64 {
        var left = count
        while left > 0 {
            let width = min(left, 16)
            left &-= width
            range &>>= UInt64(truncatingIfNeeded: width)
            let part = value &>> UInt64(truncatingIfNeeded: left) & (1 &<< UInt64(width) &- 1)
            advance(range &* part)
            renormalise()
        }
        return value
    }

    /// Ends the code with as few bytes as tell it apart, without trailing zeros.
    mutating func finish() {
        makeRoom()
        for length in 0...8 {
            let mask = length == 0 ? 0 : UInt64.max &<< UInt64(64 - 8 * length)
            let (sum, carry) = low.addingReportingOverflow(~mask)
            let candidate = sum & mask
            guard candidate &- low < range else { continue }
            if carry { propagateCarry() }
            for i in 0..<length {
                buffer[count] = UInt8(truncatingIfNeeded: candidate &>> UInt64(56 - 8 * i))
                count += 1
            }
            break
        }
        // The reader sees zeros behind the end, so they need not be sent.
        var stripped = 0
        while stripped < 8, count > 0, buffer[count - 1] == 0 {
            count -= 1
            stripped += 1
        }
    }

    /// The finished code.
    var bytes: ArraySlice<UInt8> { buffer[..<count] }

    @inline(__always)
    private mutating func advance(_ step: UInt64) {
        let (sum, carry) = low.addingReportingOverflow(step)
        low = sum
        if carry { propagateCarry() }
    }

    @inline(__always)
    private mutating func renormalise() {
        if range &>> 32 == 0 { emitWord() }
    }

    @inline(never)
    private mutating func emitWord() {
        makeRoom()
        var word = UInt32(truncatingIfNeeded: low &>> 32)
        for i in 0..<4 {
            buffer[count + i] = UInt8(truncatingIfNeeded: word &>> 24)
            word &<<= 8
        }
        count &+= 4
        low &<<= 32
        range &<<= 32
    }

    /// Keeps sixteen free bytes: a word and the tail always fit.
    private mutating func makeRoom() {
        guard count + 16 > buffer.count else { return }
        buffer.append(contentsOf: repeatElement(0, count: buffer.count))
    }

    /// Adds one to the number that the bytes so far form.
    @inline(never)
    private mutating func propagateCarry() {
        var at = count - 1
        while at >= 0 {
            buffer[at] &+= 1
            if buffer[at] != 0 { return }
            at -= 1
        }
    }
}
