// SPDX-License-Identifier: Apache-2.0

package import AlecCodec

/// A key frame and the frames that build on it: what is removed, sent again or lost as a whole.
package struct GroupIdentity: Hashable, Sendable {
    /// The life of the encoder.
    package var stream: StreamID
    /// The lane within the stream.
    package var lane: Lane
    /// The group's number within the stream's life.
    package var group: UInt32

    /// Group number `group` of `lane` in `stream`.
    package init(stream: StreamID, lane: Lane, group: UInt32) {
        self.stream = stream
        self.lane = lane
        self.group = group
    }
}

/// Which frame of a node it is: given when the frame is made and kept for ever.
package struct FrameIdentity: Hashable, Sendable {
    /// The group that the frame belongs to.
    package var group: GroupIdentity
    /// The frame's place in its group; 0 for the key frame.
    package var index: UInt32

    /// Frame number `index` of `group`.
    package init(group: GroupIdentity, index: UInt32) {
        self.group = group
        self.index = index
    }
}
