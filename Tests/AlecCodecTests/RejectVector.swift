// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

@testable import AlecCodec

/// A frame that must be refused, the frames that a decoder takes before it, and the answer.
struct RejectCase: Codable, Equatable {
    var name: String
    var before: [String]
    var frame: String
    var answer: String

    init(_ name: String, _ answer: String, _ frame: [UInt8], before: [[UInt8]] = []) {
        self.name = name
        self.answer = answer
        self.frame = Hexadecimal.text(frame)
        self.before = before.map(Hexadecimal.text)
    }
}

/// Cases that belong together; a file of `Vectors/v1/must-reject`.
struct RejectVector: Codable, Equatable {
    var name: String
    var about: String
    /// The most channels that the decoder takes.
    var channels: Int
    var cases: [RejectCase]
}

extension RejectVector {
    static let folder = GoldenVector.folder.appending(path: "must-reject")

    static func all() throws -> [RejectVector] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
            try JSONDecoder().decode(
                RejectVector.self, from: Data(contentsOf: folder.appending(path: $0)))
        }
    }

    static func makeAll() throws -> [RejectVector] {
        [
            RejectVector(
                name: "heads", about: "heads that are short, malformed or of another version",
                channels: 64, cases: try heads()),
            RejectVector(
                name: "order", about: "frames that do not follow the one before",
                channels: 64, cases: try order()),
            RejectVector(
                name: "layouts", about: "payloads with a repaired check and a malformed layout",
                channels: 64, cases: layouts()),
            RejectVector(
                name: "bodies",
                about: "payloads with a repaired check, malformed behind the layout",
                channels: 64, cases: try parameters() + values() + annotations()),
        ]
    }

    /// A group of three good frames of one channel.
    private static func goodFrames() throws -> [[UInt8]] {
        var encoder = FrameEncoder(stream: ForgedFrame.key.stream, channels: 1)
        return try (0..<3).map { i in
            var window = ReadingWindow([
                TrafficColumn(
                    sensor: 0, times: [1_767_225_600_000_000_000 + Int64(i) * 1_000_000_000],
                    values: [20.5 + Double(i) / 10])
            ])
            var frame: [UInt8] = []
            _ = try encoder.encode(&window, as: i == 0 ? .key(group: 5) : .chained, into: &frame)
            return frame
        }
    }

    private static func forged(
        _ payload: [UInt8], isAnnotated: Bool = false
    ) -> [UInt8] {
        ForgedFrame.frame(
            group: 9, index: 0, key: ForgedFrame.key, isAnnotated: isAnnotated, payload: payload)
    }
}

// MARK: - Heads

