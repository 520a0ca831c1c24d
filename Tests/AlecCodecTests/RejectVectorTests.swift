// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import AlecCodec

/// Frames that no version of the decoder may ever take.
@Suite struct RejectVectorTests {
    private static let isUpdate =
        ProcessInfo.processInfo.environment["ALEC_UPDATE_GOLDEN"] == "1"

    @Test(.enabled(if: isUpdate, "only with ALEC_UPDATE_GOLDEN=1")) func makeRejects() throws {
        try FileManager.default.createDirectory(
            at: RejectVector.folder, withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for vector in try RejectVector.makeAll() {
            let cases = try vector.cases.map {
                "  " + String(decoding: try encoder.encode($0), as: UTF8.self)
            }
            let text = """
                {"name": "\(vector.name)",
                 "about": "\(vector.about)",
                 "channels": \(vector.channels),
                 "cases": [
                \(cases.joined(separator: ",\n"))
                 ]
                }

                """
            try Data(text.utf8).write(
                to: RejectVector.folder.appending(path: "\(vector.name).json"))
        }
    }

    @Test func everyCaseIsRefusedForItsReason() throws {
        for vector in try RejectVector.all() {
            for example in vector.cases {
                var decoder = FrameDecoder(limits: DecoderLimits(channels: vector.channels))
                var batch = ReadingBatch()
                for frame in example.before {
                    _ = Refusal.of(try #require(Hexadecimal.bytes(frame)), by: &decoder)
                }
                let frame = try #require(Hexadecimal.bytes(example.frame))
                let before = decoder.context.fingerprint
                let answer = Refusal.of(frame, by: &decoder, into: &batch)
                #expect(answer == example.answer, "\(vector.name): \(example.name)")
                #expect(batch.count == 0 && batch.columns.isEmpty)
                if !answer.hasPrefix("malformed") && !answer.hasPrefix("limit") {
                    #expect(decoder.context.fingerprint == before, "\(example.name)")
                }
            }
        }
    }

    /// What a table frame, a file or a table's frames alone can be is tested with those.
    @Test func everyMalformationHasACase() throws {
        let answers = Set(try RejectVector.all().flatMap { $0.cases.map(\.answer) })
        let others: Set<Malformation> = [
            .tableEntry, .tableName, .tableText, .trailingBytes, .fileMark, .recordLength,
            .unnamedChannels,
        ]
        for malformation in (0..<UInt8.max).compactMap(Malformation.init(rawValue:))
        where !others.contains(malformation) {
            #expect(answers.contains("malformed.\(malformation)"))
        }
    }

    @Test(arguments: [
        "truncated", "unsupported.anchoredFrame", "unsupported.compactIntegrity",
        "unsupported.anchorMark", "unsupported.profile", "unsupported.extendedFrame",
        "unsupported.preload", "unsupported.reservedBits", "badCheck", "limit.channels",
        "limit.readings", "duplicate", "needsKey",
    ])
    func everyOtherAnswerHasACase(answer: String) throws {
        #expect(try RejectVector.all().contains { $0.cases.contains { $0.answer == answer } })
    }

    @Test func aFrameOfMoreThanAMegabyteIsRefused() {
        var decoder = FrameDecoder()
        let frame = [UInt8](repeating: 0x41, count: DecoderLimits.frameBytes + 1)
        #expect(Refusal.of(frame, by: &decoder) == "limit.frameBytes")
        #expect(Refusal.of(Array(frame.dropLast()), by: &decoder) != "limit.frameBytes")
    }

    @Test func errorsSayWhere() throws {
        let frame = ForgedFrame.frame(group: 300, index: 0, key: ForgedFrame.key, payload: [1])
        func error(_ change: (inout [UInt8]) -> Void) -> DecodeError? {
            var changed = frame
            change(&changed)
            var decoder = FrameDecoder()
            var batch = ReadingBatch()
            do {
                _ = try decoder.decode(changed.span, into: &batch)
                return nil
            } catch {
                return error
            }
        }
        #expect(error { $0.removeAll() } == .truncated(at: 0))
        #expect(error { $0.removeLast(5) } == .truncated(at: frame.count - 5))
        #expect(error { $0[0] = 0x42 } == .unsupported(.profile(2), at: 0))
        #expect(error { $0[9] |= 3 } == .malformed(.lane, at: 9))
        #expect(error { $0[9] |= 0x80 } == .unsupported(.reservedBits, at: 9))
        #expect(error { $0[3] = 1 } == .malformed(.index, at: 3))
        #expect(error { $0[frame.count - 1] = 9 } == .badCheck(at: frame.count - 5))
    }
}
