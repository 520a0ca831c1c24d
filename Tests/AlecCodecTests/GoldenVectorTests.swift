// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import AlecCodec

/// Vectors are made once for a version of the format and decode for ever.
///
/// `ALEC_UPDATE_GOLDEN=1` makes them anew. A better search for parameters changes frames too: then
/// keep the old vectors as they are, under another name, since old frames must still decode.
@Suite struct GoldenVectorTests {
    private static let isUpdate =
        ProcessInfo.processInfo.environment["ALEC_UPDATE_GOLDEN"] == "1"

    @Test(.enabled(if: isUpdate, "only with ALEC_UPDATE_GOLDEN=1")) func makeVectors() throws {
        for recipe in GoldenRecipe.all { try Self.vector(recipe).write() }
    }

    private static func vector(_ recipe: GoldenRecipe) throws -> GoldenVector {
        var pair = StreamPair(channels: recipe.channels, stream: recipe.stream)
        var vector = GoldenVector(
            name: recipe.name, about: recipe.about, channels: recipe.channels, frames: [])
        var features = GoldenFeatures()
        for frame in recipe.frames {
            let role = frame.group.map { FrameRole.key(group: $0) } ?? .chained
            let difference = try pair.carry(frame.columns, as: role)
            #expect(difference == nil, "\(recipe.name)")
            let head = try FrameHead(pair.lastFrame.span)
            vector.frames.append(
                GoldenVector.Frame(
                    frame: pair.lastFrame, batch: pair.batch,
                    features: features.list(head, pair.batch, pair.decoder.context)))
        }
        return vector
    }

    @Test func everyVectorDecodesToItsReadings() throws {
        for vector in try GoldenVector.all() {
            var decoder = FrameDecoder(limits: DecoderLimits(channels: vector.channels))
            var batch = ReadingBatch()
            var features = GoldenFeatures()
            for (i, frame) in vector.frames.enumerated() {
                let bytes = frame.bytes
                let outcome = try decoder.decode(bytes.span, into: &batch)
                guard case .decoded(let head) = outcome else {
                    Issue.record("\(vector.name) \(i): \(outcome)")
                    continue
                }
                let again = GoldenVector.Frame(
                    frame: bytes, batch: batch,
                    features: features.list(head, batch, decoder.context))
                #expect(again == frame, "\(vector.name) \(i)")
            }
        }
    }

    @Test func encodingTheReadingsAgainMakesTheSameBytes() throws {
        for vector in try GoldenVector.all() {
            let stream = try #require(try FrameHead(vector.frames[0].bytes.span).key).stream
            var encoder = FrameEncoder(stream: stream, channels: vector.channels)
            for (i, frame) in vector.frames.enumerated() {
                let head = try FrameHead(frame.bytes.span)
                var window = ReadingWindow(frame.traffic)
                var bytes: [UInt8] = []
                _ = try encoder.encode(
                    &window, as: head.isKey ? .key(group: head.group) : .chained, into: &bytes)
                #expect(Hexadecimal.text(bytes) == frame.frame, "\(vector.name) \(i)")
            }
        }
    }

    /// Every part of the format is in some vector.
    @Test(arguments: [
        "key", "chained", "predecessor", "lane alert", "lane deferred", "annotations",
        "kind decimal", "kind decimalProduct", "kind floatDecimal", "kind float", "kind double",
        "kind noisy", "divisor", "lattice", "origin", "exact", "filter", "reference", "set",
        "escape", "correction", "same", "parameter change", "time change",
    ])
    func someVectorHas(feature: String) throws {
        let features = try GoldenVector.all().flatMap { $0.frames.flatMap(\.features) }
        #expect(features.contains(feature))
    }

    @Test func noVectorIsLarge() throws {
        for vector in try GoldenVector.all() {
            for frame in vector.frames { #expect(frame.bytes.count <= 512, "\(vector.name)") }
        }
    }

    /// A check of 32 bits finds every flipped bit; what stands before it in the order of
    /// decoding finds some of them first.
    @Test func everyFlippedBitOfEveryVectorIsRefused() throws {
        for vector in try GoldenVector.all() {
            var decoder = FrameDecoder()
            var batch = ReadingBatch()
            for (i, frame) in vector.frames.enumerated() {
                var bytes = frame.bytes
                let before = decoder.context.fingerprint
                for bit in 0..<(8 * bytes.count) {
                    bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                    let answer = Refusal.of(bytes, by: &decoder, into: &batch)
                    bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                    if answer == "decoded" || !batch.columns.isEmpty {
                        Issue.record("\(vector.name) \(i), bit \(bit): \(answer)")
                    }
                }
                #expect(decoder.context.fingerprint == before, "\(vector.name) \(i)")
                #expect(Refusal.of(bytes, by: &decoder) == "decoded", "\(vector.name) \(i)")
            }
        }
    }

    @Test func everyPrefixOfEveryVectorIsRefused() throws {
        for vector in try GoldenVector.all() {
            var decoder = FrameDecoder()
            for (i, frame) in vector.frames.enumerated() {
                let bytes = frame.bytes
                let headBytes = try FrameHead(bytes.span).byteCount
                for length in 0..<bytes.count {
                    let answer = Refusal.of(Array(bytes[..<length]), by: &decoder)
                    #expect(
                        answer == (length < headBytes ? "truncated" : "badCheck"),
                        "\(vector.name) \(i), \(length) bytes")
                }
                #expect(Refusal.of(bytes, by: &decoder) == "decoded", "\(vector.name) \(i)")
            }
        }
    }
}
