// SPDX-License-Identifier: Apache-2.0

/// Which of the topics for frames.
package enum FrameTopic: String, CaseIterable, Sendable {
    case data
    case alert
    case deferred
    /// Backfill, a fetch, or sent again.
    case back
}

/// What a node's topics are called behind its prefix.
package enum NodeTopic: Hashable, Sendable {
    case frame(FrameTopic)
    case heads
    case state
    case birth
    case health
    case gap
    case event
    case acknowledgement
    /// Decoded readings of the sensor with these bytes as its name.
    case data(sensor: [UInt8])
    case command(verb: String)
    case response(verb: String)

    /// The levels behind the prefix.
    package var suffix: String {
        switch self {
        case .frame(let topic): "frame/\(topic.rawValue)"
        case .heads: "heads"
        case .state: "state"
        case .birth: "birth"
        case .health: "health"
        case .gap: "gap"
        case .event: "event"
        case .acknowledgement: "ack"
        case .data(let sensor): "data/\(TopicName.level(sensor))"
        case .command(let verb): "cmd/\(verb)"
        case .response(let verb): "rsp/\(verb)"
        }
    }

    /// The topic that has these levels behind the prefix; nil if it is none of ours.
    package init?(suffix: Substring) {
        let levels = suffix.split(separator: "/", omittingEmptySubsequences: false)
        switch levels.count {
        case 1:
            switch levels[0] {
            case "heads": self = .heads
            case "state": self = .state
            case "birth": self = .birth
            case "health": self = .health
            case "gap": self = .gap
            case "event": self = .event
            case "ack": self = .acknowledgement
            default: return nil
            }
        case 2 where !levels[1].isEmpty:
            switch levels[0] {
            case "frame":
                guard let topic = FrameTopic(rawValue: String(levels[1])) else { return nil }
                self = .frame(topic)
            case "data":
                guard let sensor = TopicName.name(ofLevel: levels[1]) else { return nil }
                self = .data(sensor: sensor)
            case "cmd": self = .command(verb: String(levels[1]))
            case "rsp": self = .response(verb: String(levels[1]))
            default: return nil
            }
        default: return nil
        }
    }
}

/// A whole topic, taken apart.
package struct NodeAddress: Hashable, Sendable {
    /// `alec/v1/<site>/<node>/`, as it was received.
    package var prefix: String
    /// The bytes of the site's name.
    package var site: [UInt8]
    /// The bytes of the node's name.
    package var node: [UInt8]
    /// Which of the node's topics.
    package var topic: NodeTopic

    /// Takes `topic` apart; nil if it is none of ours.
    package init?(_ topic: String) {
        let levels = topic.split(
            separator: "/", maxSplits: 4, omittingEmptySubsequences: false)
        guard levels.count == 5, levels[0] == "alec", levels[1] == "v1",
            let site = TopicName.name(ofLevel: levels[2]),
            let node = TopicName.name(ofLevel: levels[3]),
            let suffix = NodeTopic(suffix: levels[4])
        else { return nil }
        self.prefix = String(topic[..<levels[4].startIndex])
        self.site = site
        self.node = node
        self.topic = suffix
    }
}
