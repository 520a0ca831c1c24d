// SPDX-License-Identifier: Apache-2.0

import GatewayConfiguration
import LineProtocols
import Testing

@testable import GatewayAgent

/// The settings of an input reach the reader of its lines.
@Suite struct LineReaderSettingsTests {
    @Test func everySettingArrives() {
        var input = InputSettings()
        input.format = .keyvalue
        input.lines.columns = ["a"]
        input.lines.sensor = "s"
        input.lines.prefix = "p."
        input.lines.delimiter = .tab
        input.lines.time = .arrival
        input.lines.timeUnit = .microseconds
        input.lines.timePath = "h.t"
        input.lines.checksum = true
        let settings = LineReaderSettings(input)
        #expect(settings.format == .keyValue && settings.columns == ["a"])
        #expect(settings.sensor == "s" && settings.prefix == "p.")
        #expect(settings.delimiter == UInt8(ascii: "\t") && settings.timeSource == .arrival)
        #expect(settings.timeUnit == .microseconds && settings.timePath == "h.t")
        #expect(settings.hasChecksum && settings.readsNested && settings.plainTimeUnit == nil)
    }

    @Test(
        arguments: [
            (InputSettings.Format.auto, nil), (.csv, .csv), (.jsonl, .jsonLines),
            (.influx, .influx),
            (.keyvalue, .keyValue), (.number, .number), (.nmea, .nmea),
        ] as [(InputSettings.Format, LineFormat?)])
    func everyFormatHasItsReader(format: InputSettings.Format, reader: LineFormat?) {
        var input = InputSettings()
        input.format = format
        #expect(LineReaderSettings(input).format == reader)
    }
}
