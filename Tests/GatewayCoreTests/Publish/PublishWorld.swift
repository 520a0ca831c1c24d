// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import TestSupport
import Testing

@testable import GatewayCore

/// An agent's machine and spool, a broker and a receiver in virtual time, with faults from a seed.
///
/// What must hold is checked at each order; at the end, with the faults gone, everything must have
/// arrived.
struct PublishWorld {
    /// What the broker was sent and has not answered for, in the order of sending.
    struct Waiting {
        var publication: Int32
        var frame: FrameIdentity?
    }

    let waitsForReceivers: Bool
    let name: String
    var generator: SeededGenerator
    var store = MemoryFrames()
    var machine: PublishMachine
    var link = LinkMachine()
    var now = seconds(0)
    /// Frames that the broker said it has.
    var accepted: Set<FrameIdentity> = []
    /// Frames in the receiver's journal.
    var journal: Set<FrameIdentity> = []
    var appended: Set<FrameIdentity> = []
    var isFaulty = true
    var isFinished = false
    /// How often each kind of thing happened, so that a test can see that it did.
    var losses = 0
    var restarts = 0

    private var waiting: [Waiting] = []
    private var isConnected = false
    private var nextPublication: Int32 = 0
    private var life: UInt64 = 1
    private var dataGroup: UInt32 = 100
    private var dataIndex: UInt32 = 0
    private var alertGroup: UInt32 = 100
    private var sentInOrder: [GroupIdentity: UInt32] = [:]

    init(seed: UInt64, waitsForReceivers: Bool) {
        self.waitsForReceivers = waitsForReceivers
        name = "seed \(seed), \(waitsForReceivers ? "receiver" : "broker")"
        generator = SeededGenerator(seed: seed)
        machine = Self.machine(life, waitsForReceivers)
    }

    private static func machine(_ life: UInt64, _ waitsForReceivers: Bool) -> PublishMachine {
        var policy = PublishPolicy(stream: StreamID(random: life))
        policy.waitsForReceivers = waitsForReceivers
        return PublishMachine(policy)
    }

    /// Something happens, then time passes.
    mutating func step() {
        switch generator.below(20) {
        case 0...5: appendData()
        case 6: endGroup()
        case 7: appendAlert()
        case 8, 9: store.sync()
        case 10...14: answer(generator.pick(1...8))
        case 15: if isFaulty, generator.once(in: 3) { lose() }
        case 16: if isFaulty, generator.once(in: 10) { restart() }
        case 17: if isFaulty { store.failsAfter = generator.pick(1...10) }
        case 18: command()
        default: if generator.once(in: 4) { now = now + .seconds(generator.pick(1...400)) }
        }
        now = now + .milliseconds(generator.pick(0...500))
        pump()
    }

    /// The faults end; what was appended must get through within a day.
    mutating func settle() {
        isFaulty = false
        store.failsAfter = 0
        store.closeAll()
        store.sync()
        machine.finish(by: now + .seconds(86_400))
        for _ in 0..<20_000 where !isFinished {
            pump()
            answer(100)
            now = now + .seconds(1)
        }
        #expect(isFinished, "\(name)")
        #expect(store.pending.isEmpty, "\(name)")
        let arrived = waitsForReceivers ? journal : accepted
        #expect(appended.subtracting(arrived).isEmpty, "\(name)")
    }

    private mutating func appendData() {
        let group = GroupIdentity(
            stream: StreamID(random: life), lane: .data, group: dataGroup)
        if dataIndex == 0, generator.once(in: 2) { store.append(table: UInt32(life)) }
        append(FrameIdentity(group: group, index: dataIndex))
        dataIndex += 1
        if dataIndex >= 80 { endGroup() }
    }

    private mutating func endGroup() {
        guard dataIndex > 0 else { return }
        if generator.once(in: 2) {
            store.close(
                GroupIdentity(stream: StreamID(random: life), lane: .data, group: dataGroup))
        }
        dataGroup += 1
        dataIndex = 0
    }

    private mutating func appendAlert() {
        alertGroup += 1
        append(
            FrameIdentity(
                group: GroupIdentity(
                    stream: StreamID(random: life), lane: .alert, group: alertGroup), index: 0))
    }

    private mutating func append(_ frame: FrameIdentity) {
        store.append(frame)
        appended.insert(frame)
    }

    private mutating func restart() {
        lose()
        restarts += 1
        life += 1
        dataIndex = 0
        store.closeAll()
        machine = Self.machine(life, waitsForReceivers)
        link = LinkMachine()
        sentInOrder.removeAll()
    }

    private mutating func lose() {
        guard isConnected else { return }
        losses += 1
        isConnected = false
        waiting.removeAll()
        machine.disconnected()
        link.failed(at: now, using: &generator)
        sentInOrder.removeAll()
    }

    private mutating func command() {
        let group = appended.isEmpty ? nil : appended.min { $0.group.group < $1.group.group }?.group
        let request: CommandMessage.Request =
            generator.once(in: 5) || group == nil
            ? .history : .resend(group.map { generator.once(in: 2) ? $0 : current } ?? current)
        machine.command(
            verb: request.verb, CommandMessage(id: "1", request).payload.span, at: now)
    }

