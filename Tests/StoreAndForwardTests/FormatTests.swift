// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import StoreAndForward
import TestSupport
import Testing

/// The bytes of SpoolFormat.md, and what opening makes of any others.
@Suite struct FormatTests {
    let disk = SimulatedDisk()

    func open() throws(SpoolError) -> Spool<SimulatedStorage> {
        try Spool(SimulatedStorage(disk: disk), SpoolTests.settings)
    }

    private func check(_ bytes: ArraySlice<UInt8>, place: [UInt8] = []) -> [UInt8] {
        var check = Checksum()
        for byte in place + bytes { check.add(byte) }
        return (0..<4).map { UInt8(truncatingIfNeeded: check.value >> UInt32(8 * $0)) }
    }

    @Test func checkIsTheOneOfThePage() {
        #expect(check(Array("123456789".utf8)[...]) == [0x83, 0x92, 0x06, 0xE3])
    }

    @Test func bytesAreThoseOfThePage() throws {
        var spool = try open()
        var frame = SpoolFrame(0x0102_0304, 5, lane: .deferred, sid: 0x0A0B_0C0D_0E)
        frame.bytes = [1, 2, 3]
        var header = frame.header
        header.prefix = [0x61, 0x2F]
        _ = try spool.append(header, frame.bytes.span, isKey: true)
        _ = try spool.acknowledge(frame.group)
        let bytes = try #require(disk.bytes(of: 1))

        var segment: [UInt8] = Array("ALECSEG\n".utf8) + [1, 0, 24, 0, 1, 0, 0, 0, 0, 0, 0, 0]
        segment += check(segment[...])
        #expect(Array(bytes[..<24]) == segment)

        let identity: [UInt8] = [0x0E, 0x0D, 0x0C, 0x0B, 0x0A, 4, 3, 2, 1]
        var record: [UInt8] = [0xC5, 0x4C, 0x52, 0x1A, 78, 0, 0, 0, 1, 1, 2, 2]
        record += identity + [5, 0, 0, 0, 15, 0, 0, 0]
        record += [0, 0, 0, 0, 1, 0, 0, 0, 14, 0, 0, 0] + [UInt8](repeating: 0, count: 8)
        record += [0xFB, 255, 255, 255, 255, 255, 255, 255]
        record += [255, 255, 255, 255, 255, 255, 255, 0x7F, 0x61, 0x2F]
        record += check(record[...], place: [24, 0, 0, 0, 1, 0, 0, 0])
        record += [1, 2, 3]
        record += check(record[...], place: [24, 0, 0, 0, 1, 0, 0, 0])
        #expect(record.count == 78)
        #expect(Array(bytes[24..<102]) == record)

        record = [0xC5, 0x4C, 0x52, 0x1A, 73, 0, 0, 0, 3, 0, 2, 0] + identity
        record += [UInt8](repeating: 0, count: 44)
        record += check(record[...], place: [102, 0, 0, 0, 1, 0, 0, 0])
        record += check(record[...], place: [102, 0, 0, 0, 1, 0, 0, 0])
        #expect(Array(bytes[102...]) == record)
    }

