// SPDX-License-Identifier: Apache-2.0

import LineProtocols
import Testing

private func number(_ text: String) throws(LineError) -> Double {
    let bytes = Array(text.utf8)
    return try ValueText.number(bytes.span, from: 0, to: bytes.count)
}

private func csvValue(_ text: String) throws(LineError) -> Double {
    let bytes = Array(text.utf8)
    return try ValueText.csvValue(bytes.span, from: 0, to: bytes.count)
}

@Suite struct NumberTests {
    @Test(arguments: [
        "0", "-0", "-0.0", "0.1", "1", "21.5", "-40", "1e0", "1E+2", "1e-2", "9007199254740993",
        "9007199254740992", "9007199254740991", "123456789012345678", "1234567890123456789",
        "12345678901234567890", "0.3", "1e22", "1e23", "8.5e22", "1.7976931348623157e308",
        "2.2250738585072014e-308", "2.2250738585072011e-308", "4.9e-324", "5e-324", "2.4e-324",
        "2.4703282292062327e-324", "2.4703282292062328e-324", "1e-400", "0e999999999999999999",
        "1e-999999999999999999", "0.000000000000000000000000000000000000000000001",
        "100000000000000000000000000000000000000000", "9223372036854775807.5",
        "179769313486231570000000000000000000000", "6.02214076e23", "7.038531e-26",
        "0.500000000000000166533453693773481063544750213623046875",
        "1.00000000000000011102230246251565404236316680908203125",
        "1.00000000000000011102230246251565404236316680908203124",
        "1.00000000000000011102230246251565404236316680908203126",
        "9007199254740993.0000000000000000000000000000000000001",
        "3.141592653589793238462643383279502884197169399375105820974944592307816406286",
        "2.2250738585072012e-308", "8.41e21", "2.2250738585072009e-308",
        "1448997445238699", "9214843084008499", "30078505129381147446200",
    ])
    func roundsLikeTheStandardLibrary(text: String) throws {
        let expected = try #require(Double(text))
        #expect(try number(text).bitPattern == expected.bitPattern)
        let isWhole = text.allSatisfy { $0.isNumber || $0 == "-" }
        if !isWhole || expected < 0x1p53 {
            #expect(try csvValue(text).bitPattern == expected.bitPattern)
        }
    }

    @Test(arguments: [
        ("9007199254740992", true), ("9007199254740993", false), ("-9007199254740993", false),
        ("9007199254740994", true), ("18014398509481986", false), ("-18014398509481984", true),
        ("1180591620717411303424", true), ("1180591620717411303425", false),
        ("10000000000000000000000", true), ("100000000000000000000000", false),
        ("99999999999999991611392", true), ("9007199254740993.0", true),
        ("9007199254740993e0", true), ("123456789012345678E1", true),
        ("1\(String(repeating: "0", count: 308))", false),
    ])
    func wholeNumbersThatNoDoubleEqualsAreRefused(text: String, isTaken: Bool) {
        let refusal = isTaken ? nil : LineError.value(.integerNotExact, at: 0, column: 0)
        #expect(errorOf { () throws(LineError) in _ = try csvValue(text) } == refusal)
        let csv = readLines(["time_ms,a", "1,\(text)"], format: .csv)
        #expect(csv.readings.isEmpty == !isTaken && csv.errors.isEmpty == isTaken)
        let json = readLines(["{\"ts\":1,\"a\":\(text)}"], format: .jsonLines)
        #expect(json.readings.isEmpty == !isTaken && json.errors.isEmpty == isTaken)
        // What is no integer of Influx lines is a float, and rounded.
        #expect(readLines(["m a=\(text) 1"], format: .influx).readings.count == 1)
    }

    @Test func wholeNumbersOf64BitsAreTakenIfADoubleEqualsThem() {
        var generator = LineTestGenerator(seed: 5)
        for _ in 0..<2_000 {
            let shift = generator.next() & 15
            let number = (generator.next() >> shift) << (generator.next() & 15)
            let isExact = UInt64(exactly: Double(number)) == number
            let error = errorOf { () throws(LineError) in _ = try csvValue("\(number)") }
            #expect((error == nil) == isExact, "\(number)")
        }
    }

