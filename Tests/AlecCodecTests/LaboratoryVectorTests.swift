// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import AlecCodec

/// The payloads on which the format was found, under our own heads.
@Suite(
    .enabled(
        if: LaboratoryVector.isAtHand,
        "SKIPPED: ../shared/codec/vectors is not here, so its payloads are not decoded"))
struct LaboratoryVectorTests {
    @Test func everyPayloadDecodesToItsReadings() throws {
        let vectors = try LaboratoryVector.all()
        #expect(vectors.count == 22)
        var anchored: [String] = []
        for vector in vectors {
            var decoder = FrameDecoder()
            for frame in vector.frames {
                if frame.type == "anchored" {
                    anchored.append(vector.name)
                    try expectAnchoredFrameIsRefused(frame, &decoder)
                } else {
                    try expectRestored(frame, &decoder, vector.name)
                }
            }
        }
        // The only vector with frames that build on an anchor, three of them.
        #expect(anchored == Array(repeating: "18_anchored", count: 3))
    }

    private func expectRestored(
        _ frame: LaboratoryVector.Frame, _ decoder: inout FrameDecoder, _ name: String
    ) throws {
        let bytes = try #require(Hexadecimal.bytes(frame.frame))
        let isKey = frame.type == "key"
        let ours = ForgedFrame.frame(
            group: frame.group, index: isKey ? 0 : frame.index,
            key: isKey ? ForgedFrame.key : nil, link: decoder.context.link,
            payload: LaboratoryVector.payload(of: bytes))
        var batch = ReadingBatch()
        let outcome = try decoder.decode(ours.span, into: &batch)
        guard case .decoded = outcome else {
            Issue.record("\(name) \(frame.index): \(outcome)")
            return
        }
        let columns = batch.trafficColumns
        #expect(columns.count == frame.columns.count, "\(name) \(frame.index)")
        for (a, b) in zip(columns, frame.columns) {
            #expect(a.isIdentical(to: b), "\(name) \(frame.index) channel \(b.sensor)")
        }
        #expect(decoder.context.link.digest == UInt32(frame.digest, radix: 16))
        for wanted in frame.parameters {
            #expect(
                Described(decoder.context.channels[wanted.channel].parameters)
                    == Described(wanted), "\(name) \(frame.index) channel \(wanted.channel)")
        }
    }

    private func expectAnchoredFrameIsRefused(
        _ frame: LaboratoryVector.Frame, _ decoder: inout FrameDecoder
    ) throws {
        var ours = ForgedFrame.frame(
            group: frame.group, index: frame.index, key: nil, link: decoder.context.link,
            payload: LaboratoryVector.payload(of: try #require(Hexadecimal.bytes(frame.frame))))
        ours[0] |= 0x80
        let before = decoder.context.fingerprint
        let result = Refusal.of(ours, by: &decoder)
        #expect(result == "unsupported.anchoredFrame")
        #expect(decoder.context.fingerprint == before)
    }

    /// What the laboratory calls these frames, and what we call them. The head is ours, so the
    /// faults of heads are made anew here.
    @Test(arguments: [
        ("no_channels", "malformed.channelCount"), ("many_channels", "malformed.channelCount"),
        ("no_reading", "malformed.noChannel"), ("count_0", "malformed.sampleCount"),
        ("count_70000", "malformed.sampleCount"), ("kind_7", "malformed.unknownKind"),
        ("step_inf", "malformed.lattice"), ("length_100", "malformed.numberTooLong"),
    ])
    func payloadsThatTheLaboratoryRefusesAreRefused(name: String, kind: String) throws {
        let reject = try #require(LaboratoryReject.all().first { $0.name == name })
        #expect(reject.status == "MALFORMED")
        let payload = LaboratoryVector.payload(of: try #require(Hexadecimal.bytes(reject.frame)))
        let ours = ForgedFrame.frame(group: 9, index: 0, key: ForgedFrame.key, payload: payload)
        var decoder = FrameDecoder(limits: DecoderLimits(channels: 64))
        #expect(Refusal.of(ours, by: &decoder) == kind)
    }

    @Test(arguments: [
        ("flipped_bit", 1, "badCheck"), ("truncated", 1, "badCheck"), ("duplicate", 1, "duplicate"),
        ("gap", 2, "needsKey"), ("no_key", 1, "needsKey"), ("key_twice", 0, "duplicate"),
        ("foreign_group", 1, "needsKey"), ("renumbered", 1, "badCheck"),
    ])
    func framesOutOfPlaceAreAnsweredAsTheLaboratoryDoes(
        name: String, index: UInt32, kind: String
    ) throws {
        let reject = try #require(LaboratoryReject.all().first { $0.name == name })
        var decoder = FrameDecoder()
        var batch = ReadingBatch()
        var links: [FrameLink] = []
        for (i, text) in reject.before.enumerated() {
            links.append(decoder.context.link)
            let frame = ForgedFrame.frame(
                group: 5, index: UInt32(i), key: i == 0 ? ForgedFrame.key : nil,
                link: decoder.context.link,
                payload: LaboratoryVector.payload(of: try #require(Hexadecimal.bytes(text))))
            _ = try decoder.decode(frame.span, into: &batch)
        }
        links.append(decoder.context.link)
        let payload = LaboratoryVector.payload(of: try #require(Hexadecimal.bytes(reject.frame)))
        var frame = ForgedFrame.frame(
            group: name == "foreign_group" ? 6 : 5, index: index,
            key: index == 0 ? ForgedFrame.key : nil,
            link: index == 0 ? .none : links[min(links.count - 1, Int(index))], payload: payload)
        // These two differ from a good frame by their payload, "renumbered" by what it follows.
        switch name {
        case "flipped_bit": frame[frame.count - 2] ^= 4
        case "truncated": frame.removeLast()
        case "renumbered":
            frame[frame.count - payload.count - 1] ^= 0x55
        default: break
        }
        let before = decoder.context.fingerprint
        #expect(Refusal.of(frame, by: &decoder) == kind)
        #expect(decoder.context.fingerprint == before)
    }

    /// The parts of the parameters that the vectors list.
    private struct Described: Equatable {
        var kind: UInt8
        var numbers: [Int64]

        init(_ parameters: ValueParameters) {
            kind = parameters.kind.rawValue
            numbers = [
                Int64(parameters.digits), parameters.divisor, parameters.remainder,
                parameters.isLattice ? 1 : 0, parameters.usesSet ? 1 : 0,
                parameters.usesFilter ? 1 : 0, Int64(parameters.reference),
                Int64(parameters.exponentReference),
                parameters.kind.hasEscape && parameters.isExact ? 1 : 0,
            ]
        }

        init(_ parameters: LaboratoryVector.Parameters) {
            let kinds = ["DEC", "DECM", "F32D", "F32", "F64", "NOISY"]
            kind = UInt8(kinds.firstIndex(of: parameters.kind) ?? 7)
            numbers = [
                Int64(parameters.digits), parameters.g, parameters.off,
                Int64(parameters.lattice), Int64(parameters.set), Int64(parameters.lms),
                Int64(parameters.ref), Int64(parameters.expRef),
                kind <= 3 ? Int64(parameters.exact) : 0,
            ]
        }
    }
}
