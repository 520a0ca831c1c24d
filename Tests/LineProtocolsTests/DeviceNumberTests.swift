// SPDX-License-Identifier: Apache-2.0

import LineProtocols
import Testing

/// Numbers as devices print them, beside a slow and simple way to read them.
@Suite struct DeviceNumberTests {
    /// `[+-]? (digits [. digits?] | . digits) ([eE] [+-]? digits)?`, one character at a time.
    private static func isNumber(_ text: String) -> Bool {
        var rest = Substring(text)
        if let first = rest.first, "+-".contains(first) { rest.removeFirst() }
        func digits() -> Int {
            var count = 0
            while let first = rest.first, "0"..."9" ~= first {
                rest.removeFirst()
                count += 1
            }
            return count
        }
        var count = digits()
        if rest.first == "." {
            rest.removeFirst()
            count += digits()
        }
        guard count > 0 else { return false }
        if let first = rest.first, "eE".contains(first) {
            rest.removeFirst()
            if let sign = rest.first, "+-".contains(sign) { rest.removeFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    /// What reading `text` alone on a line gives: a number, an error, or nil for no number.
    private func read(_ text: String) -> Result<Double, LineError>? {
        var settings = LineReaderSettings(format: .number)
        settings.sensor = "s"
        let result = readLines(LinesWithSettings(lines: [text], settings: settings), arrival: 0)
        if let error = result.errors.first {
            if case .value(.malformed, let at, let column) = error {
                #expect(at == 0 && column == 1, "\(text)")
                return nil
            }
            return .failure(error)
        }
        return result.readings.first.map { .success(Double(bitPattern: $0.bits)) }
    }

    private func check(_ text: String) {
        let answer = read(text)
        guard Self.isNumber(text), let value = Double(text) else {
            #expect(answer == nil, "\(text)")
            return
        }
        switch answer {
        case .success(let found): #expect(found.bitPattern == value.bitPattern, "\(text)")
        case .failure(.value(.outOfRange, 0, 1)): #expect(value.isInfinite, "\(text)")
        case .failure(.value(.integerNotExact, 0, 1)):
            #expect(abs(value) > 9_007_199_254_740_992, "\(text)")
        case .failure, nil: Issue.record("\(text) is refused")
        }
    }

    @Test(arguments: 1...8)
    func numbersAreThoseOfTheStandardLibrary(seed: UInt64) {
        var generator = LineTestGenerator(seed: seed)
        func digits(_ most: UInt64) -> String {
            (0..<(generator.next() % (most + 1))).reduce(into: "") { text, _ in
                text += String(generator.next() % 10)
            }
        }
        for _ in 0..<2_000 {
            var text = ["", "+", "-", "0", "-00"][Int(generator.next() % 5)] + digits(12)
            if generator.next() % 4 > 0 { text += "." + digits(12) }
            if generator.next() % 4 == 0 {
                text += ["e", "E+", "e-"][Int(generator.next() % 3)] + digits(3)
            }
            check(text)
        }
    }

    @Test(arguments: 1...8)
    func textsThatLookAlmostLikeNumbers(seed: UInt64) {
        var generator = LineTestGenerator(seed: seed)
        let characters = Array("0012589..+--eEx")
        for _ in 0..<4_000 {
            let length = 1 + generator.next() % 8
            let text = String(
                (0..<length).map { _ in
                    characters[Int(generator.next() % UInt64(characters.count))]
                })
            check(text)
        }
    }

    /// 22 decimals more than needed, by whole numbers, rounded by the standard library.
    @Test(arguments: 1...4)
    func degreesAreRoundedAsThoseOfWholeNumbers(seed: UInt64) throws {
        var generator = LineTestGenerator(seed: seed)
        var settings = LineReaderSettings(format: .nmea)
        settings.columns = ["X", "d:degrees"]
        for _ in 0..<1_000 {
            let degrees = generator.next() % 180
            let decimals = Int(generator.next() % 12)
            let unit = (0..<decimals).reduce(into: UInt64(1)) { unit, _ in unit *= 10 }
            let minutes = generator.next() % (60 * unit)
            let whole = String(degrees) + (minutes / unit < 10 ? "0" : "") + String(minutes / unit)
            let fraction = String(String(minutes % unit + unit).dropFirst())
            let field = whole + (decimals > 0 ? "." + fraction : "")
            let sixtieths = UInt128(degrees) * UInt128(60 * unit) + UInt128(minutes)
            let scaled = sixtieths * 10_000_000_000_000_000_000_000 / UInt128(60 * unit)
            let expected = try #require(Double("\(scaled)e-22"))
            let line = sealed("$X,\(field),W")
            let result = readLines(LinesWithSettings(lines: [line], settings: settings), arrival: 0)
            #expect(result.readings == [Named("d", 0, -expected == 0 ? 0 : -expected)], "\(line)")
        }
    }
}