    @Test(arguments: [
        ("", 0), ("-", 1), ("+1", 0), (".5", 0), ("1.", 2), ("01", 1), ("-01", 2), ("1e", 2),
        ("1e+", 3), ("1.e5", 2), ("0x10", 1), ("1_000", 1), ("1,5", 1), ("1 ", 1), (" 1", 0),
        ("--1", 1), ("1.5.2", 3), ("1e5.0", 3), ("1d5", 1), ("١", 0), ("NaN", 0), ("true", 0),
        ("infinity", 0), ("1e5e", 3),
    ])
    func refusesWhatIsNoJSONNumber(text: String, at: Int) {
        #expect(
            errorOf { () throws(LineError) in _ = try number(text) }
                == .value(.malformed, at: at, column: 0))
    }

    @Test(arguments: ["1e309", "-1e309", "1.7976931348623159e308", "1e99999999999999999999"])
    func refusesWhatNoDoubleReaches(text: String) {
        #expect(
            errorOf { () throws(LineError) in _ = try number(text) }
                == .value(.outOfRange, at: 0, column: 0))
    }

    @Test(
        arguments: [
            ("nan", 0x7FF8_0000_0000_0000), ("NaN", 0x7FF8_0000_0000_0000),
            ("inf", 0x7FF0_0000_0000_0000), ("Inf", 0x7FF0_0000_0000_0000),
            ("-INF", 0xFFF0_0000_0000_0000), ("true", 0x3FF0_0000_0000_0000),
            ("True", 0x3FF0_0000_0000_0000), ("FALSE", 0), ("false", 0),
            ("nan(0x7ff8000000000001)", 0x7FF8_0000_0000_0001),
            ("NaN(0xFFF0000000000001)", 0xFFF0_0000_0000_0001),
            ("nan(0x7ff0dead00000000)", 0x7FF0_DEAD_0000_0000),
        ] as [(String, UInt64)])
    func readsTheWordsOfCSV(text: String, bits: UInt64) throws {
        #expect(try csvValue(text).bitPattern == bits)
        #expect(errorOf { () throws(LineError) in _ = try number(text) } != nil)
    }

    @Test(arguments: [
        ("nan(0x7ff0000000000000)", ValueFault.notNaNBits, 6),
        ("nan(0x3ff0000000000000)", .notNaNBits, 6), ("nan(0x7ff8)", .malformed, 0),
        ("nan(0x7ff800000000000g)", .malformed, 21), ("nan()", .malformed, 0),
        ("nan(0x7ff80000000000010", .malformed, 0), ("na", .malformed, 0), ("+inf", .malformed, 0),
        ("-nan", .malformed, 1), ("infinity", .malformed, 0), ("yes", .malformed, 0),
        ("t", .malformed, 0), ("", .malformed, 0), ("tru", .malformed, 0),
        ("-infx", .malformed, 1), ("1e400", .outOfRange, 0),
    ])
    func refusesOtherWords(text: String, fault: ValueFault, at: Int) {
        #expect(
            errorOf { () throws(LineError) in _ = try csvValue(text) }
                == .value(fault, at: at, column: 0))
    }

    @Test(
        arguments: [
            (0.0, "0"), (-0.0, "-0.0"), (21.5, "21.5"), (-21.5, "-21.5"), (40, "40"), (-7, "-7"),
            (0.1, "0.1"), (1e-7, "1e-07"), (0.0001, "0.0001"), (1013.25, "1013.25"),
            (1e15, "1000000000000000"),
            (9_007_199_254_740_992, "9007199254740992"), (1e22, "1e+22"),
            (.leastNonzeroMagnitude, "5e-324"),
            (0.30000000000000004, "0.30000000000000004"), (1.0 / 3, "0.3333333333333333"),
            (1.7976931348623157e308, "1.7976931348623157e+308"), (100.5, "100.5"),
            (0.062, "0.062"), (555555.71, "555555.71"), (123456789.123456789, "123456789.12345679"),
            (0.05, "0.05"), (1.005, "1.005"), (99999.999999999, "99999.999999999"),
        ] as [(Double, String)])
    func writesTheShortestText(value: Double, text: String) {
        var buffer = TextBuffer()
        #expect(NumberText.append(value, to: &buffer))
        #expect(string(buffer) == text)
    }

    @Test(
        arguments: [
            (0x7FF8_0000_0000_0000, "nan"), (0x7FF0_0000_0000_0000, "inf"),
            (0xFFF0_0000_0000_0000, "-inf"), (0xFFF8_0000_0000_0000, "nan(0xfff8000000000000)"),
            (0x7FF0_0000_0000_00AB, "nan(0x7ff00000000000ab)"),
        ] as [(UInt64, String)])
    func writesWhatIsNotFinite(bits: UInt64, text: String) throws {
        var buffer = TextBuffer()
        #expect(!NumberText.append(Double(bitPattern: bits), to: &buffer))
        #expect(buffer.count == 0)
        NumberText.appendForCSV(Double(bitPattern: bits), to: &buffer)
        #expect(string(buffer) == text)
        #expect(try csvValue(text).bitPattern == bits)
    }

    /// Random bits, decimals as sensors give them, and neighbours of powers of two and of ten.
    private static func randomDouble(_ generator: inout LineTestGenerator) -> Double {
        let bits = generator.next()
        switch bits & 3 {
        case 0, 1:
            return Double(bitPattern: generator.next())
        case 2:
            let digits = Int64(truncatingIfNeeded: generator.next()) >> Int64(10 + bits >> 8 & 31)
            let places = Int(bits >> 16 & 15)
            return Double("\(digits)e-\(places)") ?? 0
        default:
            let exponent = Int(bits >> 8 & 511) - 256
            let power = bits & 4 == 0 ? Double(sign: .plus, exponent: exponent, significand: 1) : 0
            let base = power == 0 ? Double("1e\(exponent)") ?? 1 : power
            return Double(bitPattern: base.bitPattern &+ (bits >> 32 & 7) &- 3)
        }
    }

    @Test(arguments: [1, 2] as [UInt64])
    func everyDoubleComesBackToTheBit(seed: UInt64) throws {
        var generator = LineTestGenerator(seed: seed)
        var buffer = TextBuffer()
        var wrong: [UInt64] = []
        for _ in 0..<120_000 {
            let value = Self.randomDouble(&generator)
            buffer.removeAll()
            NumberText.appendForCSV(value, to: &buffer)
            let back = try ValueText.csvValue(buffer.bytes.span, from: 0, to: buffer.count)
            if back.bitPattern != value.bitPattern { wrong.append(value.bitPattern) }
            // As short as the standard library, and the same digits.
            if value.isFinite, value != value.rounded() || abs(value) > 0x1p53 {
                if string(buffer) != value.description { wrong.append(value.bitPattern) }
            }
        }
        #expect(wrong.isEmpty, "seed \(seed)")
    }

    @Test(arguments: [3, 4] as [UInt64])
    func anyDigitsRoundLikeTheStandardLibrary(seed: UInt64) throws {
        var generator = LineTestGenerator(seed: seed)
        var wrong: [String] = []
        for _ in 0..<60_000 {
            let bits = generator.next()
            var text = bits & 1 == 0 ? "-" : ""
            let whole = 1 + Int(bits >> 8 % 24)
            text += "\(1 + (bits >> 16) % 9)"
            for _ in 1..<max(2, whole % 30) { text += "\(generator.next() % 10)" }
            if bits & 2 == 0 {
                text += "."
                for _ in 0..<(1 + Int(bits >> 24 & 15)) { text += "\(generator.next() % 10)" }
            }
            if bits & 4 == 0 { text += "e\(Int(bits >> 32 % 680) % 680 - 340)" }
            let expected = try #require(Double(text))
            let ours = try? number(text)
            if expected.isInfinite ? ours != nil : ours?.bitPattern != expected.bitPattern {
                wrong.append(text)
            }
        }
        #expect(wrong.isEmpty, "seed \(seed)")
    }

    /// Exactly half way between two doubles, and one digit to either side: more than 19 digits.
    @Test func tiesGoToEvenAndNearTiesDoNot() throws {
        var generator = LineTestGenerator(seed: 5)
        for _ in 0..<2_000 {
            let below = 1 + Double(generator.next() >> 12) * 0x1p-52
            let digits = UInt64(below * 0x1p52) * 2 + 1
            // digits * 2^-53, exactly, in decimal: times 5^53 over 10^53.
            var decimal = [UInt8](String(digits).utf8.map { $0 - 48 })
            for _ in 0..<53 {
                var carry: UInt8 = 0
                for i in decimal.indices.reversed() {
                    let product = decimal[i] * 5 + carry
                    decimal[i] = product % 10
                    carry = product / 10
                }
                if carry > 0 { decimal.insert(carry, at: 0) }
            }
            let tail = decimal.suffix(53).map(String.init).joined()
            let head = decimal.dropLast(53).map(String.init).joined()
            let even = below.bitPattern & 1 == 0 ? below : below.nextUp
            #expect(try number("\(head).\(tail)") == even)
            #expect(try number("\(head).\(tail)0000001") == below.nextUp)
            let last = tail.dropLast()
            #expect(try number("\(head).\(last)4") == below)
        }
    }
}
