// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import Testing

/// A machine with a spool in memory and a client that takes everything, on a clock that the test
/// moves.
struct PublishRig {
    /// What went out.
    struct Sent: Equatable {
        var publication: Int32
        var item: StoredFrame
        var topic: FrameTopic
    }

    static let stream = StreamID(random: 0x12_3456_789A)
    var store = MemoryFrames()
    var machine: PublishMachine
    var now = seconds(0)
    var sent: [Sent] = []
    /// Orders that were no frames and no acknowledgements.
    var others: [PublishOrder] = []
    var waitsUntil = seconds(0)
    private var lastPublication: Int32 = 0

    init(receivers: [String]? = nil) {
        var policy = PublishPolicy(stream: Self.stream)
        policy.waitsForReceivers = receivers != nil
        policy.requiredReceivers = receivers ?? []
        machine = PublishMachine(policy)
    }

    /// Of a life before: its deferred frames are sent like others.
    static let earlier = StreamID(random: 0x55)

    static func group(_ number: UInt32, _ lane: Lane = .data) -> GroupIdentity {
        GroupIdentity(stream: lane == .deferred ? earlier : stream, lane: lane, group: number)
    }

    mutating func append(_ group: UInt32, _ indexes: Range<UInt32>, _ lane: Lane = .data) {
        for index in indexes {
            store.append(FrameIdentity(group: Self.group(group, lane), index: index))
        }
    }

    mutating func connect() throws {
        try machine.connected(at: now, to: &store)
        try pump()
    }

    /// Does what the machine says until it waits.
    mutating func pump() throws {
        while true {
            let order = try machine.next(at: now, in: &store)
            switch order {
            case .publish(let item, let topic):
                lastPublication += 1
                machine.handedOver(lastPublication)
                sent.append(Sent(publication: lastPublication, item: item, topic: topic))
            case .acknowledge(let group):
                store.acknowledge(group)
                machine.acknowledged(group)
            case .publishHeads, .publishBirth, .endGroup, .answer, .releaseDeferred:
                others.append(order)
            case .finished, .reconnect:
                others.append(order)
                return
            case .wait(let until):
                waitsUntil = until
                if until > now { return }
            }
        }
    }

    /// The broker answers for everything that it was sent and has not answered for.
    mutating func answerAll(_ reason: UInt8 = 0) throws {
        for message in sent {
            _ = machine.answered(message.publication, reason: reason, at: now)
        }
        try pump()
    }

    mutating func answer(_ index: Int, _ reason: UInt8 = 0) throws {
        _ = machine.answered(sent[index].publication, reason: reason, at: now)
        try pump()
    }

    mutating func receive(
        _ group: GroupIdentity, upTo: UInt32, by receiver: String = "r"
    ) throws {
        machine.received(
            AcknowledgementMessage(
                receiver: receiver, entries: [.init(group: group, upTo: upTo)]), at: now)
        try pump()
    }

    mutating func command(_ command: CommandMessage) throws {
        machine.command(verb: command.request.verb, command.payload.span, at: now)
        try pump()
    }

    mutating func wait(_ count: Double) throws {
        now = now + .milliseconds(Int(count * 1000))
        try pump()
    }

    /// `group.index` and the topic of what went out since the last call.
    mutating func takeSent() -> [String] {
        let texts = sent.map { message -> String in
            guard case .frame(let frame) = message.item.content else {
                return "table \(message.topic)"
            }
            return "\(frame.group.group).\(frame.index) \(message.topic)"
        }
        sent.removeAll()
        return texts
    }

    mutating func takeOthers() -> [PublishOrder] {
        let orders = others
        others.removeAll()
        return orders
    }
}

/// Expects two values to be equal. The macro cannot call what changes a value; this can.
func equal<Value: Equatable>(
    _ actual: Value, _ expected: Value, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(actual == expected, sourceLocation: sourceLocation)
}
