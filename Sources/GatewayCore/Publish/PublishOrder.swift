// SPDX-License-Identifier: Apache-2.0

package import AlecCodec

/// What `PublishMachine` wants done.
package enum PublishOrder: Equatable, Sendable {
    /// Publish the bytes of a frame, then say `handedOver`, `notHandedOver` or `unreadable`.
    case publish(StoredFrame, FrameTopic)
    /// Make the group history, then say `acknowledged` or `notAcknowledged`.
    case acknowledge(GroupIdentity)
    /// Publish `heads`, retained.
    case publishHeads(HeadsMessage)
    /// Publish `birth`, retained.
    case publishBirth
    /// All deferred frames in the spool are to be sent from now on: count them so.
    case releaseDeferred
    /// Let the data lane begin a new group.
    case endGroup
    /// Publish the answer to a command.
    case answer(verb: String, ResponseMessage)
    /// Give up the connection: it takes frames and acknowledges none. Then say `disconnected`.
    case reconnect
    /// Nothing before then, unless something happens.
    case wait(until: MonotonicInstant)
    /// After `finish`: all is acknowledged, or the time is over.
    case finished(isComplete: Bool)
}

/// What a machine is told once.
package struct PublishPolicy: Sendable {
    /// The life whose heads are published.
    package var stream: StreamID
    /// Whose word removes a group: only receivers' if true, else the broker's.
    package var waitsForReceivers = false
    /// Receivers that must all acknowledge; empty means that any one does.
    package var requiredReceivers: [String] = []

    /// The broker's word counts.
    package init(stream: StreamID) { self.stream = stream }
}

/// What happened since the program began.
package struct PublishCounters: Equatable, Sendable {
    /// Frames and tables handed to the client, repeats included.
    package var published: UInt64 = 0
    /// Of them, what had been handed over before.
    package var repeated: UInt64 = 0
    /// PUBACKs that say yes.
    package var accepted: UInt64 = 0
    /// Of them, those that say that nobody subscribes.
    package var unheard: UInt64 = 0
    /// PUBACKs that say no.
    package var refused: UInt64 = 0
    /// Groups acknowledged.
    package var groups: UInt64 = 0
    /// Last frames sent again because no receiver acknowledged them.
    package var reminders: UInt64 = 0
    /// Connections given up because no PUBACK came.
    package var silences: UInt64 = 0
    /// Groups whose progress was forgotten for want of room; they are sent again.
    package var forgotten: UInt64 = 0
    /// Frames that the spool could not give back intact.
    package var unreadable: UInt64 = 0
    /// Commands that were carried out.
    package var commands: UInt64 = 0
    /// Commands that were turned away or not understood.
    package var refusedCommands: UInt64 = 0
    /// Acknowledgements of receivers that are not required.
    package var foreignReceivers: UInt64 = 0

    /// Nothing happened.
    package init() {}
}
