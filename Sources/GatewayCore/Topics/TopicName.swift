// SPDX-License-Identifier: Apache-2.0

/// Names as levels of a topic: bytes outside `[A-Za-z0-9_.-]` become `=XX`.
///
/// `/`, `+` and `#` mean something to MQTT, and brokers differ in what else they take. As `=`
/// itself is escaped, two names never become one level.
package enum TopicName {
    /// What every topic of every node begins with.
    package static let root = "alec/v1/"

    /// `alec/v1/<site>/<node>/`.
    package static func prefix(site: String, node: String) -> String {
        "\(root)\(level(site))/\(level(node))/"
    }

    /// One level for `name`.
    package static func level(_ name: String) -> String { level(Array(name.utf8)) }

    /// One level for a name given as bytes.
    package static func level(_ name: [UInt8]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.count)
        for byte in name {
            if isPlain(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "="))
                bytes.append(hexDigit(byte >> 4))
                bytes.append(hexDigit(byte & 15))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The bytes that `level` stands for; nil if `level(_:)` does not make such a level.
    package static func name(ofLevel level: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = level.utf8.makeIterator()
        while let byte = rest.next() {
            if isPlain(byte) {
                bytes.append(byte)
                continue
            }
            guard byte == UInt8(ascii: "="), let high = rest.next().flatMap(hexValue),
                let low = rest.next().flatMap(hexValue), !isPlain(high << 4 | low)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes.isEmpty ? nil : bytes
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10
    }

    /// Capital letters only, so that a name has one level.
    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
