// SPDX-License-Identifier: Apache-2.0

/// `ack`: what a receiver has in its journal.
///
///     {"receiver":"cellar","acks":[{"sid":"k3f9abcd","lane":"data","group":12,"upto":4}]}
package struct AcknowledgementMessage: Equatable, Sendable {
    /// One group.
    package struct Entry: Equatable, Sendable {
        /// Which.
        package var group: GroupIdentity
        /// This frame and all before it are in the journal.
        package var upTo: UInt32

        /// All frames of `group` up to `upTo`.
        package init(group: GroupIdentity, upTo: UInt32) {
            self.group = group
            self.upTo = upTo
        }
    }

    /// The most groups that one message may name.
    package static let entryLimit = 256

    /// The receiver's name for itself.
    package var receiver: String
    /// At most `entryLimit`.
    package var entries: [Entry]

    /// What `receiver` has.
    package init(receiver: String, entries: [Entry]) {
        self.receiver = receiver
        self.entries = entries
    }

    /// Reads a payload, or says what is wrong with it.
    package init(_ payload: Span<UInt8>) throws(MessageError) {
        let object = try Message.read(payload)
        receiver = try object.identifier(.receiver)
        entries = []
        for entry in try object.objects(.acknowledgements, limit: Self.entryLimit) {
            entries.append(Entry(group: try entry.group(), upTo: try entry.integer(.upTo)))
        }
    }

    /// The JSON text.
    package var payload: [UInt8] {
        var writer = MessageWriter()
        writer.append(.receiver, receiver)
        writer.open(MessageField.acknowledgements.rawValue, UInt8(ascii: "["))
        for entry in entries {
            writer.openElement()
            writer.append(group: entry.group)
            writer.append(.upTo, entry.upTo)
            writer.close(UInt8(ascii: "}"))
        }
        writer.close(UInt8(ascii: "]"))
        return writer.finish()
    }
}
