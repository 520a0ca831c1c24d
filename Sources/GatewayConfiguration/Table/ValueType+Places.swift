// SPDX-License-Identifier: Apache-2.0

internal import GatewayCore

/// Where a broker listens.
struct BrokerAddress: Equatable, Sendable {
    static let defaultPort: UInt16 = 1883

    var host: String
    var port: UInt16
}

extension ValueType<BrokerAddress> {
    /// `HOST`, `HOST:PORT`, `[V6]` or `[V6]:PORT`; a V6 address without port needs no brackets.
    static var address: Self {
        Self(expectation: .address) { value in
            guard case .string(let text) = value, text.utf8.count <= 300 else { return nil }
            let (host, port) = split(text)
            guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
                !host.contains(where: { "/[]".contains($0) })
            else { return nil }
            guard let port else {
                return BrokerAddress(host: host, port: BrokerAddress.defaultPort)
            }
            guard let number = UInt16(port), number > 0, !port.hasPrefix("+") else { return nil }
            return BrokerAddress(host: host, port: number)
        } write: { address in
            let isV6 = address.host.contains(":")
            let host = isV6 ? "[" + address.host + "]" : address.host
            return TomlValue.quoted(host + ":" + String(address.port))
        }
    }

    private static func split(_ text: String) -> (host: String, port: Substring?) {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let host = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[text.index(after: end)...]
            if rest.isEmpty { return (host, nil) }
            return rest.hasPrefix(":") ? (host, rest.dropFirst()) : ("", nil)
        }
        guard let colon = text.lastIndex(of: ":"), text.firstIndex(of: ":") == colon else {
            return (text, nil)
        }
        return (String(text[..<colon]), text[text.index(after: colon)...])
    }
}

extension ValueType<InputSettings.Place> {
    /// `-`, `exec:COMMAND`, or a device: `/dev/tty…[@BAUD]`, `usb:VID:PID[:SERIAL][@BAUD]`.
    static var inputPlace: Self {
        Self(expectation: .inputPlace) { value in
            guard case .string(let text) = value else { return nil }
            return InputSettings.Place(text)
        } write: {
            TomlValue.quoted($0.text)
        }
    }
}

extension InputSettings.Place {
    /// The speed of a serial line that is named without one.
    package static let defaultBaud = 115_200
    private static let bauds = 50...12_000_000
    private static let maximumBytes = 4096

    /// The place as it is written in the settings; nil for what is none.
    package init?(_ text: String) {
        guard !text.utf8.contains(0), text.utf8.count <= Self.maximumBytes else { return nil }
        if text == "-" {
            self = .standardInput
        } else if text.hasPrefix("exec:") {
            let command = String(text.dropFirst("exec:".count))
            guard CommandWords.split(command) != nil else { return nil }
            self = .command(command)
        } else {
            guard let (device, baud) = Self.split(text), Self.isDevice(device) else { return nil }
            self = .serial(path: device, baud: baud ?? Self.defaultBaud)
        }
    }

    /// A device and its speed, if that is told.
    package static func split(_ text: String) -> (device: String, baud: Int?)? {
        // Paths below /dev/serial/by-path may have an @ of their own.
        guard let at = text.lastIndex(of: "@"),
            text[text.index(after: at)...].allSatisfy({ $0.isASCII && $0.isNumber })
        else { return (text, nil) }
        guard let baud = Int(text[text.index(after: at)...]), bauds.contains(baud) else {
            return nil
        }
        return (String(text[..<at]), baud)
    }

    private static func isDevice(_ text: String) -> Bool {
        guard text.hasPrefix("usb:") else { return text.hasPrefix("/") }
        let parts = text.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3, parts.count < 4 || !parts[3].isEmpty else { return false }
        return parts[1...2].allSatisfy { part in
            part.utf8.count == 4 && part.allSatisfy { $0.isASCII && $0.isHexDigit }
        }
    }
}

extension ValueType<ReceiverSettings.Sink> {
    /// `mqtt`, or a format and a file: `jsonl:FILE`. A file of settings is read wherever the
    /// program was started, so what it names has its path `fromRoot`.
    static func sink(fromRoot: Bool) -> Self {
        Self(expectation: .sink(fromRoot: fromRoot)) { value in
            guard case .string(let text) = value, !text.utf8.contains(0) else { return nil }
            if text == "mqtt" { return .mqtt }
            guard let colon = text.firstIndex(of: ":") else { return nil }
            let path = String(text[text.index(after: colon)...])
            guard !path.isEmpty, path.utf8.count <= 4096,
                !fromRoot || path == "-" || path.hasPrefix("/"),
                let format = ReceiverSettings.LineFormat(rawValue: String(text[..<colon]))
            else { return nil }
            return .lines(format, path: path)
        } write: { sink in
            switch sink {
            case .mqtt: TomlValue.quoted("mqtt")
            case .lines(let format, let path): TomlValue.quoted(format.rawValue + ":" + path)
            }
        }
    }
}
