// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayConfiguration
import GatewayCore
import StoreAndForward
import TestSupport

@testable import GatewayAgent
@testable import GatewayReceiver

/// One seed: an agent, a broker and a receiver, their faults, and what must be true at the end.
final class Simulation {
    /// What a seed decides at its beginning.
    struct Plan {
        var waitsForReceivers: Bool
        var hasAlerts: Bool
        var hasPowerCuts: Bool
        var hasDiskFaults: Bool
        /// A second input, whose lines come whether there is room or not.
        var hasPort: Bool
        var isSpoolSmall: Bool
        var isReceiverLate: Bool
        var heldBytes: Int
        var lineCount: Int
    }

    let seed: UInt64
    let plan: Plan
    let clock = VirtualClock()
    let coverage: Coverage
    let broker: Broker
    let agentLine = Line("agent")
    let receiverLine = Line("receiver")
    let agentDisk = SimulatedDisk()
    let receiverDisk = ReceiverDisk()
    let settings: AgentSettings
    let bounds: SpoolSettings
    let feed: Feed
    var generator: SeededGenerator
    var ledger = Ledger()
    var failures: [String] = []

    var agent: AgentLife?
    var receiver: ReceiverLife?
    /// When who is down comes back; nil for who is there.
    var agentStart: MonotonicInstant?
    var receiverStart: MonotonicInstant?
    var brokerStart: MonotonicInstant?
    /// When the agent's disk works again; nil while it does.
    var diskRepair: MonotonicInstant?
    /// What is known of the agent's last life.
    var legacy: AgentLegacy?

    /// The next line, and the first one of this life.
    var nextLine = 0
    var firstLine = 0
    /// All lines before it are on the agent's disk.
    var safeLine = 0
    var lineAt: MonotonicInstant
    /// When the port brings its next line, and what it brought so far.
    var portAt: MonotonicInstant
    var portLines = 0
    /// Faults to come; those that are due wait for their moment.
    var strikes: [Strike] = []
    private var rounds = 0

    init(seed: UInt64, coverage: Coverage) {
        self.seed = seed
        self.coverage = coverage
        var generator = SeededGenerator(seed: seed)
        plan = Plan(
            waitsForReceivers: seed % 3 != 0, hasAlerts: generator.once(in: 2),
            hasPowerCuts: generator.once(in: 2), hasDiskFaults: generator.once(in: 2),
            hasPort: generator.once(in: 2), isSpoolSmall: generator.once(in: 4),
            isReceiverLate: generator.once(in: 4),
            heldBytes: generator.once(in: 3) ? 200 : 4 << 20, lineCount: generator.pick(15...45))
        broker = Broker(clock: clock, coverage: coverage, seed: generator.next())
        var settings = Self.settings(plan, &generator)
        if plan.isSpoolSmall {
            // Soon full without a broker. A quarter of it is room for a group, as in the settings.
            let bytes = generator.pick(1000...2400)
            bounds = SpoolSettings(maximumBytes: bytes, segmentBytes: bytes / 4)
            settings.windows.groupBytes = bytes / 4
        } else {
            bounds = SpoolSettings(segmentBytes: generator.pick(500...4000))
        }
        self.settings = settings
        feed = Feed(count: plan.lineCount, hasAlerts: plan.hasAlerts, &generator)
        lineAt = clock.now
        portAt = clock.now
        self.generator = generator
        broker.add(agentLine)
        broker.add(receiverLine)
        agentLine.onPublish = { [unowned self] id, bytes in published(id, bytes) }
        agentLine.onAcknowledged = { [unowned self] id in ledger.accepted(id) }
        agentStart = clock.now
        receiverStart = clock.now
        planStrikes()
        broker.describe = { [unowned self] in ledger.byBytes[$0].map(Self.text) }
    }

    private static func settings(
        _ plan: Plan, _ generator: inout SeededGenerator
    ) -> AgentSettings {
        var settings = AgentSettings()
        settings.site = "s"
        settings.node = "n"
        settings.delivery = plan.waitsForReceivers ? .receiver : .broker
        settings.durability = generator.once(in: 2) ? .strict : .balanced
        // Surprises of a feed of noise would say nothing of the rules.
        var others = SensorSettings(name: "*")
        others.rule.watchesSurprise = false
        var watched = SensorSettings(name: "a")
        watched.rule.watchesSurprise = false
        watched.rule.high = Feed.limit
        settings.sensors = [others, watched]
        // What is evicted is lost by design, and says nothing of the promise.
        settings.spool.fullPolicy = .wait
        settings.windows.age = .seconds(generator.pick(1...3))
        settings.windows.offlineAge = .seconds(generator.pick(2...8))
        settings.windows.groupFrames = generator.pick(2...5)
        // Small windows are soon full where the disk takes nothing.
        if plan.hasPort { settings.windows.frameBytes = generator.pick(150...400) }
        settings.windows.groupAge = .seconds(generator.pick(10...60))
        return settings
    }

    /// Plays everything. What went wrong is in `failures` then.
    func run() {
        do {
            setFaults(generator)
            while nextLine < feed.lines.count || !strikes.isEmpty || isAnyoneDown {
                guard try round(until: .distantFuture) else { return }
                dropStaleStrikes()
            }
            try settle()
            try verify()
        } catch {
            fail("threw \(error)")
        }
    }

    /// Prints what happens.
    func trace() {
        broker.trace = { [unowned self] in
            print("@\(Double(clock.now.nanoseconds / 1_000_000) / 1000) \($0)")
        }
    }

