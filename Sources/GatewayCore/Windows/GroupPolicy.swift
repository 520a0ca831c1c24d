// SPDX-License-Identifier: Apache-2.0

/// When the group of the data lane ends, so that the next frame is a key frame.
///
/// A long group is small; a short one is soon complete, so that it can be removed, and takes
/// little with it where a frame is lost.
package struct GroupPolicy: Sendable {
    /// What the operator may set.
    package struct Limits: Equatable, Sendable {
        /// Samples of one channel.
        package var samples = 600
        package var frames = 300
        package var age = Duration.seconds(600)
        package var bytes = 256 << 10

        /// What holds without any configuration.
        package init() {}
    }

    /// Why a group ended.
    package enum End: String, CaseIterable, Sendable {
        /// There was none before it: the program started.
        case restart
        case samples
        case frames
        case age
        case bytes
        /// Sensors were added.
        case table
        /// Someone asked for a key frame.
        case request
        /// Readings were dropped that would have been in the group.
        case drop
        /// Its next frame was larger than the link takes.
        case size
        /// Its segment of the spool broke.
        case store
        /// The wall clock jumped.
        case clock
    }

    private var limits: Limits
    /// By channel: samples in the frames of the open group.
    private var groupSamples: [Int] = []
    /// By channel: samples in the open window.
    private var windowSamples: [Int] = []
    private var frames = 0
    private var bytes = 0
    private var startedAt: MonotonicInstant?
    /// Set where the next frame begins a group whatever the other numbers say; then the samples
    /// of the group are 0 already.
    private var requested: End? = .restart

    /// A policy before the first group.
    package init(_ limits: Limits) { self.limits = limits }

    /// Other limits hold from now on, for the open group too.
    package mutating func setLimits(_ limits: Limits) { self.limits = limits }

    /// There are at least `count` channels now.
    package mutating func setChannels(_ count: Int) {
        while groupSamples.count < count {
            groupSamples.append(0)
            windowSamples.append(0)
        }
    }

    /// A reading of `sensor` came into the window; true where the window has to close now, as
    /// the group can take no more of this channel.
    @inline(__always)
    package mutating func add(_ sensor: Int) -> Bool {
        windowSamples[sensor] += 1
        return windowSamples[sensor] + groupSamples[sensor] >= limits.samples
    }

    /// Ends the group before the next frame. The first reason stays.
    package mutating func requestEnd(_ end: End) {
        if requested == nil { requested = end }
        // The open window will stand in the next group, with all the room that this has.
        for i in groupSamples.indices { groupSamples[i] = 0 }
    }

    /// Why the next frame, of about `estimated` bytes, begins a group; nil where it is chained.
    package func end(before estimated: Int, at now: MonotonicInstant) -> End? {
        if let requested { return requested }
        if frames >= limits.frames { return .frames }
        if bytes + estimated > limits.bytes { return .bytes }
        if let startedAt, now - startedAt >= limits.age { return .age }
        for i in groupSamples.indices where groupSamples[i] + windowSamples[i] > limits.samples {
            return .samples
        }
        return nil
    }

    /// Whether the next frame is likely to begin a group, for a guess of its size.
    package var expectsKey: Bool { requested != nil || frames >= limits.frames }

    /// When the open group is too old; nil where none is open.
    package var deadline: MonotonicInstant? { startedAt.map { $0 + limits.age } }

    /// The open group ended without a frame behind it; it can be removed once acknowledged.
    package mutating func endGroup(_ end: End) {
        startedAt = nil
        requestEnd(end)
    }

    /// The window became a frame of `size` bytes.
    package mutating func frameMade(isKey: Bool, bytes size: Int, at now: MonotonicInstant) {
        if isKey {
            frames = 0
            bytes = 0
            startedAt = now
            requested = nil
        }
        frames += 1
        bytes += size
        var isFull = false
        for i in windowSamples.indices {
            groupSamples[i] = isKey ? windowSamples[i] : groupSamples[i] + windowSamples[i]
            windowSamples[i] = 0
            if groupSamples[i] >= limits.samples { isFull = true }
        }
        if isFull { requestEnd(.samples) }
    }
}
