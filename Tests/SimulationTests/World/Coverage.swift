// SPDX-License-Identifier: Apache-2.0

/// How often each fault struck in each state, over all seeds: a state that is never struck is a
/// test that does not exist.
final class Coverage {
    enum AgentMoment: String, CaseIterable {
        /// Readings are in no frame.
        case windowOpen
        /// A frame is in the spool and was never published.
        case appended
        /// An alert waits for its sync.
        case alertUnsynced
        /// A frame is in the spool and not on the disk.
        case unsynced
        /// Published, and the broker did not answer.
        case published
        /// The broker has all of a group, and no receiver said so.
        case answered
        /// Old groups are on their way.
        case backfilling
        /// A command is being carried out.
        case commanded
        case offline

        /// Those in which it matters whether the disk works.
        static let ofDisk: [Self] = [
            .windowOpen, .appended, .unsynced, .published, .answered, .offline,
        ]
    }

    enum ReceiverMoment: String, CaseIterable {
        /// A frame is in the journal, not synced, and in no sink.
        case taken
        /// It is safe, and the agent was not told.
        case unacknowledged
        /// The sinks have more than the checkpoint says.
        case uncheckpointed
        /// Frames of a group may follow.
        case groupOpen
        /// Something is known to be missing.
        case missing
        /// Frames wait for those before them.
        case holding
        /// Frames wait for their channel table.
        case withoutTable
        /// Everything was asked for, and not all came.
        case askingHistory
    }

    /// What is under way when a broker or a line fails.
    enum LineMoment: String, CaseIterable {
        case frameToBroker
        case acknowledgementToAgent
        case frameToReceiver
        case receiptToBroker
        case receiptToAgent
        case command
        case commandAnswer
        case idle
    }

    enum Fault: String, CaseIterable {
        case agentKill
        case agentPowerCut
        case receiverKill
        case receiverPowerCut
        case outage
        case agentLineBreak
        case receiverLineBreak
        /// Nothing more can be written for a while.
        case agentDiskFull
        /// Writes fail for a while, or once.
        case agentDiskFailing
        /// Syncs fail for a while, and what they should have kept is not kept.
        case agentSyncFailing
        /// The agent's time of day is set on or back.
        case clockStep

        var moments: [String] {
            switch self {
            case .agentKill, .agentPowerCut: AgentMoment.allCases.map(\.rawValue)
            case .agentDiskFull, .agentDiskFailing, .agentSyncFailing, .clockStep:
                AgentMoment.ofDisk.map(\.rawValue)
            case .receiverKill, .receiverPowerCut: ReceiverMoment.allCases.map(\.rawValue)
            case .outage, .agentLineBreak, .receiverLineBreak:
                LineMoment.allCases.map(\.rawValue)
            }
        }

        var isOfDisk: Bool {
            switch self {
            case .agentDiskFull, .agentDiskFailing, .agentSyncFailing: true
            case .agentKill, .agentPowerCut, .receiverKill, .receiverPowerCut, .outage,
                .agentLineBreak, .receiverLineBreak, .clockStep:
                false
            }
        }

        /// The moments of the other end of the line do not count.
        func isReachable(_ moment: String) -> Bool {
            switch (self, LineMoment(rawValue: moment)) {
            case (.agentLineBreak, .frameToReceiver?), (.agentLineBreak, .receiptToBroker?): false
            case (.receiverLineBreak, .frameToBroker?), (.receiverLineBreak, .receiptToAgent?),
                (.receiverLineBreak, .acknowledgementToAgent?):
                false
            default: true
            }
        }
    }

    /// Why a frame that the broker acknowledged reached no receiver.
    enum Excuse: String, CaseIterable {
        case nobody
        case dropped
        case outage
        case cut
        /// The receiver was killed with it.
        case killed
        /// The receiver had it in memory, where it waited for a frame before it.
        case held
    }

    private(set) var strikes: [String: Int] = [:]
    var lostAnswers = 0
    var lostFrames = 0
    var doubledMessages = 0
    var doubledAcknowledgements = 0
    var lateReceivers = 0
    var excused: [Excuse: Int] = [:]
    var frames = 0
    var readings = 0
    /// Frames that a power cut took.
    var lostFramesOfPowerCuts = 0
    var duplicates = 0
    var rebuilt = 0
    var droppedHeld = 0
    var fullSpools = 0
    /// Readings of a port that cannot wait: taken, and dropped as a full spool had no room.
    var portReadings = 0
    var portDrops = 0
    /// Channel tables behind the first of a life, as sensors came later.
    var lateTables = 0
    /// Steps in which the encoder waited for a disk that was full, and for one that failed.
    var waitsForRoom = 0
    var waitsForDisk = 0
    var failedSyncs = 0
    /// The agent could not start for its disk, and tried again.
    var failedStarts = 0

    func strike(_ fault: Fault, _ moments: [String]) {
        strikes[fault.rawValue, default: 0] += 1
        for moment in moments { strikes["\(fault.rawValue).\(moment)", default: 0] += 1 }
    }

    /// Combinations that never happened, and faults.
    var missing: [String] {
        var missing = Fault.allCases.flatMap { fault in
            fault.moments.filter {
                fault.isReachable($0) && strikes["\(fault.rawValue).\($0)"] == nil
            }
            .map { "\(fault.rawValue).\($0)" }
        }
        let counts = [
            ("lostAnswers", lostAnswers), ("lostFrames", lostFrames),
            ("doubledMessages", doubledMessages), ("lateReceivers", lateReceivers),
            ("doubledAcknowledgements", doubledAcknowledgements),
            ("lostFramesOfPowerCuts", lostFramesOfPowerCuts), ("droppedHeld", droppedHeld),
            ("portReadings", portReadings), ("portDrops", portDrops), ("lateTables", lateTables),
            ("waitsForRoom", waitsForRoom), ("waitsForDisk", waitsForDisk),
            ("failedSyncs", failedSyncs),
        ]
        missing += counts.filter { $0.1 == 0 }.map(\.0)
        return missing
    }

    var report: String {
        var lines = [
            "frames=\(frames) readings=\(readings) lostAnswers=\(lostAnswers) "
                + "lostFrames=\(lostFrames) doubledMessages=\(doubledMessages) "
                + "doubledAcknowledgements=\(doubledAcknowledgements) "
                + "lateReceivers=\(lateReceivers) takenByPowerCuts=\(lostFramesOfPowerCuts) "
                + "duplicates=\(duplicates) rebuilt=\(rebuilt) droppedHeld=\(droppedHeld)",
            "portReadings=\(portReadings) portDrops=\(portDrops) lateTables=\(lateTables) "
                + "waitsForRoom=\(waitsForRoom) waitsForDisk=\(waitsForDisk) "
                + "failedSyncs=\(failedSyncs) failedStarts=\(failedStarts)",
        ]
        for fault in Fault.allCases {
            let parts = fault.moments.map { "\($0)=\(strikes["\(fault.rawValue).\($0)"] ?? 0)" }
            lines.append(
                "\(fault.rawValue)=\(strikes[fault.rawValue] ?? 0): "
                    + parts.joined(separator: " "))
        }
        let parts = Excuse.allCases.map { "\($0.rawValue)=\(excused[$0] ?? 0)" }
        lines.append("excused in broker mode: " + parts.joined(separator: " "))
        return lines.joined(separator: "\n")
    }
}