    func fail(_ text: String) {
        if failures.count < 10 { failures.append("seed \(seed): \(text)") }
    }

    private var isAnyoneDown: Bool {
        agentStart != nil || receiverStart != nil || brokerStart != nil || diskRepair != nil
    }

    private func setFaults(_ chance: SeededGenerator) {
        var chance = chance
        func one(in count: Int) -> Int { chance.once(in: 2) ? chance.pick(2...count) : 0 }
        broker.faults = Broker.Faults(
            lostAnswers: one(in: 6), lostFrames: one(in: 12), doubledMessages: one(in: 20),
            doubledAcknowledgements: one(in: 20), stalls: one(in: 30))
    }

    /// The faults are over, everyone is there, and nothing more is read: everything gets through.
    private func settle() throws {
        broker.trace?("settles")
        broker.faults = Broker.Faults()
        repairDisk()
        agent?.encode.finish(at: clock.now)
        try note()
        let limit = clock.now + .seconds(6 * 3600)
        while clock.now < limit, !isDone {
            guard try round(until: limit) else { return }
        }
        if !isDone {
            let pending = try agent?.items().filter {
                !$0.isAcknowledged && $0.header.kind == .frame
            }.map(\.header.frame)
            fail("not acknowledged in six hours: \(String(describing: pending))")
        }
        let end = clock.now + .seconds(plan.waitsForReceivers ? 30 : 400)
        while clock.now < end {
            guard try round(until: end) else { return }
        }
    }

    private var isDone: Bool {
        guard let agent, let waiting = receiver?.pipeline.sinks.flatMap(\.feed.waiting.keys) else {
            return false
        }
        // A table that a power cut took never comes.
        let isKnown = waiting.contains {
            ledger.frames[FrameIdentity(group: $0.group, index: 0)] != nil
        }
        guard !isKnown else { return false }
        return agent.encode.isEmpty && agent.spool.with { $0.statistics.pendingGroups } == 0
    }

    // MARK: time

    /// Time goes on to whatever is next, and everyone acts. False if that does not end.
    private func round(until limit: MonotonicInstant) throws -> Bool {
        rounds += 1
        guard rounds < 60_000, failures.isEmpty else {
            if failures.isEmpty {
                fail(
                    "does not come to rest at \(clock.now): broker \(broker.deadline), "
                        + "link \(String(describing: agent?.linkDeadline)), "
                        + "encoder \(String(describing: agent?.encode.deadline)), "
                        + "sync \(String(describing: agent?.shared.syncDeadline)), "
                        + "receiver \(String(describing: receiver?.deadline)), "
                        + "strikes \(strikes)")
            }
            return false
        }
        var next = min(limit, broker.deadline, clock.now + .seconds(60))
        next = min(next, agent?.deadline ?? agentStart ?? .distantFuture)
        next = min(next, receiver?.deadline ?? receiverStart ?? .distantFuture)
        next = min(next, brokerStart ?? .distantFuture, diskRepair ?? .distantFuture)
        if nextLine < feed.lines.count, agent != nil {
            next = min(next, lineAt, plan.hasPort ? portAt : .distantFuture)
        }
        for strike in strikes {
            let moments = [strike.at, strike.at + Strike.patience]
            next = moments.filter { $0 > clock.now }.reduce(next, min)
        }
        clock.now = next
        broker.advance()
        try start()
        try strike()
        try actAgent()
        try actReceiver()
        return true
    }

    private func start() throws {
        if let brokerStart, brokerStart <= clock.now {
            broker.recover()
            self.brokerStart = nil
        }
        if let diskRepair, diskRepair <= clock.now { repairDisk() }
        if let agentStart, agentStart <= clock.now { try startAgent() }
        if let receiverStart, receiverStart <= clock.now { try startReceiver() }
    }

    private func startReceiver() throws {
        receiverStart = nil
        broker.trace?("receiver starts")
        receiver = try ReceiverLife(
            receiverDisk, broker, receiverLine, asksForHistory: true,
            heldBytes: plan.heldBytes, seed: generator.next())
        try strike()
    }

    /// After each step something may strike.
    private func actAgent() throws {
        if let agent, nextLine < feed.lines.count, lineAt <= clock.now {
            lineAt = clock.now + .milliseconds(generator.pick(50...1500))
            if !agent.input.hasChunk {
                agent.feed(feed.lines[nextLine].text)
                nextLine += 1
            }
            try afterAgentStep()
        }
        if let agent, plan.hasPort, nextLine < feed.lines.count, portAt <= clock.now {
            portAt = clock.now + .milliseconds(generator.pick(20...700))
            agent.feedPort("{\"p\":\(portLines)}\n")
            portLines += 1
            coverage.portReadings += 1
            try afterAgentStep()
        }
        if let agent, agent.wakesEncoder {
            agent.advanceEncoder()
            try afterAgentStep()
        }
        if let agent, let due = agent.shared.syncDeadline, due <= clock.now {
            agent.sync.sync()
            try afterAgentStep()
        }
        if let agent, agent.wakesLink(agentLine) {
            agent.turn()
            try afterAgentStep()
        }
    }

    private func afterAgentStep() throws {
        try note()
        noteDisk()
        checkAgent()
        try strike()
    }

    private func actReceiver() throws {
        guard let deadline = receiver?.deadline,
            deadline <= clock.now || !receiverLine.inbox.isEmpty
        else { return }
        receiver?.receive()
        checkReceiver()
        try strike()
        receiver?.settle()
        checkReceiver()
        try strike()
    }
}
