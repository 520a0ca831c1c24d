// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import AlecCodec

@Suite struct ArithmeticTests {
    /// The definition of the format page, digit by digit.
    private static func quarterLog(_ value: UInt64) -> Int {
        let v = max(value, 1)
        let b = 63 - v.leadingZeroBitCount
        let m = b >= 4 ? v >> UInt64(b - 4) : v << UInt64(4 - b)
        return 4 * b + [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3][Int(m) - 16]
    }

    @Test func theQuarterLogarithmIsItsDefinition() {
        var random = SeededGenerator(seed: 1)
        var values: [UInt64] = Array(0..<2_000) + [.max]
        for shift in UInt64(0)..<64 { values += [1 << shift, 1 << shift &- 1] }
        for _ in 0..<2_000 { values.append(random.next() >> UInt64(random.below(64))) }
        for value in values {
            #expect(value.quarterLog == Self.quarterLog(value), "\(value)")
        }
    }

    @Test(arguments: [
        (0, 0), (1, 1), (2, 2), (3, 2), (255, 8), (256, 9), (UInt64.max, 64), (1 << 63, 64),
    ])
    func bitLengthCountsSignificantBits(value: UInt64, length: Int) {
        #expect(value.bitLength == length)
    }

    @Test(arguments: [
        (0, 0), (1, 1), (-1, 1), (Int64.max, UInt64.max >> 1), (Int64.min, 1 << 63),
    ])
    func sizeIsTheDistanceFromZero(value: Int64, size: UInt64) {
        #expect(value.size == size)
    }

    @Test(arguments: [
        (5, 3, 3), (-5, 3, -3), (2, 3, 2), (-3, 3, -3), (Int64.max, 1 << 53, 1 << 53),
        (Int64.min, 1 << 53, -(1 << 53)),
    ])
    func clampedStaysWithinTheLimit(value: Int64, limit: Int64, result: Int64) {
        #expect(value.clamped(limit) == result)
    }

    @Test(arguments: [(1, 0), (2, 1), (3, 1), (4, 2), (65_536, 16), (65_537, 16)])
    func floorLogRoundsDown(value: Int, log: Int) {
        #expect(value.floorLog == log)
    }

    @Test(arguments: [
        (0.5, 0), (1.5, 2), (2.5, 2), (-0.5, 0), (-1.5, -2), (-2.5, -2), (0.49999999999999994, 0),
        (1e15, 1e15), (4503599627370495.5, 4503599627370496), (4503599627370497, 4503599627370497),
        (9007199254740991, 9007199254740991), (-7.7, -8), (1e300, 1e300),
        (2251799813685249.5, 2251799813685250), (-2251799813685248.5, -2251799813685248),
        (4503599627370494.5, 4503599627370494), (-4503599627370495.5, -4503599627370496),
    ])
    func theNearestIntegerTakesTiesToEven(value: Double, nearest: Double) {
        #expect(value.nearestInteger == nearest)
    }

    @Test func theNearestIntegerIsTheLibrarys() {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<5_000 {
            let value = random.bell() * Double(UInt64(1) << UInt64(random.below(60)))
            #expect(value.nearestInteger == value.rounded(.toNearestOrEven), "\(value)")
        }
    }

    @Test func powersOfTenAreExact() {
        var power: UInt64 = 1
        for digits in 0..<16 {
            #expect(PowersOfTen.table[digits] == Double(power))
            #expect(UInt64(PowersOfTen.table[digits]) == power)
            power *= 10
        }
    }

    @Test func theBinaryLogarithmIsRightToSevenDigits() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<5_000 {
            let value = (0.5 + random.unit()) * pow(2, Double(random.pick(-300...300)))
            #expect((Logarithm.binary(value) - log2(value)).magnitude < 1e-7, "\(value)")
        }
        #expect(Logarithm.binary(1) == 0)
        #expect(Logarithm.binary(0) < -1000)
        #expect(Logarithm.binary(-1) < -1000)
    }

    @Test(arguments: [
        (0, 0, 0), (0, 7, 7), (7, 0, 7), (12, 18, 6), (17, 5, 1), (UInt64.max, 5, 5),
    ])
    func theGreatestCommonDivisorDividesBoth(a: UInt64, b: UInt64, divisor: UInt64) {
        #expect(greatestCommonDivisor(a, b) == divisor)
    }

    @Test(arguments: Seeds.from(1, count: 10)) func sortingInPlaceSorts(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var numbers = (0..<random.below(200)).map { _ in random.below(50) }
        let expected = Set(numbers).sorted()
        numbers.sortInPlace()
        #expect(numbers == numbers.sorted())
        numbers.removeRepeats()
        #expect(numbers == expected)
    }
}

@Suite struct FloatOrderTests {
    private static let rising: [Double] = [
        -.infinity, -.greatestFiniteMagnitude, -1, -.leastNormalMagnitude,
        -.leastNonzeroMagnitude, -0.0, 0, .leastNonzeroMagnitude, .leastNormalMagnitude, 1,
        1.0.nextUp, .greatestFiniteMagnitude, .infinity,
    ]

    @Test func numbersRiseWithTheDoubles() {
        for (a, b) in zip(Self.rising, Self.rising.dropFirst()) {
            #expect(FloatOrder.number(of: a) < FloatOrder.number(of: b), "\(a) \(b)")
        }
    }

    @Test func neighboursDifferByOne() {
        #expect(FloatOrder.number(of: -0.0) + 1 == FloatOrder.number(of: 0.0))
        for value in [1.0, -1.0, 0x1p-1050, 12345.678, -1e300] {
            #expect(FloatOrder.number(of: value.nextUp) == FloatOrder.number(of: value) + 1)
            let float = Float(value)
            #expect(FloatOrder.number(of: float.nextUp) == FloatOrder.number(of: float) + 1)
        }
    }

    @Test func theNumberGivesTheBitsBack() {
        var random = SeededGenerator(seed: 4)
        for _ in 0..<2_000 {
            let bits = random.next()
            let number = FloatOrder.number(of: Double(bitPattern: bits))
            #expect(FloatOrder.double(at: number).bitPattern == bits)
            // A signalling NaN changes on the way through a register of some processors.
            let float = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
            guard !float.isNaN else { continue }
            let place = Int64(FloatOrder.number(of: float))
            #expect(FloatOrder.float(at: place).bitPattern == float.bitPattern)
            #expect(FloatOrder.float(at: place &+ (1 << 40)).bitPattern == float.bitPattern)
        }
    }
}