extension RejectVector {
    private static func heads() throws -> [RejectCase] {
        let good = try goodFrames()
        let key = good[0]
        // byte 0, group, index, then five bytes of stream id.
        let laneAt = 8
        func changed(_ at: Int, _ byte: UInt8, _ frame: [UInt8]? = nil) -> [UInt8] {
            var frame = frame ?? key
            frame[at] = byte
            return frame
        }
        func group(_ bytes: [UInt8]) -> [UInt8] { [key[0]] + bytes + key.dropFirst(2) }
        var cases = [
            RejectCase("no byte", "truncated", []),
            RejectCase("byte 0 alone", "truncated", [key[0]]),
            RejectCase("half a check", "truncated", Array(key[..<(laneAt + 12)])),
            RejectCase("a flipped bit", "badCheck", changed(key.count - 1, key[key.count - 1] ^ 1)),
            RejectCase("the last byte missing", "badCheck", Array(key.dropLast())),
            RejectCase("a byte more", "badCheck", key + [0]),
            RejectCase("anchored", "unsupported.anchoredFrame", changed(0, 0x81)),
            RejectCase("compact", "unsupported.compactIntegrity", changed(0, 0x61)),
            RejectCase("anchor mark", "unsupported.anchorMark", changed(0, 0x51)),
            RejectCase("extended by a flipped bit", "badCheck", changed(0, 0xC1)),
            RejectCase(
                "extended, of another kind", "unsupported.extendedFrame",
                ForgedFrame.extended([0xC1, 2, 3])),
            RejectCase(
                "extended, of another type", "unsupported.extendedFrame",
                ForgedFrame.extended([0xE2, 1])),
            RejectCase("extended, five bytes", "truncated", [0xC1, 2, 0, 0, 0]),
            RejectCase("preload", "unsupported.preload", changed(laneAt, 0x2C)),
            RejectCase(
                "reserved bit of the lane", "unsupported.reservedBits", changed(laneAt, 0x4C)),
            RejectCase("lane 3", "malformed.lane", changed(laneAt, 0x0F)),
            RejectCase("padded group", "malformed.varint", group([0x85, 0])),
            RejectCase(
                "group of 2^32", "malformed.varint", group([0x80, 0x80, 0x80, 0x80, 0x10])),
            RejectCase(
                "group of six bytes", "malformed.varint",
                group([0x80, 0x80, 0x80, 0x80, 0x80, 0x01])),
            RejectCase(
                "group that ends nowhere", "malformed.varint",
                [key[0], 0x80, 0x80, 0x80, 0x80, 0x80]),
            RejectCase(
                "group that is cut short", "truncated", [key[0], 0x80, 0x80, 0x80, 0x80]),
            RejectCase("key frame with an index", "malformed.index", changed(2, 1)),
            RejectCase("chained frame without one", "malformed.index", changed(2, 0, good[1])),
            RejectCase(
                "index of 16384", "malformed.index",
                Array(good[1][..<2]) + [0x80, 0x80, 0x01] + good[1].dropFirst(3)),
        ]
        for profile: UInt8 in [0, 2, 3, 4, 5, 6, 7] {
            cases.append(
                RejectCase(
                    "profile \(profile)", "unsupported.profile", changed(0, 0x40 | profile)))
        }
        for priority: UInt8 in [0, 6, 7] {
            cases.append(
                RejectCase(
                    "priority \(priority)", "malformed.basePriority",
                    changed(laneAt, priority << 2)))
        }
        let farLast =
            Array(key[..<(laneAt + 9)]) + [1, 0x80, 0x80, 0x01] + key.dropFirst(laneAt + 10)
        cases.append(RejectCase("last index of 16384", "malformed.varint", farLast))
        return cases
    }

    private static func order() throws -> [RejectCase] {
        let good = try goodFrames()
        var renumbered = good[2]
        renumbered[2] = 1
        var otherGroup = good[1]
        otherGroup[1] = 6
        let tooMany = forged(ForgedPayload(channels: 0).bytes())
        return [
            RejectCase("no key frame before", "needsKey", good[1]),
            RejectCase("a gap", "needsKey", good[2], before: [good[0]]),
            RejectCase("another group", "needsKey", otherGroup, before: [good[0]]),
            RejectCase("chained frame twice", "duplicate", good[1], before: [good[0], good[1]]),
            RejectCase("an earlier one", "duplicate", good[1], before: good),
            RejectCase("key frame twice", "duplicate", good[0], before: [good[0]]),
            RejectCase("key frame again, later", "duplicate", good[0], before: good),
            RejectCase("with another's index", "badCheck", renumbered, before: [good[0]]),
            RejectCase(
                "after a malformed frame", "needsKey", good[1], before: [good[0], tooMany]),
            try chained(in: .alert, good), try chained(in: .deferred, good),
        ]
    }

