// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import StoreAndForward
import TestSupport

@testable import GatewayAgent
@testable import GatewayCore

/// What a kill leaves behind.
struct AgentLegacy {
    var progress: AgentProgress
    var syncedPlace: UInt64
    var acknowledged: Set<GroupIdentity>
    var hadPower: Bool
}

/// What the simulation knows of frames.
struct Ledger {
    struct Frame {
        var readings: Int
        var place: UInt64
        var bytes: [UInt8]
    }

    /// All that was in the spool at some time, but for what a power cut took.
    var frames: [FrameIdentity: Frame] = [:]
    /// What power cuts took: it may have got through before or not.
    var taken: [FrameIdentity: Int] = [:]
    var byBytes: [[UInt8]: FrameIdentity] = [:]
    var unpublished: Set<FrameIdentity> = []
    /// With a PUBACK that reached the agent.
    var accepted: Set<FrameIdentity> = []
    var acknowledged: Set<GroupIdentity> = []
    var syncedPlace: UInt64 = 0
    private var sent: [Int32: FrameIdentity] = [:]

    mutating func published(_ id: Int32, _ bytes: [UInt8]) -> FrameIdentity? {
        sent[id] = byBytes[bytes]
        guard let frame = byBytes[bytes] else { return nil }
        unpublished.remove(frame)
        return frame
    }

    mutating func accepted(_ id: Int32) {
        if let frame = sent[id] { accepted.insert(frame) }
    }
}

extension Simulation {
    func startAgent() throws {
        agentStart = nil
        broker.trace?("agent starts")
        let life: AgentLife
        do {
            life = try AgentLife(
                settings, bounds, on: agentDisk, broker, agentLine, seed: generator.next())
        } catch {
            // The service manager tries again.
            guard diskRepair != nil else { throw error }
            coverage.failedStarts += 1
            agentStart = clock.now + .seconds(1)
            return
        }
        agent = life
        guard let legacy else { return }
        self.legacy = nil
        let present = Set(
            try life.items().filter { $0.header.kind == .frame }.map(\.header.frame))
        for (frame, known) in ledger.frames where !present.contains(frame) {
            if ledger.acknowledged.contains(frame.group) { continue }
            guard !legacy.hadPower else {
                fail("a kill took \(frame) from the spool")
                continue
            }
            if known.place < ledger.syncedPlace { fail("a power cut took \(frame), synced") }
            coverage.lostFramesOfPowerCuts += 1
            ledger.frames[frame] = nil
            ledger.unpublished.remove(frame)
            ledger.taken[frame] = known.readings
        }
        if !legacy.hadPower { try giveUpUnreadable(life) }
        if legacy.syncedPlace > 0 { safeLine = firstLine + legacy.progress.synced.lines }
        let kept = life.spool.with { legacy.progress.resolved(in: &$0) }.appended.lines
        nextLine = legacy.hadPower ? firstLine + kept : safeLine
        firstLine = nextLine
        lineAt = clock.now
        try strike()
    }

    /// What builds on a frame that a power cut took can be read by nobody, and neither can a group
    /// whose channel table it took.
    private func giveUpUnreadable(_ life: AgentLife) throws {
        var broken: Set<GroupIdentity> = []
        for (frame, known) in ledger.frames where frame.index == 0 {
            guard let id = try FrameHead(known.bytes.span).key?.stream.tableID else { continue }
            let isThere = try life.spool.with { spool throws(SpoolError) in
                try spool.findTable(id: id) != nil
            }
            if !isThere { broken.insert(frame.group) }
        }
        for (frame, known) in ledger.frames {
            let before = (0..<frame.index).map { FrameIdentity(group: frame.group, index: $0) }
            guard
                broken.contains(frame.group)
                    || before.contains(where: { ledger.taken[$0] != nil })
            else { continue }
            ledger.frames[frame] = nil
            ledger.unpublished.remove(frame)
            ledger.taken[frame] = known.readings
        }
    }

    func killAgent(hasPower: Bool) throws {
        guard let agent else { return }
        try noteAcknowledged(agent)
        let synced = agent.spool.with { $0.syncedPlace }
        ledger.syncedPlace = max(ledger.syncedPlace, synced)
        legacy = AgentLegacy(
            progress: agent.shared.progress.progress, syncedPlace: synced,
            acknowledged: ledger.acknowledged, hadPower: hasPower)
        self.agent = nil
        broker.cut(agentLine)
        agentLine.inbox = []
        broker.trace?("synced to " + String(synced, radix: 16))
        if !hasPower { agentDisk.losePower(&generator) }
        agentStart = clock.now + .milliseconds(generator.pick(100...30_000))
    }

    /// Takes note of the groups that are history, before a disk without room makes the spool give
    /// them up.
    private func noteAcknowledged(_ agent: AgentLife) throws {
        let count = agent.shared.readingCounts.acknowledged
        guard count != agent.notedAcknowledged else { return }
        agent.notedAcknowledged = count
        for item in try agent.items() where item.isAcknowledged && item.header.kind == .frame {
            ledger.acknowledged.insert(item.header.frame.group)
        }
    }

