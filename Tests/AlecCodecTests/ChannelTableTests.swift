// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import AlecCodec

@Suite struct ChannelTableTests {
    private static let stream = StreamID(random: 0x12_3456_789A)

    private static func table(_ names: String...) throws -> ChannelTable {
        try ChannelTable(names.map { Channel(name: Array($0.utf8)) })
    }

    private static var full: [Channel] {
        var mean = Channel(name: Array("temp.mean".utf8))
        mean.unit = Array("°C".utf8)
        mean.aggregate = Channel.Aggregate(of: 1, function: .mean)
        mean.expectedPeriod = .max
        mean.maximumError = 0.05
        var counter = Channel(name: Array(String(repeating: "n", count: 64).utf8))
        counter.kind = .counter
        counter.expectedPeriod = 1
        var state = Channel(name: Array("Tür 🚪".utf8))
        state.kind = .state
        return [mean, counter, state]
    }

    private static func bytes(_ table: ChannelTable) -> [UInt8] {
        var bytes: [UInt8] = []
        ChannelTableFrame(stream: stream, nodeHash: 0xAABB_CCDD, table: table).append(to: &bytes)
        return bytes
    }

    /// A frame around any content, with a check that holds.
    private static func forged(_ content: [UInt8]) -> [UInt8] {
        ForgedFrame.extended([0xC1, 0x01, 1, 2, 3, 4, 5, 0, 0, 0, 0] + content)
    }

