// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import LineProtocols
import Testing

@Suite struct ReadingTextTests {
    let frame = FrameIdentity(
        group: GroupIdentity(stream: StreamID(random: 0x12_3456_789A), lane: .data, group: 12),
        index: 4)

    private func text(
        _ value: Double, time: Int64 = 1_790_000_000_123_000_000, unit: String = "",
        annotation: Annotation = .none, form: ReadingText? = nil
    ) -> String {
        var channel = Channel(name: Array("temp/1".utf8))
        channel.unit = Array(unit.utf8)
        var text = TextBuffer()
        (form ?? ReadingText(frame: frame)).append(
            Reading(sensor: 0, time: time, value: value), number: 7, annotation: annotation,
            of: channel, to: &text)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    @Test func ordinaryReadingIsTheDocumentedOne() {
        #expect(
            text(21.37, unit: "°C")
                == #"{"ts":1790000000123,"v":21.37,"u":"°C","q":"good","p":3,"#
                + #""id":"ci2fm6e2.data.12.4.7"}"#)
    }

    @Test func remarksAndNamesAreWritten() {
        var form = ReadingText(frame: frame, isHistory: true, node: Array("n\"1".utf8))
        #expect(
            text(
                -0.0, time: -1, annotation: Annotation(quality: .time, priority: .critical),
                form: form)
                == #"{"ts":-1,"ns":999999,"v":-0.0,"q":"time","p":1,"id":"ci2fm6e2.data.12.4.7","#
                + #""hist":true,"node":"n\"1","sensor":"temp/1"}"#)
        form.node = nil
        form.isHistory = false
        form.frame.group.lane = .alert
        form.basePriority = .important
        #expect(
            text(1e300, form: form).contains(#""v":1e+300,"q":"good","p":2,"id":"ci2fm6e2.alert"#))
    }

    @Test(arguments: [(Double.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf")])
    func whatHasNoNumberIsNullAndBad(value: Double, name: String) throws {
        let written = text(value)
        #expect(written.contains(#""v":null,"q":"bad","err":"\#(name)","p":3"#))
        _ = try JSONValue.read(Array(written.utf8).span)
    }
}
