// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import TestSupport
import Testing

@Suite struct ContainerTests {
    /// A file of a table and `groups` groups of `frames` frames, and where its records begin.
    private struct Example {
        var bytes: [UInt8] = []
        /// The offset of each record, and whether it needs no other.
        var records: [(offset: Int, isKey: Bool)] = []
        var totals = ContainerTotals()

        init(groups: Int = 3, frames: Int = 4, seed: UInt64 = 5, hasEnd: Bool = true) throws {
            var generator = SeededGenerator(seed: seed)
            var writer = ContainerWriter()
            writer.begin(ContainerHeader(timeUnit: .milliseconds), into: &bytes)
            let table = try ChannelTable([Channel(name: [97]), Channel(name: [98])])
            let stream = StreamHead(id: StreamID(random: seed), tableID: table.id)
            var frame: [UInt8] = []
            ChannelTableFrame(stream: stream.id, table: table).append(to: &frame)
            records.append((bytes.count, true))
            writer.append(frame.span, readings: 0, into: &bytes)
            var encoder = FrameEncoder(stream: stream, channels: 2)
            var window = ReadingWindow()
            for i in 0..<(groups * frames) {
                for k in 0..<12 {
                    _ = window.append(
                        Reading(
                            sensor: k % 2, time: Int64(i * 12 + k) * 1_000_000,
                            value: Double(generator.below(1000)) / 100))
                }
                frame.removeAll()
                let isKey = i % frames == 0
                let summary = try encoder.encode(
                    &window, as: isKey ? .key(group: UInt32(7 + i / frames)) : .chained,
                    into: &frame)
                records.append((bytes.count, isKey))
                writer.append(frame.span, readings: summary.readings, into: &bytes)
            }
            if hasEnd { writer.end(into: &bytes) }
            totals = writer.totals
        }
    }

    /// All events but `needsBytes`, from pieces of `pieceBytes`; every frame is decoded.
    private func events(of bytes: [UInt8], pieceBytes: Int = .max) -> [ContainerEvent] {
        var reader = ContainerReader()
        var decoder = FrameDecoder()
        var batch = ReadingBatch()
        var given = 0
        var events: [ContainerEvent] = []
        while true {
            let event = reader.next()
            switch event {
            case .needsBytes:
                let count = min(pieceBytes, bytes.count - given)
                if count == 0 { reader.finish() }
                reader.append(bytes.span.extracting(given..<(given + count)))
                given += count
                continue
            case .record(let record):
                let buffer = reader.buffer
                let frame = buffer.span.extracting(record.bytes)
                if ExtendedFrame.begins(frame) {
                    if (try? ChannelTableFrame(frame)) == nil {
                        reader.reject()
                        events.append(.damage(.badCheck(at: record.offset)))
                        continue
                    }
                } else {
                    let outcome = try? decoder.decode(frame, into: &batch)
                    guard case .decoded = outcome else {
                        reader.reject()
                        decoder.reset()
                        events.append(.damage(.badCheck(at: record.offset)))
                        continue
                    }
                }
            case .header: decoder.reset()
            case .end, .damage, .resumed, .finished: break
            }
            events.append(event)
            if event == .finished { return events }
        }
    }

    private func recordOffsets(_ events: [ContainerEvent]) -> [Int] {
        events.compactMap { if case .record(let record) = $0 { record.offset } else { nil } }
    }

    @Test(arguments: [1, 2, 7, 64, 100_000])
    func fileComesApartInPiecesOfAnySize(pieceBytes: Int) throws {
        let example = try Example()
        let events = events(of: example.bytes, pieceBytes: pieceBytes)
        #expect(events.first == .header(ContainerHeader(timeUnit: .milliseconds)))
        #expect(recordOffsets(events) == example.records.map(\.offset))
        #expect(events.suffix(2) == [.end(example.totals), .finished])
        #expect(example.totals == ContainerTotals(frames: 13, readings: 144))
    }