    /// Takes note of what was appended.
    func note() throws {
        guard let agent else { return }
        try noteAcknowledged(agent)
        for item in try agent.items(from: agent.notedPlace) {
            agent.notedPlace = item.place + 1
            guard item.header.kind == .frame else { continue }
            let frame = item.header.frame
            let bytes = try agent.bytes(of: item)
            if ledger.frames[frame] != nil { fail("\(frame) was made twice") }
            ledger.frames[frame] = Ledger.Frame(
                readings: Int(item.header.readings), place: item.place, bytes: bytes)
            ledger.byBytes[bytes] = frame
            broker.trace?(
                "append \(Self.text(frame)) readings \(item.header.readings) at "
                    + String(item.place, radix: 16))
            ledger.unpublished.insert(frame)
            coverage.frames += 1
            coverage.readings += Int(item.header.readings)
        }
    }

    func published(_ id: Int32, _ bytes: [UInt8]) {
        guard let frame = ledger.published(id, bytes), let agent else { return }
        guard frame.group.lane == .alert, let known = ledger.frames[frame] else { return }
        if known.place >= max(agent.spool.with { $0.syncedPlace }, ledger.syncedPlace) {
            fail("alert \(frame) was published before it was on the disk")
        }
    }

    func checkAgent() {
        guard let agent else { return }
        checkCounts(agent)
        if agent.loop.machine.groups.count > PublishMachine.groupLimit {
            fail("\(agent.loop.machine.groups.count) groups in the machine")
        }
        if agent.loop.machine.flights.count > PublishMachine.window {
            fail("\(agent.loop.machine.flights.count) frames under way")
        }
    }

    /// Every reading is in one place, and the places themselves hold what the counts say.
    private func checkCounts(_ agent: AgentLife) {
        let counts = agent.shared.readingCounts
        func check(_ holds: Bool, _ what: String) {
            if !holds { fail("\(what): \(counts)") }
        }
        check(counts.isConserved, "not conserved")
        let windows =
            agent.encode.data.window.count + agent.encode.alert.window.count
            + agent.encode.deferred.window.count - agent.encode.tally.taken
        if agent.encode.isBlocked {
            // What waits for the disk is open, too.
            check(counts.open >= windows, "\(windows) readings in windows")
        } else {
            check(counts.open == windows, "\(windows) readings in windows")
        }
        let pending = agent.spool.with { $0.statistics.pendingReadings }
        check(
            counts.stored + counts.inFlight + counts.deferred == pending,
            "\(pending) readings in the spool")
        check(
            counts.inFlight == agent.loop.machine.readingsInFlight,
            "\(agent.loop.machine.readingsInFlight) readings in flight")
        check(
            counts.dropped == counts.dropped(.spoolFull) && (counts.dropped == 0 || plan.hasPort),
            "dropped")
    }

    /// Takes note of what the disk did to the agent.
    func noteDisk() {
        guard let agent else { return }
        if agent.encode.isFull { coverage.waitsForRoom += 1 }
        if agent.encode.storeFault != nil { coverage.waitsForDisk += 1 }
        let (dropped, failures, version) = (
            agent.shared.readingCounts.dropped(.spoolFull),
            agent.spool.with { $0.statistics.syncFailures }, agent.encode.table?.version ?? 0
        )
        coverage.portDrops += dropped - agent.notedDrops
        coverage.failedSyncs += failures - agent.notedFailures
        if version > max(agent.notedVersion, 1) { coverage.lateTables += 1 }
        (agent.notedDrops, agent.notedFailures, agent.notedVersion) = (dropped, failures, version)
    }

    var agentMoments: [Coverage.AgentMoment] {
        guard let agent else { return [] }
        let machine = agent.loop.machine
        let (synced, end) = agent.spool.with { ($0.syncedPlace, $0.endPlace) }
        return Coverage.AgentMoment.allCases.filter { moment in
            switch moment {
            case .windowOpen: !agent.encode.data.window.isEmpty
            case .appended: !ledger.unpublished.isEmpty
            case .alertUnsynced:
                ledger.unpublished.contains {
                    $0.group.lane == .alert && (ledger.frames[$0]?.place ?? 0) >= synced
                }
            case .unsynced: synced < end
            case .published: machine.flights.contains { $0.track.isPending }
            case .answered:
                plan.waitsForReceivers
                    && machine.groups.contains {
                        $0.flights == 0 && $0.nextIndex > 0 && $0.publishedBelow >= $0.nextIndex
                            && !$0.isConfirmed
                    }
            case .backfilling: machine.flights.contains { $0.track == .back }
            case .commanded:
                !machine.desk.jobs.isEmpty || machine.flights.contains { $0.track == .job }
            case .offline: !agent.shared.link.isConnected
            }
        }
    }
}
