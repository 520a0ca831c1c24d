// SPDX-License-Identifier: Apache-2.0

/// Values as small devices print them: what CSV takes, and numbers with a `+`, with zeros in
/// front (`021.5`), without digits before or behind the point (`.5`, `21.`).
struct DeviceValue: Sendable {
    /// The number in the form that JSON has for it.
    private var plain: [UInt8] = []

    init() {}

    /// The value of all of `start..<end`, nil for a text that is none. A number that no double
    /// is for throws.
    @inline(__always)
    mutating func read(
        _ text: Span<UInt8>,
        from start: Int,
        to end: Int,
        column: Int = 0
    ) throws(LineError) -> Double? {
        var next = start
        if let decimal = Decimal.scan(text, from: start, to: end, next: &next), next == end {
            return try decimal.value(text, start, end, column: column)
        }
        return try other(text, start, end, column)
    }

    /// The digits of a number of degrees and minutes, or of any other, not yet rounded.
    mutating func decimal(_ text: Span<UInt8>, from start: Int, to end: Int) -> Decimal? {
        guard write(text, start, end) else { return nil }
        var next = 0
        let decimal = Decimal.scan(plain.span, from: 0, to: plain.count, next: &next)
        return next == plain.count ? decimal : nil
    }

    @inline(never)
    private mutating func other(
        _ text: Span<UInt8>,
        _ start: Int,
        _ end: Int,
        _ column: Int
    ) throws(LineError) -> Double? {
        guard start < end else { return nil }
        switch text[start] | 0x20 {
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "i"):
            return try Self.csvValue(text, start, end, column)
        default: break
        }
        guard let decimal = decimal(text, from: start, to: end) else {
            return try Self.csvValue(text, start, end, column)
        }
        do throws(LineError) {
            return try decimal.value(plain.span, 0, plain.count, column: column)
        } catch {
            // Offsets in the other form mean nothing in the line.
            guard case .value(let fault, _, _) = error else { throw error }
            throw .value(fault, at: start, column: column)
        }
    }

    /// The value as CSV writes one, nil for a text that is none.
    static func csvValue(
        _ text: Span<UInt8>,
        _ start: Int,
        _ end: Int,
        _ column: Int
    ) throws(LineError) -> Double? {
        do throws(LineError) {
            return try ValueText.csvValue(text, from: start, to: end, column: column)
        } catch {
            if case .value(.malformed, _, _) = error { return nil }
            throw error
        }
    }

    /// Puts the number into JSON's form; false if it is none.
    private mutating func write(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        plain.removeAll(keepingCapacity: true)
        var i = start
        if i < end, text[i] == ASCII.plus || text[i] == ASCII.minus {
            if text[i] == ASCII.minus { plain.append(ASCII.minus) }
            i += 1
        }
        while i + 1 < end, text[i] == ASCII.zero, text[i + 1] &- ASCII.zero < 10 { i += 1 }
        let whole = copyDigits(text, &i, end)
        if whole == 0 { plain.append(ASCII.zero) }
        var fraction = 0
        if i < end, text[i] == ASCII.dot {
            i += 1
            plain.append(ASCII.dot)
            fraction = copyDigits(text, &i, end)
            if fraction == 0 { plain.removeLast() }
        }
        guard whole + fraction > 0 else { return false }
        if i < end, text[i] | 0x20 == 0x65 {
            while i < end {
                plain.append(text[i])
                i += 1
            }
        }
        return i == end
    }

    private mutating func copyDigits(_ text: Span<UInt8>, _ i: inout Int, _ end: Int) -> Int {
        let start = i
        while i < end, text[i] &- ASCII.zero < 10 {
            plain.append(text[i])
            i += 1
        }
        return i - start
    }
}
