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
            "A file whose first line is the password. Settings hold no password themselves."),
        Key(
            "password_credential", optional: \.passwordCredential, .credential,
            example: "\"broker-password\"",
            "The same as a credential of systemd, by its name in LoadCredential= of the unit."),
        Key(
            "password_env", optional: \.passwordVariable, .variable,
            example: "\"BROKER_PASSWORD\"",
            "The same as a variable of the environment, which other programs of the user see."),
        Key(
            "keep_alive", \.keepAlive, .duration(.seconds(5)...(.seconds(3600))),
            "How long the line may be silent before it is tried."),
        Key(
            "reconnect_min", \.shortestWait, .duration(.milliseconds(100)...(.seconds(3600))),
            "After a failure the next try waits at most so long, twice that after another one,"),
        Key(
            "reconnect_max", \.longestWait, .duration(.milliseconds(100)...(.seconds(3600))),
            "and never longer than this."),
    ]

    /// A password is at most what MQTT has room for.
    private static let passwordLimit = 65_535

    /// What the keys have wrong together.
    func check(_ element: Int?, _ reading: inout TableReading) {
        if shortestWait > longestWait {
            reading.add(
                about: "broker.reconnect_min", element: element,
                .exceeds(key: "broker.reconnect_min", other: "broker.reconnect_max"))
        }
        let given = [
            (passwordFile, "broker.password_file"),
            (passwordCredential, "broker.password_credential"),
            (passwordVariable, "broker.password_env"),
        ].filter { $0.0 != nil }.map(\.1)
        if given.count > 1 {
            reading.add(
                about: given[1], element: element, .together(key: given[1], other: given[0]))
        }
    }

    /// Takes the password out of where it is kept. `element` is the broker's number in a list.
    mutating func readPassword(
        _ element: Int?, _ reading: inout TableReading, _ environment: (String) -> String?
    ) {
        if let name = passwordVariable {
            guard let text = environment(name), !text.isEmpty else {
                reading.add(about: "broker.password_env", element: element, .noVariable(name))
                return
            }
            password = text
        } else if let name = passwordCredential {
            guard let folder = environment("CREDENTIALS_DIRECTORY"), !folder.isEmpty else {
                reading.add(
                    about: "broker.password_credential", element: element, .noCredentials(name))
                return
            }
            read(folder + "/" + name, "broker.password_credential", element, &reading)
        } else if let passwordFile {
            read(passwordFile, "broker.password_file", element, &reading)
        }
    }

    private mutating func read(
        _ path: String, _ key: String, _ element: Int?, _ reading: inout TableReading
    ) {
        do throws(ConfigurationFault.Reason) {
            let bytes = try SettingsFile.bytes(of: path, limit: Self.passwordLimit)
            let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            password = String(decoding: line, as: UTF8.self)
        } catch {
            reading.add(about: key, element: element, error)
        }
    }
}
