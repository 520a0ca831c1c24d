// SPDX-License-Identifier: Apache-2.0

/// A small file of settings to begin with: what nobody else can know, and nothing more.
package enum StarterFile {
    /// For a gateway called `host`, on a machine with these serial `ports`.
    package static func agent(host: String, ports: [String]) -> String {
        let node = level(host) ?? AgentSettings().node
        var text = """
            # Settings of alec run. alec check --sample shows all of them, alec config show
            # tells what is in effect and why.

            # Levels of every topic: alec/v1/SITE/NODE/...
            site = "default"
            node = \(TomlValue.quoted(node))

            # Where readings are kept until they are delivered.
            state_dir = "/var/lib/alec"

            # What the line to the broker is like: lan, cellular, metered or radio.
            #profile = "lan"

            # Without a broker readings are kept and not sent.
            #[broker]
            #address = "localhost:1883"
            #user = "gateway"
            #password_file = "/etc/alec/broker-password"


            """
        text +=
            ports.isEmpty
            ? "# A serial port, as soon as there is one; it may come and go.\n"
            : "# Serial ports that were there when this file was written.\n"
        for port in ports.isEmpty ? ["/dev/ttyUSB0"] : ports {
            text += "#[[input]]\n#from = \(TomlValue.quoted(port + "@9600"))\n"
        }
        return text
    }

    /// The name as a level of a topic, if anything of it is left.
    private static func level(_ host: String) -> String? {
        let type = ValueType<String>.topicLevel()
        let text = String(host.prefix { $0 != "." }.prefix(32))
        return type.read(.string(text))
    }
}
