// SPDX-License-Identifier: Apache-2.0

internal import CMosquitto
internal import Glibc

/// One `struct mosquitto`, for one connection.
@safe struct MosquittoHandle: ~Copyable {
    /// Unsent or unanswered data after which the kernel gives the connection up.
    private static let silenceMilliseconds: CInt = 20_000

    private let raw: OpaquePointer
    /// Callbacks find it through the handle, so the handle keeps it.
    private let record: Unmanaged<EventRecord>

    /// Once per process; the library is never shut down, as the process ends first.
    private static let libraryCode = mosquitto_lib_init()

    static func startLibrary() throws(ClientError) { try ClientError.check(libraryCode) }

    private init(raw: OpaquePointer, record: Unmanaged<EventRecord>) {
        unsafe self.raw = raw
        unsafe self.record = record
    }

    /// `mosquitto_new`: a handle that knows its settings and is not connected.
    static func make(
        _ settings: ClientSettings, record: EventRecord
    ) throws(ClientError) -> MosquittoHandle {
        let retained = unsafe Unmanaged.passRetained(record)
        // The library copies the name; the record outlives the handle.
        guard let raw = unsafe mosquitto_new(settings.clientID, true, retained.toOpaque()) else {
            let code = errno
            unsafe retained.release()
            throw .system(code: code)
        }
        let handle = unsafe MosquittoHandle(raw: raw, record: retained)
        try handle.configure(settings)
        return handle
    }

    deinit {
        unsafe mosquitto_destroy(raw)
        // After this no callback runs.
        unsafe record.release()
    }

    private borrowing func configure(_ settings: ClientSettings) throws(ClientError) {
        let version =
            switch settings.version {
            case .v5: MQTT_PROTOCOL_V5
            case .v311: MQTT_PROTOCOL_V311
            }
        try set(MOSQ_OPT_PROTOCOL_VERSION, version)
        try set(MOSQ_OPT_TCP_NODELAY, 1)
        try set(MOSQ_OPT_SEND_MAXIMUM, Int32(settings.sendMaximum))
        try set(MOSQ_OPT_RECEIVE_MAXIMUM, Int32(settings.receiveMaximum))
        if let user = settings.user {
            // The library copies both.
            try unsafe ClientError.check(mosquitto_username_pw_set(raw, user, settings.password))
        }
        if let will = settings.will {
            // The library copies topic and payload.
            try unsafe ClientError.check(
                mosquitto_will_set(
                    raw, will.topic, Int32(will.payload.count), will.payload, 1, will.isRetained))
        }
        unsafe MosquittoCallbacks.install(on: raw)
    }

    private borrowing func set(
        _ option: mosq_opt_t, _ value: Int32
    ) throws(ClientError) {
        // The handle is alive as long as the value.
        try unsafe ClientError.check(mosquitto_int_option(raw, option, value))
    }

    /// `mosquitto_connect_async`: sends CONNECT as soon as the socket takes it.
    borrowing func connect(
        _ host: String, _ port: UInt16, keepAliveSeconds: Int
    ) throws(ClientError) {
        // The library copies the name.
        try unsafe ClientError.check(
            mosquitto_connect_async(raw, host, Int32(port), Int32(clamping: keepAliveSeconds)))
        var limit = Self.silenceMilliseconds
        // Without it a dead line holds data for a quarter of an hour. That it could not be set is
        // no reason to stay away, as the keep-alive ends the connection too.
        _ = unsafe setsockopt(
            socket, CInt(IPPROTO_TCP), TCP_USER_TIMEOUT, &limit,
            socklen_t(MemoryLayout.size(ofValue: limit)))
    }

    /// `mosquitto_disconnect`.
    borrowing func disconnect() {
        // Whatever it returns, the connection is over.
        _ = unsafe mosquitto_disconnect(raw)
    }

    /// `mosquitto_publish`.
    borrowing func publish(
        _ topic: String, _ payload: Span<UInt8>, quality: UInt8, isRetained: Bool
    ) throws(ClientError) -> Int32 {
        var publication: Int32 = 0
        // The library copies topic and payload before it returns.
        let code = unsafe payload.withUnsafeBufferPointer { bytes in
            unsafe mosquitto_publish(
                raw, &publication, topic, Int32(clamping: bytes.count), bytes.baseAddress,
                Int32(quality), isRetained)
        }
        try ClientError.check(code)
        return publication
    }

    /// `mosquitto_subscribe_multiple`, with quality 1.
    borrowing func subscribe(_ filters: [String]) throws(ClientError) {
        // The library copies the filters into its packet; the copies here are freed below.
        let texts = unsafe filters.map { filter in unsafe strdup(filter) }
        defer { for i in unsafe texts.indices { unsafe free(texts[i]) } }
        guard unsafe texts.allSatisfy({ unsafe $0 != nil }) else { throw .system(code: ENOMEM) }
        let code = unsafe texts.withUnsafeBufferPointer { list in
            unsafe mosquitto_subscribe_multiple(
                raw, nil, Int32(list.count), list.baseAddress, 1, 0, nil)
        }
        try ClientError.check(code)
    }

    /// Negative when the connection is over.
    var socket: CInt { unsafe mosquitto_socket(raw) }

    /// Something waits to be sent.
    var wantsWrite: Bool { unsafe mosquitto_want_write(raw) }

    /// `mosquitto_loop_read` and `mosquitto_loop_write` for what the socket is ready for.
    borrowing func serve(_ state: SocketState) -> Int32 {
        // The handle is alive; callbacks touch the record only.
        if state.isReadable {
            let code = unsafe mosquitto_loop_read(raw, 1)
            guard code == 0, socket >= 0 else { return code }
        }
        return state.isWritable ? unsafe mosquitto_loop_write(raw, 1) : 0
    }

    /// `mosquitto_loop_misc`: PINGREQ, and the end of a silent line.
    borrowing func keepAlive() -> Int32 { unsafe mosquitto_loop_misc(raw) }
}
