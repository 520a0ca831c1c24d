// SPDX-License-Identifier: Apache-2.0

/// The reading side of the range coder. Behind the end of the code it reads zeros.
struct RangeDecoder: SymbolCoder {
    static let isEncoder = false

    /// A copy of the payload: owning it lets this type be stored without borrowing a frame.
    private var buffer: [UInt8] = []
    private var count = 0
    private var at = 0
    private var code: UInt64 = 0
    private var range = UInt64.max
    private(set) var failure: Malformation?

    /// How far behind the end a word may start before the code counts as exhausted: an honest
    /// code is never read further, a forged one would go on for ever.
    private static let slack = 16

    /// Bytes fetched, for error messages.
    var position: Int { min(at, count) }

    mutating func fail(_ reason: Malformation) { failure = failure ?? reason }

    /// Starts reading the bytes of `frame` in `payload`.
    mutating func start(_ frame: Span<UInt8>, _ payload: Range<Int>) {
        buffer.removeAll(keepingCapacity: true)
        for i in payload { buffer.append(frame[i]) }
        count = buffer.count
        at = 0
        failure = nil
        range = .max
        code = 0
        code = nextWord() &<< 32
        code |= nextWord()
    }

    @inline(__always)
    mutating func code(_ answer: Bool, _ bit: inout AdaptiveBit, limit: UInt32) -> Bool {
        let bound = (range &>> 16) &* bit.codedChance
        let read = code < bound
        if read {
            range = bound
        } else {
            code &-= bound
            range &-= bound
        }
        renormalise()
        bit.learn(read, limit: limit)
        return read
    }

    @inline(__always)
    mutating func codeRaw(_ value: UInt64, bits count: Int) -> UInt64 {
        var left = count
        var result: UInt64 = 0
        while left > 0 {
            let width = UInt64(truncatingIfNeeded: min(left, 16))
            left &-= Int(truncatingIfNeeded: width)
            range &>>= width
            // Not zero: `range` has at least 32 bits before the shift.
            let part = min(code / range, 1 &<< width &- 1)
            code &-= part &* range
            renormalise()
            result = result &<< width | part
        }
        return result
    }

    @inline(__always)
    private mutating func renormalise() {
        if range &>> 32 == 0 {
            code = code &<< 32 | nextWord()
            range &<<= 32
        }
    }

    @inline(never)
    private mutating func nextWord() -> UInt64 {
        var word: UInt64 = 0
        if at &+ 4 <= count {
            for i in 0..<4 { word = word &<< 8 | UInt64(buffer[at &+ i]) }
        } else {
            for i in at..<(at &+ 4) { word = word &<< 8 | (i < count ? UInt64(buffer[i]) : 0) }
            if at > count &+ Self.slack { fail(.codeExhausted) }
        }
        at &+= 4
        return word
    }
}
