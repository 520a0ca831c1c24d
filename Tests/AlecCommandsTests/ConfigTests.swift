// SPDX-License-Identifier: Apache-2.0

import HostSystem
import Testing

@testable import AlecCommands

@Suite struct ConfigTests {
    private static let file = """
        profile = "lan"
        site = "home"
        [broker]
        address = "b"
        password_env = "MQTT_PASSWORD"
        [[input]]
        from = "/dev/ttyS0@9600"
        """

    private static var host: TestHost {
        var host = TestHost()
        host.files["/etc/alec/gateway.toml"] = Array(file.utf8)
        host.files["receiver.toml"] = Array(
            "[[broker]]\naddress = \"b\"\npassword_env = \"MQTT_PASSWORD\"\n".utf8)
        host.variables = ["MQTT_PASSWORD": "geheim", "ALEC_DRAIN": "3s", "ALEC_SITE": ""]
        return host
    }

    @Test func settingsInEffectAreShownWithWhoSaidThem() throws {
        var text = ""
        for line in [
            "config show", "config show --node n1 --readings --format csv",
            "config show --receiver receiver.toml --sink csv:-", "config show nowhere.toml",
            "config show --drain 3",
        ] {
            text += Golden.transcript(line, Self.host)
        }
        #expect(!text.contains("geheim"))
        try Golden.check(text, "config")
    }

    @Test func whatIsShownCanBeReadAgain() {
        for line in ["config show", "config show --receiver receiver.toml"] {
            var host = Self.host
            #expect(host.run(line) == .success)
            var second = TestHost(input: host.output)
            second.variables = ["MQTT_PASSWORD": "x"]
            let receiver = line.contains("receiver") ? " --receiver" : ""
            #expect(second.run("check -" + receiver) == .success)
        }
    }

    @Test func checkLooksAtTheFileAlone() {
        var host = Self.host
        host.variables["ALEC_DRAIN"] = "never"
        #expect(host.run("check") == .success)
        #expect(host.run("config show") == .configuration)
        host.variables["MQTT_PASSWORD"] = nil
        #expect(host.run("check") == .configuration)
        #expect(host.messageText.contains("there is no variable MQTT_PASSWORD"))
    }

    @Test func schemaIsPrinted() {
        for line in ["config schema", "config schema --receiver"] {
            var host = TestHost()
            #expect(host.run(line) == .success)
            #expect(host.outputText.hasPrefix("{\n  \"$schema\""))
        }
    }

    @Test func fileToBeginWithIsWrittenOnce() throws {
        var host = TestHost()
        host.folders["/dev/serial/by-id"] = ["usb-FTDI_A-if00-port0", "usb-Silabs_B-if00"]
        #expect(host.run("init a.toml") == .success)
        let written = host.files["a.toml"]
        #expect(host.run("check a.toml") == .success)
        #expect(host.run("init a.toml") == .inputOutput)
        #expect(host.files["a.toml"] == written)
        #expect(host.messageText.contains("a.toml: cannot be written: it is there already"))

        var text = Golden.transcript("init -", host)
        text += Golden.transcript("init a.toml", host)
        text += Golden.transcript("init", TestHost())
        try Golden.check(text, "init")
    }
}
