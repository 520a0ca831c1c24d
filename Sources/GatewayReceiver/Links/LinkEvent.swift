// SPDX-License-Identifier: Apache-2.0

internal import MosquittoClient

/// What a link tells the main thread.
enum LinkEvent: Sendable {
    case connected
    /// The broker's reason, or one of the client.
    case refused(reason: UInt8)
    case disconnected(reason: Int32)
    case message(ClientMessage)
    /// The broker takes none of our subscriptions, or only some.
    case notSubscribed(reason: UInt8)
}

/// A broker's answer for a reading.
struct Delivery: Sendable {
    /// Of the reading's frame in the journal.
    var place: UInt64
    var isTaken: Bool
}
