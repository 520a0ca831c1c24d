// SPDX-License-Identifier: Apache-2.0

package import AlecCodec
internal import LineProtocols

/// `heads`, retained: the last frame of each lane, so that a receiver sees a short tail.
///
///     {"sid":"k3f9abcd","lanes":{"data":[12,4],"alert":[3,0]}}
package struct HeadsMessage: Equatable, Sendable {
    /// The last frame of a lane.
    package struct Head: Equatable, Sendable {
        /// Its group.
        package var group: UInt32
        /// Its index in the group.
        package var index: UInt32

        /// Frame `index` of `group`.
        package init(group: UInt32, index: UInt32) {
            self.group = group
            self.index = index
        }
    }

    /// The life of the encoder.
    package var stream: StreamID
    private var heads = InlineArray<3, Head?>(repeating: nil)

    /// No frames yet.
    package init(stream: StreamID) { self.stream = stream }

    /// The last frame of `lane`; nil if none was published.
    package subscript(lane: Lane) -> Head? {
        get { heads[Int(lane.rawValue)] }
        set { heads[Int(lane.rawValue)] = newValue }
    }

    /// Whether no lane has a frame.
    package var isEmpty: Bool { Lane.allCases.allSatisfy { self[$0] == nil } }

    package static func == (a: HeadsMessage, b: HeadsMessage) -> Bool {
        a.stream == b.stream && Lane.allCases.allSatisfy { a[$0] == b[$0] }
    }

    /// Reads a payload, or says what is wrong with it. Lanes from the future are passed over.
    package init(_ payload: Span<UInt8>) throws(MessageError) {
        let object = try Message.read(payload)
        stream = try object.stream()
        guard let lanes = object[.lanes], case .object(_) = lanes else { throw .badField(.lanes) }
        for lane in Lane.allCases {
            guard let value = lanes[lane.text] else { continue }
            guard let pair = value.elements, pair.count == 2,
                let group = pair[0].integer.flatMap(UInt32.init(exactly:)),
                let index = pair[1].integer.flatMap(UInt32.init(exactly:))
            else { throw .badField(.lanes) }
            self[lane] = Head(group: group, index: index)
        }
    }

    /// The JSON text.
    package var payload: [UInt8] {
        var writer = MessageWriter()
        writer.append(.stream, stream.string)
        writer.open(MessageField.lanes.rawValue, UInt8(ascii: "{"))
        for lane in Lane.allCases {
            guard let head = self[lane] else { continue }
            writer.append(lane, head)
        }
        writer.close(UInt8(ascii: "}"))
        return writer.finish()
    }
}

extension MessageWriter {
    fileprivate mutating func append(_ lane: Lane, _ head: HeadsMessage.Head) {
        open(lane.text, UInt8(ascii: "["))
        value(Int64(head.group))
        separate()
        value(Int64(head.index))
        close(UInt8(ascii: "]"))
    }
}