    /// The first two good frames as those of another lane; nothing else is wrong with them.
    private static func chained(in lane: Lane, _ good: [[UInt8]]) throws -> RejectCase {
        func payload(_ frame: [UInt8]) throws -> [UInt8] {
            Array(frame[try FrameHead(frame.span).byteCount...])
        }
        var stream = ForgedFrame.key.stream
        stream.lane = lane
        let key = ForgedFrame.frame(
            group: 5, index: 0, key: KeyHead(stream: stream, predecessor: nil),
            payload: try payload(good[0]))
        var decoder = FrameDecoder()
        _ = Refusal.of(key, by: &decoder)
        let next = ForgedFrame.frame(
            group: 5, index: 1, key: nil, link: decoder.context.link,
            payload: try payload(good[1]))
        return RejectCase("chained in lane \(lane)", "needsKey", next, before: [key])
    }
}

// MARK: - Payloads

extension RejectVector {
    private static func layouts() -> [RejectCase] {
        func one(
            _ name: String, _ answer: String, _ write: (inout ForgedPayload) -> Void
        )
            -> RejectCase
        {
            var payload = ForgedPayload(channels: 1)
            write(&payload)
            return RejectCase(name, answer, forged(payload.bytes()))
        }
        func many(_ name: String, _ answer: String, channels: Int) -> RejectCase {
            var payload = ForgedPayload(channels: UInt64(channels))
            payload.layout(channels: channels, count: 65_535)
            return RejectCase(name, answer, forged(payload.bytes()))
        }
        return [
            RejectCase(
                "no channels", "malformed.channelCount",
                forged(ForgedPayload(channels: 0).bytes())),
            RejectCase(
                "4097 channels", "malformed.channelCount",
                forged(ForgedPayload(channels: 4097).bytes())),
            RejectCase(
                "more channels than the receiver's", "limit.channels",
                forged(ForgedPayload(channels: 65).bytes())),
            one("no channel present", "malformed.noChannel") { $0.present(false) },
            one("no sample", "malformed.sampleCount") {
                $0.present()
                $0.count(0)
            },
            one("65536 samples", "malformed.sampleCount") {
                $0.present()
                $0.count(65_536)
            },
            one("a number of 65 bits", "malformed.numberTooLong") {
                $0.present()
                $0.countBits(65)
            },
            one("a number of 127 bits", "malformed.numberTooLong") {
                $0.present()
                $0.countBits(127)
            },
            many("more than 2^20 readings", "malformed.tooManyReadings", channels: 17),
            many("more readings than the payload can hold", "limit.readings", channels: 16),
        ]
    }

    /// One channel with one sample; `write` goes on behind the layout.
    private static func one(
        _ name: String, _ answer: String, isAnnotated: Bool = false,
        _ write: (inout ForgedPayload) -> Void
    ) -> RejectCase {
        var payload = ForgedPayload(channels: 1)
        payload.layout(channels: 1, count: 1)
        write(&payload)
        return RejectCase(name, answer, forged(payload.bytes(), isAnnotated: isAnnotated))
    }

    private static func parameters() -> [RejectCase] {
        var cases = [6, 7].map { kind in
            one("kind \(kind)", "malformed.unknownKind") { $0.kind(kind) }
        }
        for divisor: UInt64 in [0, 1 << 63, .max] {
            cases.append(
                one("divisor \(divisor)", "malformed.divisor") {
                    $0.kind(0)
                    $0.digits(1)
                    $0.divisor(divisor)
                })
        }
        let lattices: [(String, Double, Double?)] = [
            ("step 0", 0, nil), ("step below 0", -1, nil), ("step of 1e301", 1e301, nil),
            ("infinite step", .infinity, nil), ("step that is no number", .nan, nil),
            ("origin of 1e301", 1, 1e301), ("infinite origin", 1, -.infinity),
            ("origin that is no number", 1, .nan),
        ]
        for (name, step, origin) in lattices {
            cases.append(
                one(name, "malformed.lattice") {
                    $0.kind(3)
                    $0.lattice(step: step.bitPattern, origin: origin?.bitPattern)
                })
        }
        var payload = ForgedPayload(channels: 2)
        payload.layout(channels: 2, count: 1)
        payload.plainDecimals(isExact: true)
        payload.sameParameters(true)
        payload.reference(distance: 2)
        cases.append(
            RejectCase("reference below channel 0", "malformed.reference", forged(payload.bytes())))
        return cases
    }

