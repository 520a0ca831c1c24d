// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import AlecCodec

@Suite struct ChecksumTests {
    /// One bit at a time, from the polynomial.
    private static func bitwise(_ bytes: [UInt8]) -> UInt32 {
        var state: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            state ^= UInt32(byte)
            for _ in 0..<8 { state = state & 1 != 0 ? state >> 1 ^ 0x82F6_3B78 : state >> 1 }
        }
        return ~state
    }

    private static func check(_ bytes: [UInt8]) -> UInt32 {
        var checksum = Checksum()
        checksum.add(bytes.span, 0..<bytes.count)
        return checksum.value
    }

    @Test func theKnownTextHasTheKnownCheck() {
        #expect(Self.check(Array("123456789".utf8)) == 0xE306_9283)
        #expect(Self.check([]) == 0)
    }

    @Test func theTableIsThatOfThePolynomial() {
        for i in 0..<256 {
            var remainder = UInt32(i)
            for _ in 0..<8 {
                remainder = remainder & 1 != 0 ? remainder >> 1 ^ 0x82F6_3B78 : remainder >> 1
            }
            #expect(Checksum.table[i] == remainder)
        }
    }

    @Test(arguments: Seeds.from(1, count: 20)) func theCheckIsThatOfSingleBits(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let bytes = (0..<random.below(300)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        #expect(Self.check(bytes) == Self.bitwise(bytes))
        let half = bytes.count / 2
        var checksum = Checksum()
        checksum.add(bytes.span, 0..<half)
        checksum.add(bytes.span, half..<bytes.count)
        #expect(checksum.value == Self.bitwise(bytes))
    }

    @Test func wordsAreAddedLowByteFirst() {
        var checksum = Checksum()
        checksum.add(0x0403_0201 as UInt32)
        #expect(checksum.value == Self.bitwise([1, 2, 3, 4]))
    }

    @Test func theDigestDependsOnTheOrder() {
        var (a, b) = (Digest(), Digest())
        a.mix(1)
        a.mix(2)
        b.mix(2)
        b.mix(1)
        #expect(a.value != b.value)
        #expect(Digest().value == 0)
    }
}
