// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatewayConfiguration

@Suite struct InputKeysTests {
    @Test func everyKeyOfAPlaceIsRead() throws {
        let text = """
            [[input]]
            from = "usb:0403:6001:A5@250000"
            name = "roof"
            data_bits = 7
            parity = "even"
            stop_bits = 2
            flow = "xonxoff"
            exclusive = false
            init = "GO\\r"
            idle = "50ms"
            line_bytes = 128
            quota = 20

            [[input]]
            from = "exec:/usr/bin/sensor --all 'a b'"
            """
        var input = InputSettings()
        input.place = .serial(path: "usb:0403:6001:A5", baud: 250_000)
        input.name = "roof"
        input.dataBits = 7
        input.parity = .even
        input.stopBits = 2
        input.flow = .xonxoff
        input.isExclusive = false
        input.greeting = "GO\r"
        input.idle = .milliseconds(50)
        input.lineBytes = 128
        input.quota = 20
        var command = InputSettings()
        command.place = .command("/usr/bin/sensor --all 'a b'")
        let settings = try AgentConfiguration.read(Array(text.utf8), path: nil)
        #expect(settings.inputs == [input, command])
    }

    @Test(arguments: [
        ("data_bits", "9", "9", ExpectedValue.integer(5...8)),
        ("stop_bits", "0", "0", .integer(1...2)),
        ("parity", "\"mark\"", "\"mark\"", .word(["none", "even", "odd"])),
        ("flow", "\"dtr\"", "\"dtr\"", .word(["none", "rtscts", "xonxoff"])),
        ("exclusive", "1", "1", .boolean), ("init", "\"\"", "\"\"", .text(maximumBytes: 256)),
        ("idle", "\"2min\"", "\"2min\"", .duration(.zero...(.seconds(60)))),
        ("line_bytes", "63", "63", .size(64...(1 << 20))),
        ("quota", "-1", "-1", .integer(0...1_000_000)),
        ("name", "\"a b\"", "\"a b\"", .topicLevel(maximumBytes: 32, orAny: false)),
        ("from", "\"exec:'a\"", "\"exec:'a\"", .inputPlace),
        ("from", "\"usb:1:2\"", "\"usb:1:2\"", .inputPlace),
    ])
    func whatAKeyCannotBeIsTold(
        key: String, value: String, found: String, expected: ExpectedValue
    ) {
        let faults = Faults.ofAgent("[[input]]\n\(key) = \(value)\n")
        #expect(
            faults == [
                Faults.at(
                    2, key.utf8.count + 4,
                    .badValue(key: "input." + key, found: found, expected))
            ])
    }

    @Test(arguments: [
        ("from = \"/dev/a@9600\"", "from = \"/dev/a@4800\"", "from", "/dev/a"),
        ("from = \"usb:0403:6001\"", "from = \"usb:0403:6001\"", "from", "usb:0403:6001"),
        ("from = \"exec:a\"", "from = \"exec:a\"", "from", "exec:a"),
        ("from = \"-\"", "", "from", "-"),
        (
            "from = \"/dev/a\"\nname = \"x\"", "from = \"/dev/b\"\nname = \"x\"", "name", "x"
        ),
    ])
    func whatMayBeThereOnlyOnce(first: String, second: String, key: String, value: String) {
        let faults = Faults.ofAgent("[[input]]\n\(first)\n[[input]]\n\(second)\n")
        #expect(faults.map(\.reason) == [.repeated(key: "input." + key, value: value)])
    }

    @Test func optionsNameSeveralInputs() throws {
        let text = "[[input]]\nname = \"x\"\nformat = \"csv\"\nidle = \"0s\"\n"
        let settings = try AgentConfiguration.read(
            Array(text.utf8), path: nil,
            flags: [FlagValue("--input", "/dev/a@9600"), FlagValue("--input", "exec:b c")])
        #expect(settings.inputs.map(\.place.text) == ["/dev/a@9600", "exec:b c"])
        #expect(settings.inputs.allSatisfy { $0.format == .csv && $0.idle == .zero })
        #expect(settings.inputs.allSatisfy { $0.name == nil })
        let many = (0..<17).map { FlagValue("--input", "/dev/tty\($0)") }
        #expect(
            Faults.ofAgent("", flags: many).map(\.reason) == [.tooMany(key: "input", limit: 16)])
    }
}