    private static func refusal(
        of bytes: [UInt8], limits: DecoderLimits = DecoderLimits()
    ) -> DecodeError? {
        do throws(DecodeError) {
            _ = try ChannelTableFrame(bytes.span, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test func everyFieldComesBack() throws {
        let table = try ChannelTable(Self.full)
        let frame = try ChannelTableFrame(Self.bytes(table).span)
        #expect(frame.table == table)
        #expect(frame.table.entries == Self.full)
        #expect(frame.stream == Self.stream)
        #expect(frame.nodeHash == 0xAABB_CCDD)
    }

    @Test func bytesAreThoseOfTheFormat() throws {
        let bytes = Self.bytes(try Self.table("a"))
        #expect(
            bytes.prefix(15) == [
                0xC1, 0x01, 0x9A, 0x78, 0x56, 0x34, 0x12, 0xDD, 0xCC, 0xBB, 0xAA, 1, 0, 1, 0x61,
            ])
        #expect(bytes.count == 19)
    }

    @Test func idIsTheCheckOfTheContent() throws {
        let table = try Self.table("a")
        var checksum = Checksum()
        for byte: UInt8 in [1, 0, 1, 0x61] { checksum.add(byte) }
        #expect(table.id == checksum.value)
        #expect(try Self.table("b").id != table.id)
    }

    @Test func largestTableIsAFrame() throws {
        let entries = (0..<ChannelTable.entryLimit).map { i in
            Channel(name: Array((String(i) + String(repeating: "x", count: 60)).utf8))
        }
        let table = try ChannelTable(entries)
        #expect(try ChannelTableFrame(Self.bytes(table).span).table == table)
        let few = DecoderLimits(channels: 4095)
        #expect(Self.refusal(of: Self.bytes(table), limits: few) == .limit(.channels(4096), at: 11))
    }

    @Test func everyFlipAndEveryPrefixIsRefused() throws {
        let bytes = Self.bytes(try ChannelTable(Self.full))
        for bit in 0..<(8 * bytes.count) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(Self.refusal(of: flipped) != nil, "bit \(bit)")
        }
        for count in bytes.indices {
            #expect(Self.refusal(of: Array(bytes.prefix(count))) != nil, "prefix \(count)")
        }
    }

    static let refused: [([UInt8], DecodeError)] = [
        ([0], .malformed(.tableEntry, at: 11)),
        ([0x81, 0x20], .malformed(.tableEntry, at: 11)),
        ([1, 0x40, 1, 0x61], .unsupported(.reservedBits, at: 12)),
        ([1, 0x80, 1, 0x61], .unsupported(.reservedBits, at: 12)),
        ([1, 0x30, 1, 0x61], .malformed(.tableEntry, at: 12)),
        ([1, 0, 0], .malformed(.tableName, at: 13)),
        ([1, 0, 65], .malformed(.tableName, at: 13)),
        ([1, 0, 1, 0x1F], .malformed(.tableName, at: 12)),
        ([1, 0, 1, 0x7F], .malformed(.tableName, at: 12)),
        ([1, 0, 1, 0xFF], .malformed(.tableName, at: 12)),
        ([1, 0, 2, 0xC0, 0x80], .malformed(.tableName, at: 12)),
        ([1, 0, 3, 0xED, 0xA0, 0x80], .malformed(.tableName, at: 12)),
        ([1, 0, 2, 0xE2, 0x82], .malformed(.tableName, at: 12)),
        ([1, 0, 4, 0xF4, 0x90, 0x80, 0x80], .malformed(.tableName, at: 12)),
        ([2, 0, 1, 0x61, 0, 1, 0x61], .malformed(.tableName, at: 15)),
        ([1, 1, 1, 0x61, 0], .malformed(.tableText, at: 15)),
        ([1, 1, 1, 0x61, 33], .malformed(.tableText, at: 15)),
        ([1, 1, 1, 0x61, 1, 0x0A], .malformed(.tableText, at: 12)),
        ([1, 2, 1, 0x61, 0, 0], .malformed(.tableEntry, at: 12)),
        ([1, 2, 1, 0x61, 1, 0], .malformed(.tableEntry, at: 12)),
        ([2, 2, 1, 0x61, 1, 4, 0, 1, 0x62], .malformed(.tableEntry, at: 16)),
        ([1, 4, 1, 0x61, 0], .malformed(.tableEntry, at: 12)),
        (
            [1, 4, 1, 0x61] + [UInt8](repeating: 0xFF, count: 9) + [1],
            .malformed(.varint, at: 15)
        ),
        ([1, 8, 1, 0x61] + [UInt8](repeating: 0, count: 8), .malformed(.tableEntry, at: 12)),
        ([1, 8, 1, 0x61, 0, 0, 0, 0, 0, 0, 0xF0, 0x7F], .malformed(.tableEntry, at: 12)),
        ([1, 8, 1, 0x61, 0, 0, 0, 0, 0, 0, 0xF0, 0xBF], .malformed(.tableEntry, at: 12)),
        ([1, 0, 2, 0x61], .malformed(.tableEntry, at: 15)),
        ([2, 0, 1, 0x61], .malformed(.tableEntry, at: 15)),
        ([1, 0, 1, 0x61, 0], .malformed(.trailingBytes, at: 15)),
    ]

    @Test(arguments: refused)
    func contentThatNoEncoderWritesIsRefused(content: [UInt8], error: DecodeError) {
        #expect(Self.refusal(of: Self.forged(content)) == error)
    }

    /// Bytes that a test's description does not spell out: there may be a million of them.
    struct Refused: CustomTestStringConvertible, Sendable {
        var bytes: [UInt8]
        var error: DecodeError
        var testDescription: String { "\(bytes.count) bytes: \(error)" }

        init(_ bytes: [UInt8], _ error: DecodeError) {
            self.bytes = bytes
            self.error = error
        }
    }

    static let refusedFrames = [
        Refused([], .truncated(at: 0)),
        Refused([0xC1], .truncated(at: 1)),
        Refused([0x41, 1, 0, 0, 0, 0, 0], .malformed(.tableEntry, at: 0)),
        Refused([0xC0, 1, 0, 0, 0, 0], .badCheck(at: 2)),
        Refused(ForgedFrame.extended([0xC0, 1]), .unsupported(.extendedFrame(0xC0), at: 0)),
        Refused(ForgedFrame.extended([0xE1, 1, 9]), .unsupported(.extendedFrame(0xE1), at: 0)),
        Refused(ForgedFrame.extended([0xC1, 2]), .unsupported(.extendedFrame(2), at: 1)),
        Refused([0xC1, 1] + [UInt8](repeating: 0, count: 3), .truncated(at: 5)),
        Refused([0xC1, 1] + [UInt8](repeating: 0, count: 13), .badCheck(at: 11)),
        Refused(ForgedFrame.extended([0xC1, 1, 2, 3]), .malformed(.tableEntry, at: 2)),
        Refused(
            ForgedFrame.extended([0xC1, 1] + [UInt8](repeating: 0, count: 8)),
            .malformed(.tableEntry, at: 7)),
        Refused(
            ForgedFrame.extended([0xC1, 1] + [UInt8](repeating: 0, count: 9)),
            .malformed(.tableEntry, at: 11)),
        Refused(
            [0xC1, 1] + [UInt8](repeating: 0, count: 1 << 20),
            .limit(.frameBytes(1 << 20 + 2), at: 0)),
    ]

    @Test(arguments: refusedFrames)
    func framesThatAreNoTablesAreRefused(refused: Refused) {
        #expect(Self.refusal(of: refused.bytes) == refused.error)
    }

    @Test func entriesAreLookedAtBeforeTheyAreATable() {
        func fault(_ change: (inout [Channel]) -> Void) -> ChannelTableError? {
            var entries = Self.full
            change(&entries)
            do throws(ChannelTableError) {
                _ = try ChannelTable(entries)
                return nil
            } catch {
                return error
            }
        }
        #expect(fault { _ in } == nil)
        #expect(fault { $0 = [] } == .count(0))
        #expect(fault { $0[2].name = [] } == .name(entry: 2))
        #expect(fault { $0[2].name = $0[0].name } == .duplicateName(entry: 2))
        #expect(fault { $0[1].unit = [UInt8](repeating: 97, count: 33) } == .unit(entry: 1))
        #expect(fault { $0[0].aggregate?.sensor = 3 } == .aggregate(entry: 0))
        #expect(fault { $0[0].aggregate?.sensor = -1 } == .aggregate(entry: 0))
        #expect(fault { $0[1].expectedPeriod = 0 } == .period(entry: 1))
        #expect(fault { $0[0].maximumError = .nan } == .maximumError(entry: 0))
    }

    @Test(arguments: Seeds.from(1, count: 200))
    func randomContentNeverTraps(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var content: [UInt8] = [UInt8(generator.pick(1...3))]
        for _ in 0..<generator.below(60) {
            content.append(UInt8(generator.below(256) >> generator.below(8)))
        }
        _ = Self.refusal(of: Self.forged(content))
    }
}
