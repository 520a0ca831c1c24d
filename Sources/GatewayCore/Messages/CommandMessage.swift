// SPDX-License-Identifier: Apache-2.0

internal import LineProtocols

/// `cmd/<verb>`: what a receiver or an operator wants of a node.
package struct CommandMessage: Equatable, Sendable {
    /// What is wanted.
    package enum Request: Equatable, Sendable {
        /// One group again: `{"id","sid","lane","group"}`.
        case resend(GroupIdentity)
        /// All that the node still has: `{"id","history":true}`.
        case history
        /// `birth` and the channel table again; with an id that table: `{"id","table":id}`.
        case rebirth(table: UInt32?)
        /// The deferred frames of a span, whose bounds belong to it; nil for no bound:
        /// `{"id","from","to"}`.
        case fetch(from: WallTime?, to: WallTime?)
        /// A new group at once: `{"id"}`.
        case keyFrame

        /// The verb in the topic.
        package var verb: String {
            switch self {
            case .resend, .history: "resend"
            case .rebirth: "rebirth"
            case .fetch: "fetch"
            case .keyFrame: "keyframe"
            }
        }
    }

    /// Comes back in the answer; empty where nobody waits for one.
    package var id: String
    /// What is wanted.
    package var request: Request

    /// `request`, to be answered with `id`.
    package init(id: String = "", _ request: Request) {
        self.id = id
        self.request = request
    }

    /// Reads what came on `cmd/<verb>`; an empty payload is an empty object.
    package init(verb: String, _ payload: Span<UInt8>) throws(MessageError) {
        let object =
            payload.isEmpty ? MessageObject(value: .object([:])) : try Message.read(payload)
        id = object[.id] == nil ? "" : try object.identifier(.id)
        switch verb {
        case "resend":
            if let history = object[.history] {
                guard history == .boolean(true) else { throw .badField(.history) }
                request = .history
            } else {
                request = .resend(try object.group())
            }
        case "rebirth":
            request = .rebirth(table: object[.table] == nil ? nil : try object.integer(.table))
        case "fetch":
            request = .fetch(from: try object.time(.from), to: try object.time(.to))
        case "keyframe":
            request = .keyFrame
        default:
            throw .unknownVerb(id: id)
        }
    }

    /// The JSON text.
    package var payload: [UInt8] {
        var writer = MessageWriter()
        if !id.isEmpty { writer.append(.id, id) }
        switch request {
        case .resend(let group): writer.append(group: group)
        case .history: writer.append(.history, true)
        case .rebirth(let table):
            if let table { writer.append(.table, table) }
        case .fetch(let from, let to):
            if let from { writer.append(.from, from.milliseconds) }
            if let to { writer.append(.to, to.milliseconds) }
        case .keyFrame: break
        }
        return writer.finish()
    }
}
