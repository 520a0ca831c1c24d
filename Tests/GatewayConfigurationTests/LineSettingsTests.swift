// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatewayConfiguration

/// What the lines of an input are made of.
@Suite struct LineSettingsTests {
    private func read(_ text: String) throws(ConfigurationError) -> [InputSettings] {
        try AgentConfiguration.read(Array(text.utf8), path: nil).inputs
    }

    private func faults(_ text: String) -> [ConfigurationFault.Reason] {
        do throws(ConfigurationError) {
            _ = try read(text)
            return []
        } catch {
            return error.faults.map(\.reason)
        }
    }

    @Test func everyKeyReachesItsSetting() throws {
        let inputs = try read(
            """
            [[input]]
            format = "csv"
            columns = ["time_s", "temp", "_", "_"]
            prefix = "boiler."
            delimiter = "semicolon"
            time = "arrival"
            time_unit = "us"
            time_path = "a.b"
            checksum = true
            [[input]]
            from = "/dev/ttyUSB0@9600"
            format = "number"
            sensor = "temp"
            """)
        var lines = LineSettings()
        lines.columns = ["time_s", "temp", "_", "_"]
        lines.prefix = "boiler."
        lines.delimiter = .semicolon
        lines.time = .arrival
        lines.timeUnit = .microseconds
        lines.timePath = "a.b"
        lines.checksum = true
        #expect(inputs[0].lines == lines)
        #expect(inputs[1].format == .number && inputs[1].lines.sensor == "temp")
    }

    @Test(
        arguments: [
            ("format = \"number\"", .missingKey("input.sensor or input.columns")),
            ("columns = [\"a\", \"a\"]", .repeated(key: "input.columns", value: "a")),
            (
                "columns = [\"time\", \"TIME_MS\"]",
                .repeated(key: "input.columns", value: "TIME_MS")
            ),
            (
                "format = \"nmea\"\ncolumns = [\"a\", \"a\", \"a\"]",
                .repeated(key: "input.columns", value: "a")
            ),
            (
                "delimiter = \",\"",
                .badValue(
                    key: "input.delimiter", found: "\",\"",
                    .word(["comma", "semicolon", "tab", "space"]))
            ),
        ] as [(String, ConfigurationFault.Reason)])
    func whatMakesNoSenseIsRefused(text: String, reason: ConfigurationFault.Reason) {
        #expect(faults("[[input]]\n" + text) == [reason])
    }
}
