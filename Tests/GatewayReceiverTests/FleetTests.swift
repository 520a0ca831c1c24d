// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import Foundation
import GatewayConfiguration
import GatewayCore
import HostSystem
import MosquittoClient
import TestSupport
import Testing

@testable import GatewayReceiver

/// Very many nodes at once, each with an open group.
///
/// `ALEC_NODES=1000` measures with so many; it prints readings per second and memory.
@Suite struct FleetTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// With more groups than contexts all is still right, and memory keeps to its bound.
    @Test func contextsThatWereDroppedAreBuiltAgain() throws {
        var receiver = try Receiver(folder)
        let limit = 8 * (LiveContext.baseBytes + 3 * LiveContext.channelBytes)
        receiver.pipeline.contexts = ContextPool(byteLimit: limit)
        var frames: [[ClientMessage]] = []
        var ids: [String: Double] = [:]
        for number in 0..<20 {
            var node = try TestNode(node: "n\(number)", seed: UInt64(number))
            receiver.take(node.tableMessage)
            frames.append(try node.group(frames: 3))
            ids.merge(node.readings) { $1 }
        }
        for i in 0..<3 {
            for group in frames { receiver.take(group[i]) }
            #expect(receiver.pipeline.contexts.byteCount <= limit)
        }
        receiver.settle(after: 2)
        Written(folder).expect(ids)
        #expect(receiver.pipeline.contexts.dropped > 0 && receiver.counts.rebuilt > 0)
    }

    @Test func manyNodesHaveTheirContexts() throws {
        let count = ProcessInfo.processInfo.environment["ALEC_NODES"].flatMap { Int($0) } ?? 60
        var receiver = try Receiver(folder, mqtt: false, hasFiles: false)
        var rounds = [[ClientMessage]](repeating: [], count: 6)
        for number in 0..<count {
            var node = try TestNode(node: "n\(number)", seed: UInt64(number), sensors: 20)
            receiver.take(node.tableMessage)
            for (i, frame) in try node.group(frames: rounds.count, rows: 3).enumerated() {
                rounds[i].append(frame)
            }
        }
        let before = Self.residentBytes
        let start = MonotonicClock.nanoseconds
        for round in rounds {
            for message in round {
                receiver.take(message)
                if receiver.pipeline.isTurnFull { receiver.settle(after: 0.1) }
            }
            receiver.settle(after: 1)
        }
        let seconds = Double(MonotonicClock.nanoseconds - start) / 1e9
        let bytes = Self.residentBytes - before
        #expect(receiver.counts.frames == rounds.count * count)
        #expect(receiver.pipeline.contexts.count == count && receiver.counts.rebuilt == 0)
        let estimate = receiver.pipeline.contexts.byteCount
        print(
            "\(count) nodes: \(Int(Double(receiver.counts.readings) / seconds)) readings/s, "
                + "\(bytes / count) bytes a node, contexts counted as \(estimate / count)")
    }

    private static var residentBytes: Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let fields = text.split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 : 0
    }
}