    private static func values() throws -> [RejectCase] {
        var cases = [2_147_483_648, -2_147_483_649, Int64.min].map { correction in
            one("correction \(correction)", "malformed.correction") {
                $0.plainDecimals(isExact: false)
                $0.time(seconds: 1)
                $0.firstNumber(7)
                $0.correction(correction)
            }
        }
        cases.append(
            one("exponent 2048", "malformed.exponent") {
                $0.kind(5)
                $0.exponentReference(2047)
                $0.time(seconds: 1)
                $0.noisyExponent(up: 1)
            })
        var exhausted = ForgedPayload(channels: 1)
        exhausted.layout(channels: 1, count: 65_535)
        exhausted.kind(5)
        exhausted.exponentReference(1023)
        exhausted.time(seconds: 1)
        cases.append(
            RejectCase("nothing left", "malformed.codeExhausted", forged(exhausted.bytes())))
        cases.append(try rankOutsideTheSet())
        return cases
    }

    /// The lies of an encoder go on until one of them makes a rank that the set does not have.
    private static func rankOutsideTheSet() throws -> RejectCase {
        var random = SeededGenerator(seed: 1)
        let levels = [-40.0, 0, 3, 17, 1200, 88]
        let columns = (0..<2).map { frame in
            TrafficColumn(
                sensor: 0, times: (0..<40).map { Int64(frame * 40 + $0) * 1_000_000_000 },
                values: (0..<40).map { _ in random.pick(levels) })
        }
        var parameters = ValueParameters()
        parameters.usesSet = true
        for lie in 0..<2_000 {
            var stream = ForgedStream(channels: 1)
            var key = RangeEncoder()
            try stream.encode([columns[0]], isKey: true, with: &key) { _, _ in parameters }
            key.finish()
            let first = forged(Array(key.bytes))
            var decoder = FrameDecoder()
            guard Refusal.of(first, by: &decoder) == "decoded" else { break }
            stream.link(check: decoder.context.link.check)
            var liar = LyingEncoder(lieAt: lie)
            try stream.encode([columns[1]], isKey: false, with: &liar) { _, _ in nil }
            guard lie < liar.count else { break }
            let second = ForgedFrame.frame(
                group: 9, index: 1, key: nil, link: decoder.context.link,
                payload: liar.finished())
            if Refusal.of(second, by: &decoder) == "malformed.rank" {
                return RejectCase(
                    "rank outside the set", "malformed.rank", second, before: [first])
            }
        }
        return RejectCase("rank outside the set", "not found", [])
    }

    private static func annotations() -> [RejectCase] {
        func remark(_ name: String, _ write: (inout ForgedPayload) -> Void) -> RejectCase {
            one(name, "malformed.annotation", isAnnotated: true) {
                $0.plainDecimals(isExact: true)
                $0.time(seconds: 1)
                $0.firstNumber(7)
                write(&$0)
            }
        }
        func said(_ quality: Int, _ priority: Int) -> (inout ForgedPayload) -> Void {
            {
                $0.length(0, isGap: true)
                $0.remark(quality: quality, priority: priority)
                $0.length(0, isGap: false)
            }
        }
        return [
            remark("no run", { $0.length(1, isGap: true) }),
            remark("gap beyond the end", { $0.length(2, isGap: true) }),
            remark("gap of 22 bits", { $0.gapBits(22) }),
            remark("quality 5", said(5, 0)), remark("quality 7", said(7, 1)),
            remark("priority 6", said(1, 6)), remark("priority 7", said(0, 7)),
            remark("nothing to say", said(0, 0)),
            remark("run beyond the end") {
                $0.length(0, isGap: true)
                $0.remark(quality: 1, priority: 0)
                $0.length(1, isGap: false)
            },
        ]
    }
}
