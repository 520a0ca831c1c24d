// SPDX-License-Identifier: Apache-2.0

extension BrokerSettings {
    /// Host and port, as they are written together.
    var address: BrokerAddress {
        get { BrokerAddress(host: host, port: port) }
        set {
            host = newValue.host
            port = newValue.port
        }
    }

    /// What can be said of a broker.
    static let keys: [Key<BrokerSettings>] = [
        Key(
            "address", \.address, .address, isRequired: true, example: "\"localhost:1883\"",
            "HOST or HOST:PORT; the port is 1883 if it is left out."),
        Key(
            "user", optional: \.user, .text(maximumBytes: 256), example: "\"gateway\"",
            "The name to log in with. Without it there is no login."),
        Key(
            "password_file", optional: \.passwordFile, .path,
            example: "\"/etc/alec/broker-password\"",
            "A file whose first line is the password. Under systemd see LoadCredential= "
                + "in the unit."
        ),
        Key(
            "keep_alive", \.keepAlive, .duration(.seconds(5)...(.seconds(3600))),
            "How long the line may be silent before it is tried."),
    ]

    /// Stands for a broker until its address is read.
    static let initial = BrokerSettings(host: "")

    /// A password is at most what MQTT has room for.
    private static let passwordLimit = 65_535

    /// Takes the password out of its file.
    mutating func readPassword(_ reading: inout TableReading) {
        guard let passwordFile else { return }
        do throws(ConfigurationFault.Reason) {
            let bytes = try SettingsFile.bytes(of: passwordFile, limit: Self.passwordLimit)
            let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            password = String(decoding: line, as: UTF8.self)
        } catch {
            reading.add(about: "broker.password_file", error)
        }
    }
}
