// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import MosquittoClient
import TestSupport

@testable import GatewayReceiver

extension Simulation {
    func killReceiver(hasPower: Bool) throws {
        guard receiver != nil else { return }
        try excuseHeld()
        coverage.duplicates += receiver?.pipeline.counts.duplicates ?? 0
        coverage.rebuilt += receiver?.pipeline.counts.rebuilt ?? 0
        coverage.droppedHeld += receiver?.pipeline.held.dropped ?? 0
        for bytes in receiver?.uncommitted ?? [] { broker.forget(bytes, .killed) }
        for event in receiverLine.inbox {
            if case .message(let message) = event { broker.forget(message.payload, .killed) }
        }
        receiver = nil
        broker.cut(receiverLine)
        receiverLine.inbox = []
        if !hasPower { receiverDisk.losePower(&generator) }
        receiverStart = clock.now + .milliseconds(generator.pick(100...30_000))
    }

    /// Frames that the receiver was given and never put into its journal: it holds them in memory
    /// until those before them come.
    func excuseHeld() throws {
        let kept = try receiver?.journalled() ?? []
        for bytes in receiver?.delivered ?? [] {
            guard let frame = ledger.byBytes[bytes], !kept.contains(frame) else { continue }
            broker.forget(bytes, .held)
        }
    }

    func checkReceiver() {
        guard receiver != nil else { return }
        if let count = receiver?.pipeline.held.count, count * 64 > plan.heldBytes {
            fail("\(count) frames held")
        }
        if let counts = receiver?.pipeline.counts, counts.refused > counts[.sink] {
            fail("the receiver refused something: \(counts.fields)")
        }
    }

    var receiverMoments: [Coverage.ReceiverMoment] {
        guard receiver != nil else { return [] }
        return Coverage.ReceiverMoment.allCases.filter { moment in
            let holds: Bool? =
                switch moment {
                case .taken: receiver?.pipeline.unsynced.isEmpty == false
                case .unacknowledged: receiver?.pipeline.acks.deadline != .distantFuture
                case .uncheckpointed: receiver?.pipeline.isChanged
                case .groupOpen: receiver?.pipeline.hasOpenGroup
                case .missing: (receiver?.pipeline.resends.count ?? 0) > 0
                case .holding: (receiver?.pipeline.held.count ?? 0) > 0
                case .withoutTable: receiver?.pipeline.isWaitingForTables
                case .askingHistory:
                    receiver?.pipeline.requests.wants.contains { $0.table == nil }
                }
            return holds == true
        }
    }
}

extension ReceiverPipeline {
    var hasOpenGroup: Bool {
        nodes.contains { node in
            node.tracker.streams.contains { !$0[.data].open.isEmpty }
        }
    }
}