    private var current: GroupIdentity {
        GroupIdentity(stream: StreamID(random: life), lane: .data, group: dataGroup)
    }

    /// The broker answers the oldest messages, sometimes twice, sometimes with no.
    private mutating func answer(_ count: Int) {
        for _ in 0..<min(count, waiting.count) {
            // A broker keeps the order; one that does not must do no harm.
            let i = isFaulty && generator.once(in: 10) ? generator.below(waiting.count) : 0
            let message = waiting.remove(at: i)
            if isFaulty, generator.once(in: 200) { continue }
            let isRefused = isFaulty && generator.once(in: 12)
            let reason: UInt8 = isRefused ? 0x87 : generator.once(in: 10) ? 0x10 : 0
            if !isRefused, let frame = message.frame {
                accepted.insert(frame)
                // A broker that is killed may forget what it has acknowledged.
                if !isFaulty || !generator.once(in: 20) { deliver(frame) }
            }
            _ = machine.answered(message.publication, reason: reason, at: now)
            if isFaulty, generator.once(in: 10) {
                _ = machine.answered(message.publication, reason: reason, at: now)
            }
        }
    }

    /// The receiver journals and acknowledges; of a group with a hole it asks for all.
    private mutating func deliver(_ frame: FrameIdentity) {
        journal.insert(frame)
        var below: UInt32 = 0
        while journal.contains(FrameIdentity(group: frame.group, index: below)) { below += 1 }
        if below <= frame.index {
            let request = CommandMessage(id: "2", .resend(frame.group))
            machine.command(verb: "resend", request.payload.span, at: now)
        }
        guard below > 0, !isFaulty || !generator.once(in: 4) else { return }
        machine.received(
            AcknowledgementMessage(
                receiver: "r", entries: [.init(group: frame.group, upTo: below - 1)]), at: now)
    }

    private mutating func pump() {
        switch link.next(at: now, using: &generator) {
        case .dial:
            if isFaulty, generator.once(in: 3) {
                link.failed(at: now, using: &generator)
            } else if (try? machine.connected(at: now, to: &store)) != nil {
                link.connected(at: now)
                isConnected = true
            } else {
                link.failed(at: now, using: &generator)
            }
        case .hangUp, .wait: break
        }
        for _ in 0..<1000 where !isFinished {
            guard let order = try? machine.next(at: now, in: &store) else { continue }
            switch order {
            case .publish(let item, let topic): publish(item, topic)
            case .acknowledge(let group): acknowledge(group)
            case .reconnect: lose()
            case .finished(let isComplete):
                #expect(isComplete, "\(name)")
                isFinished = true
            case .wait(let until): if until > now { return }
            case .publishHeads(let heads): check(heads)
            case .publishBirth, .endGroup, .answer, .releaseDeferred: break
            }
        }
        #expect(isFinished, "never waits, \(name)")
    }

    private mutating func publish(_ item: StoredFrame, _ topic: FrameTopic) {
        #expect(isConnected, "\(name)")
        if let frame = item.frame {
            #expect(store.items.contains { $0.place == item.place }, "\(name)")
            if frame.group.lane == .alert { #expect(item.place < store.syncedPlace, "\(name)") }
            if machine.flights.last?.track.isPending == true { checkOrder(frame) }
        }
        if isFaulty, generator.once(in: 50) {
            machine.notHandedOver()
            return
        }
        nextPublication += 1
        machine.handedOver(nextPublication)
        waiting.append(Waiting(publication: nextPublication, frame: item.frame))
        #expect(machine.flights.count <= PublishMachine.window, "\(name)")
        #expect(machine.groups.count <= PublishMachine.groupLimit, "\(name)")
        let flying = machine.flights.filter(\.track.isPending).compactMap(\.item.frame)
        #expect(Set(flying).count == flying.count, "under way twice, \(name)")
    }

    /// No frame of a group goes out before those it builds on have.
    private mutating func checkOrder(_ frame: FrameIdentity) {
        let known = sentInOrder[frame.group] ?? 0
        let confirmed = machine.groups.first { $0.group == frame.group }?.publishedBelow ?? 0
        #expect(frame.index <= max(known, confirmed), "\(frame) after \(known), \(name)")
        sentInOrder[frame.group] = max(known, frame.index + 1)
    }

    private mutating func acknowledge(_ group: GroupIdentity) {
        if isFaulty, generator.once(in: 10) {
            machine.notAcknowledged(group, at: now)
            return
        }
        for frame in store.frames(of: group).compactMap(\.frame) {
            #expect((waitsForReceivers ? journal : accepted).contains(frame), "\(name)")
        }
        #expect(store.isClosed(group), "\(name)")
        store.acknowledge(group)
        machine.acknowledged(group)
    }

    private func check(_ heads: HeadsMessage) {
        for lane in Lane.allCases {
            guard let head = heads[lane] else { continue }
            let group = GroupIdentity(stream: heads.stream, lane: lane, group: head.group)
            #expect(
                accepted.contains(FrameIdentity(group: group, index: head.index)), "\(name)")
        }
    }
}