    @Test func headerAndEndAreThoseOfTheFormat() throws {
        var bytes: [UInt8] = []
        var writer = ContainerWriter()
        writer.begin(ContainerHeader(timeUnit: .microseconds), into: &bytes)
        writer.end(into: &bytes)
        #expect(bytes.prefix(12) == [0x89, 0x41, 0x4C, 0x45, 0x43, 0x0A, 1, 1, 0, 0, 0, 0])
        #expect(bytes[16..<19] == [0, 0, 0])
        #expect(bytes.count == 23 && writer.framingBytes == 23)
        #expect(
            events(of: bytes) == [
                .header(ContainerHeader(timeUnit: .microseconds)), .end(ContainerTotals()),
                .finished,
            ])
    }

    @Test func filesMayBeJoined() throws {
        let first = try Example(seed: 1)
        let second = try Example(groups: 1, seed: 2)
        let events = events(of: first.bytes + second.bytes)
        #expect(recordOffsets(events).count == 13 + 5)
        #expect(events.filter { if case .end = $0 { true } else { false } }.count == 2)
        #expect(!events.contains { if case .damage = $0 { true } else { false } })
    }

    @Test func everyFlippedBitIsToldOrHarmless() throws {
        let example = try Example(groups: 2, frames: 2)
        for bit in (8 * ContainerHeader.byteCount)..<(8 * example.bytes.count) {
            var bytes = example.bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let events = events(of: bytes, pieceBytes: 50)
            let isTold =
                events.contains { if case .damage = $0 { true } else { false } }
                || recordOffsets(events) != example.records.map(\.offset)
            #expect(isTold, "bit \(bit)")
            // Whole groups behind the damage are all there.
            let next = example.records.first { $0.isKey && $0.offset > bit / 8 }
            if let next {
                let rest = example.records.map(\.offset).filter { $0 >= next.offset }
                #expect(recordOffsets(events).suffix(rest.count) == rest, "bit \(bit)")
            }
        }
    }

    @Test func everyCutIsTold() throws {
        let example = try Example(groups: 1, frames: 2)
        for count in 0..<example.bytes.count {
            let events = events(of: Array(example.bytes.prefix(count)))
            #expect(events.contains { if case .damage = $0 { true } else { false } }, "\(count)")
            let whole = example.records.indices.filter { i in
                let end = i + 1 < example.records.count ? example.records[i + 1].offset : Int.max
                return end <= count
            }
            #expect(recordOffsets(events).count >= whole.count, "\(count)")
        }
    }

    @Test func lostBytesCostTheRestOfTheirGroupOnly() throws {
        let example = try Example()
        // From the middle of the second frame of the first group.
        var bytes = example.bytes
        bytes.removeSubrange((example.records[2].offset + 5)..<(example.records[2].offset + 9))
        let events = events(of: bytes)
        let kept = example.records.map(\.offset)
        #expect(recordOffsets(events) == kept[0..<2] + kept[5...].map { $0 - 4 })
        #expect(events.contains { if case .resumed = $0 { true } else { false } })
        #expect(events.suffix(2) == [.end(example.totals), .finished])
    }

    @Test func headerBehindLostEndIsFound() throws {
        let first = try Example(groups: 1, hasEnd: false)
        let second = try Example(groups: 1, seed: 9)
        let events = events(of: first.bytes + second.bytes)
        #expect(recordOffsets(events).count == 10)
        #expect(events.filter { if case .header = $0 { true } else { false } }.count == 2)
    }

    static let refused: [([UInt8], DecodeError)] = [
        ([], .truncated(at: 0)),
        ([0x89, 0x41], .truncated(at: 2)),
        (Array("time_ms,a\n1,2\n".utf8), .malformed(.fileMark, at: 0)),
        ([0x89, 0x41, 0x4C, 0x45, 0x43, 0x0D], .malformed(.fileMark, at: 5)),
        ([0x89, 0x41, 0x4C, 0x45, 0x43, 0x0A, 2, 0, 0], .unsupported(.fileVersion(2), at: 6)),
        ([0x89, 0x41, 0x4C, 0x45, 0x43, 0x0A, 1, 0, 0], .truncated(at: 9)),
    ]

    @Test(arguments: refused)
    func fileWithoutHeaderIsRefusedAsAWhole(bytes: [UInt8], error: DecodeError) {
        #expect(events(of: bytes) == [.damage(error), .finished])
    }

    static let forgedHeaders: [([UInt8], DecodeError)] = [
        ([1, 4, 0, 0, 0, 0], .unsupported(.timeUnit(4), at: 7)),
        ([1, 0, 0, 0, 1, 0], .unsupported(.preload, at: 8)),
    ]

    @Test(arguments: forgedHeaders)
    func headerOfALaterKindIsRefused(fields: [UInt8], error: DecodeError) {
        var bytes: [UInt8] = [0x89, 0x41, 0x4C, 0x45, 0x43, 0x0A] + fields
        var checksum = Checksum()
        for byte in bytes { checksum.add(byte) }
        for i in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: checksum.value >> UInt32(8 * i))) }
        #expect(events(of: bytes) == [.damage(error), .finished])
        bytes[13] ^= 1
        #expect(events(of: bytes) == [.damage(.badCheck(at: 12)), .finished])
    }

    @Test func senselessLengthIsDamage() throws {
        var bytes: [UInt8] = []
        ContainerHeader(timeUnit: .seconds).append(to: &bytes)
        let events = events(of: bytes + [0xFF, 0xFF, 0xFF, 0x7F, 1, 2, 3])
        #expect(events.suffix(2) == [.damage(.malformed(.recordLength, at: 16)), .finished])
    }

    @Test func searchTakesNoMoreMemoryThanAFrame() throws {
        var reader = ContainerReader()
        var header: [UInt8] = []
        ContainerHeader(timeUnit: .seconds).append(to: &header)
        reader.append(header.span)
        _ = reader.next()
        // Looks like a key frame of 1 MiB at every second byte.
        var chunk: [UInt8] = []
        while chunk.count < 60_000 { chunk += [0x80, 0x80, 0x40, 0x41, 0x00, 0x00, 1, 2, 3, 4] }
        reader.append([0xFF, 0xFF, 0xFF, 0x7F].span)
        #expect(reader.next() == .damage(.malformed(.recordLength, at: 16)))
        for _ in 0..<30 {
            reader.append(chunk.span)
            #expect(reader.next() == .needsBytes)
            #expect(reader.buffer.count < 1 << 20 + 100_000)
        }
    }

    @Test(arguments: Seeds.from(1, count: 100))
    func randomBytesNeverTrap(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var bytes = try Example(groups: 2, frames: 2, seed: seed).bytes
        for _ in 0..<generator.pick(1...5) {
            let at = generator.below(bytes.count - 16) + 16
            switch generator.below(3) {
            case 0: bytes[at] = UInt8(generator.below(256))
            case 1: bytes.insert(UInt8(generator.below(256)), at: at)
            default: bytes.removeSubrange(at..<min(bytes.count, at + generator.pick(1...9)))
            }
        }
        let pieces = generator.pick(1...100)
        #expect(events(of: bytes, pieceBytes: pieces).last == .finished, "seed \(seed)")
    }

    @Test func windowComesApartInHalves() throws {
        var window = ReadingWindow()
        for i in 0..<5 {
            _ = window.append(
                Reading(sensor: i, time: 2_000, value: 0),
                annotation: i == 3 ? Annotation(quality: .bad) : .none)
        }
        #expect(window.hasTimes(inMultiplesOf: 1_000) && !window.hasTimes(inMultiplesOf: 3_000))
        let (first, second) = window.halves()
        #expect(first.count == 2 && second.count == 3)
    }
}
