// SPDX-License-Identifier: Apache-2.0

import GatewayConfiguration
import GatewayCore
import HostSystem
import MosquittoClient
import TestSupport
import Testing

@testable import GatewayReceiver

/// A pipeline in a folder, with a clock of its own.
struct Receiver: ~Copyable {
    let folder: TemporaryFolder
    var pipeline: ReceiverPipeline
    var now = MonotonicInstant(nanoseconds: 1_000_000_000)

    /// `outputs` are for more sinks: CSV, each called by its place in the list.
    init(
        _ folder: TemporaryFolder, mqtt: Bool = false, history: Bool = false,
        outputs: [MemoryOutput] = [], hasFiles: Bool = true, journalBytes: Int = 64 << 20,
        brokers: Int = 1, change: (inout ReceiverSettings) -> Void = { _ in }
    ) throws {
        self.folder = folder
        var settings = ReceiverSettings()
        settings.identifier = "r1"
        settings.stateDirectory = folder.path + "/state"
        settings.asksForHistory = history
        settings.journalBytes = journalBytes
        settings.brokers = (0..<brokers).map { BrokerSettings(host: "b\($0)") }
        settings.sinks = mqtt ? [.mqtt] : []
        change(&settings)
        let files = try Self.files(folder)
        let sinks =
            (hasFiles ? files : [])
            + outputs.enumerated().map {
                TextSink(format: .csv, path: "m\($0.offset)", output: $0.element)
            }
        pipeline = try ReceiverPipeline.open(settings, sinks: sinks, seed: 7, at: now)
    }

    private static func files(_ folder: TemporaryFolder) throws -> [TextSink] {
        [
            TextSink(
                format: .jsonLines, path: "out.jsonl",
                output: try FileOutput(path: folder.path + "/out.jsonl")),
            TextSink(
                format: .csv, path: "out.csv",
                output: try FileOutput(path: folder.path + "/out.csv")),
        ]
    }

    mutating func take(_ message: ClientMessage) {
        pipeline.take(message, link: 0, at: now)
    }

    mutating func take(_ messages: [ClientMessage]) {
        for message in messages { take(message) }
    }

    /// Lets time pass, and does what it asks for. What was published meanwhile, as topic and text.
    @discardableResult
    mutating func settle(after seconds: Double = 0) -> [(topic: String, text: String)] {
        now = now + .milliseconds(Int64(seconds * 1000))
        pipeline.commit(at: now)
        pipeline.tick(at: now)
        return pipeline.takeOutbox().map {
            ($0.publication.topic, String(decoding: $0.publication.payload, as: UTF8.self))
        }
    }

    var counts: ReceiverCounts { pipeline.counts }
}

/// What stands in the files of a receiver.
struct Written {
    let json: [String]
    let csv: [String]

    init(_ folder: TemporaryFolder) {
        json = folder.text("out.jsonl").split(separator: "\n").map {
            String($0.split(separator: "\"id\":\"")[1].prefix { $0 != "\"" })
        }
        csv = folder.text("out.csv").split(separator: "\n").dropFirst().map {
            String($0.split(separator: ",").last ?? "")
        }
    }

    /// That each of `ids` is in both files once, and nothing else.
    func expect(
        _ ids: [String: Double], _ comment: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let wanted = ids.keys.sorted()
        #expect(json.count == wanted.count, "\(comment)", sourceLocation: sourceLocation)
        #expect(json.sorted() == wanted, "\(comment)", sourceLocation: sourceLocation)
        #expect(csv == json, "\(comment)", sourceLocation: sourceLocation)
    }
}
