// SPDX-License-Identifier: Apache-2.0

/// An MQTT connection that one thread owns and drives: it does nothing between two calls.
///
/// The library answers through callbacks, some of them inside the very call that caused them. They
/// only write down what happened; `nextEvent` gives it out. Each connection gets a handle of its
/// own: a handle sends what it still holds again on the next connection, and only the spool may
/// decide on that. So an identifier of a publication is good for one connection only.
package struct MosquittoClient: ~Copyable {
    /// Packets read in one call of `run`, so that a flood leaves its caller time to act.
    package static let packetsPerRun = 64

    /// Used by the next `connect`.
    package var settings: ClientSettings
    private let record = EventRecord()
    private var handle: MosquittoHandle?

    /// A client that is not connected.
    package init(_ settings: ClientSettings) throws(ClientError) {
        try MosquittoHandle.startLibrary()
        self.settings = settings
    }

    /// The broker took the connection and it has not ended.
    package var isConnected: Bool { record.isConnected }

    /// The `errno` behind the newest `disconnected` with reason 14 (`MOSQ_ERR_ERRNO`); else 0.
    package var systemCode: Int32 { record.systemCode }

    /// Begins a connection; what is left of the one before is dropped.
    ///
    /// Looking up a name blocks for as long as the resolver tries; the rest does not. The answer
    /// comes as `connected`, `refused` or `disconnected`, of which each connection that began ends
    /// with exactly one of the last two. A broker that never answers is the caller's to time.
    package mutating func connect(host: String, port: UInt16) throws(ClientError) {
        drop()
        let fresh = try MosquittoHandle.make(settings, record: record)
        record.begin()
        do throws(ClientError) {
            try fresh.connect(host, port, keepAliveSeconds: settings.keepAliveSeconds)
        } catch {
            record.forget()
            throw error
        }
        handle = consume fresh
    }

    /// Says goodbye, so that the will stays unpublished. Where the line is full the rest goes out
    /// in `run`; `disconnected` with reason 0 tells that it did.
    package mutating func disconnect() {
        guard isConnected else { return drop() }
        record.isConnected = false
        handle?.disconnect()
        settle(0)
    }

    /// Closes without a word: the broker publishes the will. No event tells of it.
    package mutating func drop() {
        handle = nil
        record.forget()
    }

    /// Hands a message over; its number for `acknowledged`. Quality 0 is acknowledged when it left
    /// for the kernel. When it throws, the message is not kept.
    package mutating func publish(
        _ topic: String, _ payload: Span<UInt8>, quality: UInt8, isRetained: Bool
    ) throws(ClientError) -> Int32 {
        guard isConnected else { throw .notConnected }
        do throws(ClientError) {
            guard
                let publication = try handle?.publish(
                    topic, payload, quality: quality, isRetained: isRetained)
            else { throw ClientError.notConnected }
            return publication
        } catch {
            try fail(error)
        }
    }

    /// Asks for messages, with quality 1. One `subscribed` answers for all filters.
    package mutating func subscribe(_ filters: [String]) throws(ClientError) {
        guard isConnected else { throw .notConnected }
        do throws(ClientError) {
            try handle?.subscribe(filters)
        } catch {
            try fail(error)
        }
    }

    /// Waits for the broker, for `wake` to become readable or for the monotonic clock to show
    /// `deadlineNanoseconds`, but at most a second, and does what there is to do. Without a
    /// connection it waits for the other two. Who owns `wake` clears it.
    package mutating func run(
        until deadlineNanoseconds: Int64, wake: CInt
    ) throws(ClientError) {
        let waiting = SocketWait(until: deadlineNanoseconds, isConnection: handle != nil)
        var ready = try waiting.wait(socket: socket, wantsWrite: wantsWrite, wake: wake)
        for _ in 0..<Self.packetsPerRun {
            guard ready.isReadable || ready.isWritable else { break }
            let code = handle?.serve(ready) ?? 0
            settle(code)
            guard handle != nil else { return }
            ready = try SocketWait.look(socket: socket, wantsWrite: wantsWrite)
        }
        if let code = handle?.keepAlive() { settle(code) }
    }

    /// What happened next; nil when all is told.
    package mutating func nextEvent() -> ClientEvent? { record.next() }

    private var socket: CInt { mutating get { handle?.socket ?? -1 } }
    private var wantsWrite: Bool { mutating get { handle?.wantsWrite ?? false } }

    /// Gives up the handle once its connection is over, however the library told.
    private mutating func settle(_ code: Int32) {
        guard handle != nil, code != 0 || socket < 0 || record.isOver else { return }
        record.end(code)
        handle = nil
    }

    /// After an error of the line the library may have kept the message: the handle goes with it.
    private mutating func fail(_ error: ClientError) throws(ClientError) -> Never {
        switch error {
        case .tooLarge, .library:
            settle(0)
            throw error
        case .notConnected, .system, .unresolved:
            record.end(error.libraryCode)
            handle = nil
            throw .notConnected
        }
    }
}
