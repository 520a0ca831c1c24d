// SPDX-License-Identifier: Apache-2.0

internal import CMosquitto

/// Turns what the library calls into events. Nothing here takes a lock or calls the library back,
/// except to read properties: these functions run inside its calls.
enum MosquittoCallbacks {
    static func install(on raw: OpaquePointer) {
        // The five closures capture nothing and copy what they are lent before they return.
        unsafe mosquitto_connect_v5_callback_set(raw) { _, object, code, _, properties in
            guard let record = unsafe EventRecord.lent(object) else { return }
            if code == 0 {
                record.connected(unsafe ConnectAnswer(properties))
            } else {
                record.refused(UInt8(truncatingIfNeeded: code))
            }
        }
        unsafe mosquitto_disconnect_v5_callback_set(raw) { _, object, code, _ in
            unsafe EventRecord.lent(object)?.end(code)
        }
        unsafe mosquitto_publish_v5_callback_set(raw) { _, object, publication, code, _ in
            unsafe EventRecord.lent(object)?.add(
                .acknowledged(publication: publication, reason: UInt8(truncatingIfNeeded: code)))
        }
        unsafe mosquitto_subscribe_v5_callback_set(raw) { _, object, _, count, grants, _ in
            let list = unsafe UnsafeBufferPointer(start: grants, count: Int(count))
            unsafe EventRecord.lent(object)?.add(
                .subscribed(grants: list.map { UInt8(truncatingIfNeeded: $0) }))
        }
        unsafe mosquitto_message_v5_callback_set(raw) { _, object, message, _ in
            guard let message = unsafe message else { return }
            unsafe EventRecord.lent(object)?.add(.message(ClientMessage(message.pointee)))
        }
    }
}

extension EventRecord {
    /// Borrowed by each callback; the handle keeps it alive until the library is done.
    fileprivate static func lent(_ object: UnsafeMutableRawPointer?) -> EventRecord? {
        // The pointer is the one that the handle gave to `mosquitto_new`.
        unsafe object.map { unsafe Unmanaged<EventRecord>.fromOpaque($0).takeUnretainedValue() }
    }
}

extension ConnectAnswer {
    /// What the properties of a CONNACK say; MQTT 3.1.1 has none.
    fileprivate init(_ properties: OpaquePointer?) {
        self.init()
        var limit: UInt32 = 0
        // The property list is lent by the library for this call.
        let found = unsafe mosquitto_property_read_int32(
            properties, Int32(MQTT_PROP_MAXIMUM_PACKET_SIZE.rawValue), &limit, false)
        if unsafe found != nil { maximumPacketBytes = limit }
    }
}

extension ClientMessage {
    /// Copies a message that the library lends. Bytes of the topic that are no UTF-8 are replaced.
    fileprivate init(_ message: mosquitto_message) {
        let bytes = unsafe UnsafeRawBufferPointer(
            start: message.payload, count: Int(message.payloadlen))
        self.init(
            topic: unsafe String(cString: message.topic), payload: unsafe Array(bytes),
            isRetained: unsafe message.retain)
    }
}
