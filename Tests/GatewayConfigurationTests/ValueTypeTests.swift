// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatewayConfiguration

@Suite struct ValueTypeTests {
    @Test(
        arguments: [
            ("localhost", "localhost", 1883), ("10.0.0.1:8883", "10.0.0.1", 8883),
            ("::1", "::1", 1883), ("[::1]", "::1", 1883), ("[fe80::2]:1", "fe80::2", 1),
            ("b:65535", "b", 65535),
        ] as [(String, String, UInt16)])
    func addressesAreRead(text: String, host: String, port: UInt16) {
        let address = ValueType<BrokerAddress>.address.read(.string(text))
        #expect(address == BrokerAddress(host: host, port: port))
    }

    @Test(arguments: [
        "", ":1883", "a:", "a:0", "a:65536", "a:x", "a:+1", "a b", "mqtt://a", "[::1", "[::1]8",
        "a\u{0}", "b\u{E9}",
    ])
    func whatIsNoAddressIsRefused(text: String) {
        #expect(ValueType<BrokerAddress>.address.read(.string(text)) == nil)
    }

    @Test(arguments: [
        ("-", InputSettings.Place.standardInput),
        ("/dev/ttyUSB0", .serial(path: "/dev/ttyUSB0", baud: 115_200)),
        ("/dev/ttyS0@9600", .serial(path: "/dev/ttyS0", baud: 9600)),
        ("/dev/serial/by-path/a@b", .serial(path: "/dev/serial/by-path/a@b", baud: 115_200)),
        ("/dev/ttyUSB*@9600", .serial(path: "/dev/ttyUSB*", baud: 9600)),
        ("/dev/ttyAMA0@12345", .serial(path: "/dev/ttyAMA0", baud: 12_345)),
        ("usb:0403:6001@9600", .serial(path: "usb:0403:6001", baud: 9600)),
        ("usb:10C4:ea60:A:1@x", .serial(path: "usb:10C4:ea60:A:1@x", baud: 115_200)),
        ("exec:/bin/sensor --name 'a b'", .command("/bin/sensor --name 'a b'")),
    ])
    func inputPlacesAreRead(text: String, place: InputSettings.Place) {
        let type = ValueType<InputSettings.Place>.inputPlace
        #expect(type.read(.string(text)) == place)
        // As it is written it means the same.
        #expect(type.read(.string(place.text)) == place)
    }

    @Test(arguments: [
        "", "ttyS0", "usb:", "usb:403:6001", "usb:0403", "usb:0403:6001:", "usb:0403:600g@9600",
        "exec:", "exec: ", "exec:a 'b", "exec:''", "/dev/ttyS0@13000000", "/dev/ttyS0@",
        "/dev/ttyS0@7", "/dev/ttyS0@99999999999999999999",
    ])
    func whatIsNoInputPlaceIsRefused(text: String) {
        #expect(ValueType<InputSettings.Place>.inputPlace.read(.string(text)) == nil)
    }

    @Test(arguments: [
        ("1ms", Duration.milliseconds(1)), ("90s", .seconds(90)), ("2min", .seconds(120)),
        ("1h", .seconds(3600)), ("3d", .seconds(259_200)),
    ])
    func spansOfTimeAreReadAndWritten(text: String, duration: Duration) {
        #expect(Quantity.duration(text) == duration)
        #expect(Quantity.text(duration: duration) == text)
    }

    @Test(arguments: [
        "", "1", "s", "1.5s", "-1s", "1 s", "1S", "99999999999999999999s",
        "9223372036854775807d",
    ])
    func whatIsNoSpanOfTimeIsRefused(text: String) { #expect(Quantity.duration(text) == nil) }

    @Test(arguments: [("1B", 1), ("4KiB", 4096), ("256MiB", 256 << 20), ("1GiB", 1 << 30)])
    func sizesAreReadAndWritten(text: String, bytes: Int) {
        #expect(Quantity.size(text) == bytes)
        #expect(Quantity.text(size: bytes) == text)
    }

    @Test(arguments: ["", "4k", "4KB", "4 KiB", "9223372036854775807KiB"])
    func whatIsNoSizeIsRefused(text: String) { #expect(Quantity.size(text) == nil) }

    @Test func textIsQuotedAsTOMLWantsIt() throws {
        let text = "a\"b\\c\nd\te\u{1}f\u{E9}"
        let node = try TomlDocument.parse(Array("x = \(TomlValue.quoted(text))".utf8))
        guard case .table(let members) = node.value else {
            Issue.record("no table")
            return
        }
        #expect(members.map(\.value) == [.string(text)])
    }
}
