// SPDX-License-Identifier: Apache-2.0

/// Times as text, to Int64 nanoseconds since 1970 and back, exactly or not at all.
package enum TimeText {
    /// Reads all of `start..<end` as a number of `unit`. A fraction is fine as far as it is
    /// whole nanoseconds.
    package static func number(
        _ text: Span<UInt8>,
        from start: Int,
        to end: Int,
        unit: TimeUnit,
        column: Int = 0
    ) throws(LineError) -> Int64 {
        var next = start
        guard let decimal = Decimal.scan(text, from: start, to: end, next: &next), next == end
        else {
            throw .time(.malformed, at: next, column: column)
        }
        return try nanoseconds(decimal, unit: unit, at: start, column: column)
    }

    /// Reads RFC 3339 or a number of `unit`; without one, of the unit that its digits tell, where
    /// it is whole, or else of seconds.
    static func anything(
        _ text: Span<UInt8>,
        from start: Int,
        to end: Int,
        unit: TimeUnit? = .seconds,
        column: Int
    ) throws(LineError) -> Int64 {
        // A year has four digits and a hyphen; no number has.
        if end - start > 4, text[start + 4] == ASCII.minus {
            return try rfc3339(text, from: start, to: end, column: column)
        }
        var next = start
        guard let decimal = Decimal.scan(text, from: start, to: end, next: &next), next == end
        else {
            throw .time(.malformed, at: next, column: column)
        }
        return try nanoseconds(
            decimal, unit: unit ?? Self.unit(of: decimal), at: start, column: column)
    }

    /// The unit that the digits of a number tell.
    static func unit(of decimal: Decimal) -> TimeUnit {
        decimal.exponent == 0 && !decimal.isTruncated ? .of(count: decimal.mantissa) : .seconds
    }

    /// The exact nanoseconds of a number of `unit`.
    @inline(__always)
    static func nanoseconds(
        _ decimal: Decimal,
        unit: TimeUnit,
        at: Int,
        column: Int
    ) throws(LineError) -> Int64 {
        // The usual case first: whole milliseconds, microseconds or nanoseconds, not negative.
        if decimal.exponent == 0, !decimal.isNegative, !decimal.isTruncated {
            let (count, overflow) = decimal.mantissa.multipliedReportingOverflow(
                by: unit.nanoseconds)
            if !overflow, count <= UInt64(Int64.max) { return Int64(count) }
            throw .time(.outOfRange, at: at, column: column)
        }
        switch scaled(decimal, places: unit.decimalPlaces) {
        case .success(let time): return time
        case .failure(let fault): throw .time(fault, at: at, column: column)
        }
    }

    private static func scaled(_ decimal: Decimal, places: Int) -> Result<Int64, TimeFault> {
        guard decimal.mantissa != 0 else { return .success(0) }
        let shift = decimal.exponent + places
        // The digits left out are worth less than one step of 10^shift.
        if decimal.isTruncated { return .failure(shift <= 0 ? .tooPrecise : .outOfRange) }
        var count = decimal.mantissa
        if shift >= 0 {
            for _ in 0..<min(shift, 20) {
                let (product, overflow) = count.multipliedReportingOverflow(by: 10)
                guard !overflow else { return .failure(.outOfRange) }
                count = product
            }
        } else {
            for _ in 0..<min(-shift, 20) {
                let (quotient, rest) = count.quotientAndRemainder(dividingBy: 10)
                guard rest == 0 else { return .failure(.tooPrecise) }
                count = quotient
            }
        }
        guard let time = Int64(exactly: decimal.isNegative ? -Int128(count) : Int128(count)) else {
            return .failure(.outOfRange)
        }
        return .success(time)
    }

    /// Writes `time` as a number of `unit`, with a fraction only where it is not whole.
    package static func append(_ time: Int64, in unit: TimeUnit, to text: inout TextBuffer) {
        if time < 0 { text.append(ASCII.minus) }
        let (whole, rest) = time.magnitude.quotientAndRemainder(dividingBy: unit.nanoseconds)
        text.append(decimal: whole)
        guard rest > 0 else { return }
        var fraction = rest
        var places = unit.decimalPlaces
        while fraction % 10 == 0 {
            fraction /= 10
            places -= 1
        }
        text.append(ASCII.dot)
        text.append(decimal: fraction, width: places)
    }
}
