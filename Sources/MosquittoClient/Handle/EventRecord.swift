// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What callbacks write down, in the order in which it happened. Used by one thread only.
final class EventRecord {
    private var events: [ClientEvent] = []
    private var told = 0
    /// A connection has begun and neither been refused nor ended.
    private var isOpen = false
    var isConnected = false
    private(set) var systemCode: Int32 = 0

    /// A connection had begun, and is no more.
    var isOver: Bool { !isOpen }

    func begin() {
        isOpen = true
        isConnected = false
        systemCode = 0
    }

    /// The connection is of no interest any more.
    func forget() {
        isOpen = false
        isConnected = false
    }

    func add(_ event: ClientEvent) { events.append(event) }

    func connected(_ answer: ConnectAnswer) {
        guard isOpen else { return }
        isConnected = true
        add(.connected(answer))
    }

    /// The library goes on to report that it closed the connection, which nobody needs to hear.
    func refused(_ reason: UInt8) {
        guard isOpen else { return }
        forget()
        add(.refused(reason: reason))
    }

    /// The library may say it more than once.
    func end(_ reason: Int32) {
        guard isOpen else { return }
        if reason == ClientError.systemReason { systemCode = errno }
        forget()
        add(.disconnected(reason: reason))
    }

    func next() -> ClientEvent? {
        guard told < events.count else { return nil }
        defer {
            told += 1
            if told == events.count {
                events.removeAll(keepingCapacity: true)
                told = 0
            }
        }
        return events[told]
    }
}
