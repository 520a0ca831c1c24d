// SPDX-License-Identifier: Apache-2.0

package import AlecCodec
package import LineProtocols

/// One decoded reading as JSON, for `data/<sensor>` and for sinks:
///
///     {"ts":1790000000123,"v":21.37,"u":"°C","q":"good","p":3,"id":"k3f9abcd.data.12.4.7"}
///
/// NaN and infinities have no number in JSON; they are `"v":null,"q":"bad","err":"nan"`.
package struct ReadingText {
    /// The frame that the reading was in.
    package var frame: FrameIdentity
    /// What a reading without a remark has.
    package var basePriority: Priority
    /// It was not published while it was new.
    package var isHistory: Bool
    /// The node's name, where the place where the reading goes does not tell; not escaped.
    package var node: [UInt8]?

    /// Readings of `frame`; without a `basePriority` that of its lane.
    package init(
        frame: FrameIdentity, basePriority: Priority? = nil, isHistory: Bool = false,
        node: [UInt8]? = nil
    ) {
        self.frame = frame
        self.basePriority =
            basePriority
            ?? StreamHead(id: frame.group.stream, lane: frame.group.lane).basePriority
        self.isHistory = isHistory
        self.node = node
    }

    /// Writes the object for reading number `number` of the frame, without a line's end.
    ///
    /// With `node` set the sensor's name is written too.
    package func append(
        _ reading: Reading, number: Int, annotation: Annotation, of channel: Channel,
        to text: inout TextBuffer
    ) {
        text.append("{\"ts\":")
        JSONLinesWriter.appendTime(reading.time, to: &text)
        text.append(",\"v\":")
        let isFinite = NumberText.append(reading.value, to: &text)
        if !isFinite { text.append("null") }
        if !channel.unit.isEmpty {
            text.append(",\"u\":")
            JSONLinesWriter.appendString(channel.unit.span, to: &text)
        }
        text.append(",\"q\":\"")
        text.append(isFinite ? annotation.quality.text : Quality.bad.text)
        text.append("\"")
        if !isFinite { JSONLinesWriter.appendError(reading.value, to: &text) }
        text.append(",\"p\":")
        text.append(decimal: UInt64((annotation.priority ?? basePriority).rawValue))
        text.append(",\"id\":\"")
        frame.append(to: &text)
        text.append(UInt8(ascii: "."))
        text.append(decimal: UInt64(number))
        text.append("\"")
        if isHistory { text.append(",\"hist\":true") }
        if let node {
            text.append(",\"node\":")
            JSONLinesWriter.appendString(node.span, to: &text)
            text.append(",\"sensor\":")
            JSONLinesWriter.appendString(channel.name.span, to: &text)
        }
        text.append(UInt8(ascii: "}"))
    }
}
