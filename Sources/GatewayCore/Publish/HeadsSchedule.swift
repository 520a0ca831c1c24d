// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec

/// When `heads` is worth its bytes: a receiver needs it only to see that the last frames of a lane
/// are missing, and the next frame tells it that too.
struct HeadsSchedule: Sendable {
    /// A lane without a new frame for so long is quiet.
    static let quiet = Duration.seconds(15)

    private(set) var message: HeadsMessage
    /// When the head of each lane moved that was not published since.
    private var movedAt = InlineArray<3, MonotonicInstant?>(repeating: nil)
    /// The broker of a new connection may have no heads, or old ones.
    private(set) var isOwed = false

    init(stream: StreamID) { message = HeadsMessage(stream: stream) }

    /// Whether a head moved since heads were published.
    var isChanged: Bool { movedAt.indices.contains { movedAt[$0] != nil } }

    /// When heads must be published, if nothing else moves; nil if there is nothing to say.
    var dueAt: MonotonicInstant? {
        var due: MonotonicInstant?
        for i in movedAt.indices {
            guard let moved = movedAt[i] else { continue }
            due = min(due ?? .distantFuture, moved + Self.quiet)
        }
        return due
    }

    mutating func connectionBegan() { isOwed = !message.isEmpty }

    /// The broker has `frame`.
    mutating func confirmed(_ frame: FrameIdentity, at now: MonotonicInstant) {
        guard frame.group.stream == message.stream else { return }
        let head = HeadsMessage.Head(group: frame.group.group, index: frame.index)
        if let old = message[frame.group.lane],
            (old.group, old.index) >= (head.group, head.index)
        {
            return
        }
        message[frame.group.lane] = head
        movedAt[Int(frame.group.lane.rawValue)] = now
    }

    /// They were published.
    mutating func published() {
        isOwed = false
        movedAt = InlineArray(repeating: nil)
    }
}
