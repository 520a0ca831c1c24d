// SPDX-License-Identifier: Apache-2.0

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
    /// The speed of a serial line that is named without one.
    private static var defaultBaud: Int { 115_200 }
    private static var bauds: ClosedRange<Int> { 50...4_000_000 }

    /// `-` or `/dev/tty…[@BAUD]`.
    static var inputPlace: Self {
        Self(expectation: .inputPlace) { value in
            guard case .string(let text) = value, !text.utf8.contains(0) else { return nil }
            if text == "-" { return .standardInput }
            guard text.hasPrefix("/"), text.utf8.count <= 4096 else { return nil }
            // Paths below /dev/serial/by-path may have an @ of their own.
            guard let at = text.lastIndex(of: "@"),
                text[text.index(after: at)...].allSatisfy({ $0.isASCII && $0.isNumber })
            else { return .serial(path: text, baud: defaultBaud) }
            guard let baud = Int(text[text.index(after: at)...]), bauds.contains(baud) else {
                return nil
            }
            return .serial(path: String(text[..<at]), baud: baud)
        } write: { place in
            switch place {
            case .standardInput: TomlValue.quoted("-")
            case .serial(let path, let baud): TomlValue.quoted("\(path)@\(baud)")
            }
        }
    }
}

extension ValueType<ReceiverSettings.Sink> {
    /// `mqtt`, `jsonl:FILE` or `csv:FILE`. A file of settings is read wherever the program was
    /// started, so what it names has its path `fromRoot`.
    static func sink(fromRoot: Bool) -> Self {
        Self(expectation: .sink(fromRoot: fromRoot)) { value in
            guard case .string(let text) = value, !text.utf8.contains(0) else { return nil }
            if text == "mqtt" { return .mqtt }
            guard let colon = text.firstIndex(of: ":") else { return nil }
            let path = String(text[text.index(after: colon)...])
            guard !path.isEmpty, path.utf8.count <= 4096 else { return nil }
            guard !fromRoot || path == "-" || path.hasPrefix("/") else { return nil }
            switch text[..<colon] {
            case "jsonl": return .jsonLines(path: path)
            case "csv": return .csv(path: path)
            default: return nil
            }
        } write: { sink in
            switch sink {
            case .mqtt: TomlValue.quoted("mqtt")
            case .jsonLines(let path): TomlValue.quoted("jsonl:" + path)
            case .csv(let path): TomlValue.quoted("csv:" + path)
            }
        }
    }
}
