// SPDX-License-Identifier: Apache-2.0

package import AlecCodec
package import GatewayCore
package import StoreAndForward

/// How far the input, the spool and the publishing of one life are.
package struct AgentProgress: Equatable, Sendable {
    /// A frame that is about to be appended. After a kill only the spool knows whether it was.
    package struct Intent: Equatable, Sendable {
        package var frame: FrameIdentity
        /// What holds for the input if the frame is in the spool.
        package var mark: InputMark
        /// Readings in frames, that one included.
        package var readings: Int

        /// The frame that comes next.
        package init(frame: FrameIdentity, mark: InputMark, readings: Int) {
            self.frame = frame
            self.mark = mark
            self.readings = readings
        }
    }

    /// The life.
    package var stream: StreamID
    /// Lines and bytes of the input that were looked at.
    package var read = InputMark()
    /// All readings up to here are in frames in the spool.
    package var appended = InputMark()
    /// All readings up to here are in frames on the disk.
    package var synced = InputMark()
    package var readReadings = 0
    package var appendedReadings = 0
    package var syncedReadings = 0
    /// Places of the newest record in each state; 0 for none.
    package var appendedPlace: UInt64 = 0
    package var syncedPlace: UInt64 = 0
    package var published: UInt64 = 0
    package var acknowledged: UInt64 = 0
    package var intent: Intent?

    /// A life that has just begun.
    package init(stream: StreamID) { self.stream = stream }

    /// What is true after a kill, where `frameCount` tells how many frames of a group the spool
    /// still holds: an append that was under way either happened or did not.
    package func resolved(_ frameCount: (GroupIdentity) -> Int?) -> AgentProgress {
        var result = self
        result.intent = nil
        if let intent, let count = frameCount(intent.frame.group), count > Int(intent.frame.index) {
            result.appended = intent.mark
            result.appendedReadings = intent.readings
        }
        return result
    }

    /// The same, by what `spool` holds.
    package func resolved<Storage: SpoolStorage & ~Copyable>(
        in spool: inout Spool<Storage>
    ) -> AgentProgress {
        // What cannot be read counts as not there: then it is only fed once more.
        resolved { (try? spool.frameCount(of: $0)) ?? nil }
    }
}
