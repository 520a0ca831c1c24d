// SPDX-License-Identifier: Apache-2.0

/// Writes lines of words and numbers, without any library beneath.
struct Transcript {
    /// Takes one byte of text; given by the C side, which knows where text goes.
    typealias Sink = @convention(c) (UInt8) -> Void

    private let sink: Sink
    private var isLineStart = true

    init(_ sink: Sink) { self.sink = sink }

    mutating func word(_ text: String) {
        space()
        for byte in text.utf8 { sink(byte) }
    }

    mutating func number(_ value: Int) {
        space()
        if value < 0 { sink(UInt8(ascii: "-")) }
        var divisor: UInt = 1
        while value.magnitude / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            sink(UInt8(ascii: "0") + UInt8(value.magnitude / divisor % 10))
            divisor /= 10
        }
    }

    mutating func hex(_ value: UInt32) {
        space()
        for shift in stride(from: UInt32(28), through: 0, by: -4) {
            let digit = UInt8(value >> shift & 15)
            sink(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }

    mutating func endLine() {
        sink(UInt8(ascii: "\n"))
        isLineStart = true
    }

    private mutating func space() {
        if !isLineStart { sink(UInt8(ascii: " ")) }
        isLineStart = false
    }
}
