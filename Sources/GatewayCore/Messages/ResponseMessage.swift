// SPDX-License-Identifier: Apache-2.0

internal import LineProtocols

/// `rsp/<verb>`: what became of a command.
///
///     {"id":"7","status":"gone","reason":"unknown"}
package struct ResponseMessage: Equatable, Sendable {
    /// What became of it.
    package enum Status: String, CaseIterable, Sendable {
        /// All frames were published once more, or the request was fulfilled.
        case sent
        /// The group is not here any more, or never was.
        case gone
        /// Not now: asked too often, or too much is asked for. Nothing was done.
        case busy
        /// The command was not understood.
        case error
    }

    /// Why.
    package enum Reason: String, CaseIterable, Sendable {
        /// No such group or table is stored.
        case unknown
        /// The spool could not read it.
        case unreadable
        /// More commands than one a second.
        case rate
        /// The same was asked for less than ten seconds ago.
        case again
        /// The list of jobs is full.
        case jobs
        /// No such verb.
        case verb
        /// The message is not what the verb needs.
        case malformed
    }

    /// The command's.
    package var id: String
    /// What became of it.
    package var status: Status
    /// Why; nil if there is nothing to say.
    package var reason: Reason?

    /// The answer to command `id`.
    package init(id: String, status: Status, reason: Reason? = nil) {
        self.id = id
        self.status = status
        self.reason = reason
    }

    /// Reads a payload, or says what is wrong with it. A reason from the future is none.
    package init(_ payload: Span<UInt8>) throws(MessageError) {
        let object = try Message.read(payload)
        id = object[.id] == nil ? "" : try object.identifier(.id)
        guard let status = object[.status]?.text.flatMap(Status.init(rawValue:)) else {
            throw .badField(.status)
        }
        self.status = status
        reason = object[.reason]?.text.flatMap(Reason.init(rawValue:))
    }

    /// The JSON text.
    package var payload: [UInt8] {
        var writer = MessageWriter()
        if !id.isEmpty { writer.append(.id, id) }
        writer.append(.status, status.rawValue)
        if let reason { writer.append(.reason, reason.rawValue) }
        return writer.finish()
    }
}