    @Test(arguments: [
        ("0000000001.seg", 1 as UInt32?), ("4294967295.seg", 4_294_967_295),
        ("4294967296.seg", nil), ("0000000000.seg", nil), ("000000001.seg", nil),
        ("00000000001.seg", nil), ("+000000001.seg", nil), ("0000000001.tmp", nil), (".", nil),
    ])
    func namesAreTenDigits(_ name: String, _ number: UInt32?) {
        #expect(SegmentName.number(in: name) == number)
        if let number { #expect(SegmentName.name(of: number) == name) }
    }

    @Test func newerVersionRefusesTheSpoolAndChangesNothing() throws {
        var spool = try open()
        try spool.append(SpoolFrame(1, 0))
        var bytes = try #require(disk.bytes(of: 1))
        bytes[8] = 2
        bytes.replaceSubrange(20..<24, with: check(bytes[..<20]))
        bytes += [1, 2, 3]
        disk.put(bytes, in: 1)
        #expect(throws: SpoolError.unsupportedVersion(2, segment: 1)) { _ = try open() }
        #expect(disk.bytes(of: 1) == bytes)
    }

    @Test func lastNumberIsTheEndAndNoTrap() throws {
        disk.put([], in: .max)
        var spool = try open()
        #expect(throws: SpoolError.noSpace) { try spool.append(SpoolFrame(1, 0)) }
    }

    @Test func recordInsideAFrameIsNoRecord() throws {
        var spool = try open()
        try spool.append(SpoolFrame(1, 0))
        var trap = SpoolFrame(2, 0)
        trap.bytes = try #require(disk.bytes(of: 1))
        try spool.append(trap)
        try spool.append(SpoolFrame(3, 0))
        var bytes = try #require(disk.bytes(of: 1))
        // The head of the frame around it is damaged, so that its inside is searched.
        bytes[24 + 105 + 20] ^= 1
        disk.put(bytes, in: 1)
        var again = try open()
        let frames = try again.frames()
        #expect(frames == [SpoolFrame(1, 0), SpoolFrame(3, 0)])
        #expect(again.recovery.badRecords == 1)
        #expect(again.recovery.badBytes == trap.bytes.count + 85)
        #expect(again.recovery.tornBytes == 0)
    }

    @Test func renamedSegmentHasNoRecords() throws {
        var spool = try open()
        try spool.append(SpoolFrame(1, 0))
        disk.put(try #require(disk.bytes(of: 1)), in: 2)
        let again = try open()
        #expect(again.recovery.pendingFrames == 1)
    }

    /// Some frames, an acknowledgement and a table in one segment.
    private func sample() throws -> (bytes: [UInt8], frames: [SpoolFrame]) {
        var spool = try open()
        var frames = (0..<5 as Range<UInt32>).map { SpoolFrame(1, $0) }
        spool.setTable(SpoolFrame.table(9), [1, 2, 3])
        for frame in frames { try spool.append(frame) }
        _ = try spool.acknowledge(frames[0].group)
        frames.append(SpoolFrame(2, 0))
        try spool.append(frames[5])
        return (try #require(disk.bytes(of: 1)), frames)
    }

    @Test func everyPrefixGivesTheRecordsInIt() throws {
        let (bytes, frames) = try sample()
        for count in 0...bytes.count {
            let disk = SimulatedDisk()
            disk.put(Array(bytes[..<count]), in: 1)
            var spool = try Spool(SimulatedStorage(disk: disk), SpoolTests.settings)
            let found = try spool.frames(includingHistory: true)
            #expect(found == Array(frames.prefix(found.count)), "prefix of \(count)")
            #expect(found.count >= (count - 24 - 76 - 73) / 105, "prefix of \(count)")
            #expect(spool.recovery.badRecords == 0)
            // The torn tail is gone, and the spool goes on behind.
            #expect(disk.bytes(of: 1)?.count == count - spool.recovery.tornBytes)
            try spool.append(SpoolFrame(3, 0))
            let after = try spool.frames(includingHistory: true)
            #expect(after == found + [SpoolFrame(3, 0)])
        }
    }

    @Test func everyFlippedBitCostsAtMostOneRecord() throws {
        let (bytes, frames) = try sample()
        for bit in 0..<8 * bytes.count {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            disk.put(flipped, in: 1)
            let spool = try open()
            let lost = frames.count + 2 - spool.recovery.records
            #expect(lost == (bit < 8 * 24 ? 0 : 1), "bit \(bit)")
            let damage = spool.recovery.badRecords + (spool.recovery.tornBytes > 0 ? 1 : 0)
            #expect(damage == 1, "bit \(bit)")
        }
    }

    @Test(arguments: Seeds.from(1, count: 40))
    func anyBytesOpen(seed: UInt64) throws {
        let (bytes, _) = try sample()
        var generator = SeededGenerator(seed: seed)
        var mixed: [UInt8] = []
        for _ in 0..<generator.below(20) {
            let start = generator.below(bytes.count)
            let piece = bytes[start..<min(bytes.count, start + generator.below(200))]
            mixed += generator.once(in: 3) ? piece.map { $0 ^ 0x40 } : Array(piece)
            // Many marks in a row cost no more than other bytes.
            if generator.once(in: 4) { mixed += [0xC5, 0x4C, 0x52, 0x1A] }
        }
        if generator.once(in: 2) { mixed = Array(bytes[..<24]) + mixed }
        disk.put(mixed, in: 1)
        var spool = try open()
        try spool.append(SpoolFrame(9, 0))
        let frames = try spool.frames(includingHistory: true)
        #expect(frames.last == SpoolFrame(9, 0), "seed \(seed)")
    }
}
