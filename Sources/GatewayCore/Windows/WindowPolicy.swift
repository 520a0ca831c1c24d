// SPDX-License-Identifier: Apache-2.0

/// When a window of readings closes: by age, or because its frame would be large enough.
///
/// How large a frame comes out is known only when it is made, so the size is guessed from the
/// frames before. Key frames describe their channels and are larger, so they are learned from on
/// their own.
package struct WindowPolicy: Sendable {
    /// What the operator may set.
    package struct Limits: Equatable, Sendable {
        /// A window closes when its first reading is so old.
        package var age: Duration
        /// The same while no broker is connected: larger frames, and nobody is waiting.
        package var offlineAge: Duration
        /// A window closes when its frame would be so large.
        package var frameBytes: Int

        /// Closes after `age`, offline after `offlineAge`, or at `frameBytes`.
        package init(age: Duration, offlineAge: Duration, frameBytes: Int) {
            self.age = age
            self.offlineAge = offlineAge
            self.frameBytes = frameBytes
        }
    }

    /// Bytes of a frame that do not depend on its readings.
    private static let headBytes = 24
    /// Before any frame was made: what a reading of an unknown sensor costs with room to spare.
    private static let firstCost = 8.0
    /// Frames with fewer readings say little about those with many.
    private static let tellingReadings = 32
    /// No window is closed for its size below this.
    private static let leastReadings = 16

    private var limits: Limits
    /// What the broker or the format allows, if that is less.
    private var frameLimit = Int.max
    /// Bytes of a reading in key frames and in chained ones; nil until one was made.
    private var keyCost: Double?
    private var chainedCost: Double?
    /// When the first reading of the open window came.
    private var openedAt: MonotonicInstant?

    /// A policy that has seen no frame.
    package init(_ limits: Limits) { self.limits = limits }

    /// Other limits hold, for the open window too.
    package mutating func setLimits(_ limits: Limits) { self.limits = limits }

    /// The first reading of a window came; of later ones the policy need not know.
    package mutating func open(at now: MonotonicInstant) {
        if openedAt == nil { openedAt = now }
    }

    /// The window that was open in `other` is open still: what was closed since was another one.
    package mutating func reopen(as other: WindowPolicy) { openedAt = other.openedAt }

    /// When the open window is too old; nil where none is open.
    package func deadline(isConnected: Bool) -> MonotonicInstant? {
        openedAt.map { $0 + (isConnected ? limits.age : limits.offlineAge) }
    }

    /// At so many readings the frame is about as large as it should be.
    package func readingLimit(isKey: Bool) -> Int {
        let room = max(min(limits.frameBytes, frameLimit) - Self.headBytes, 1)
        return max(Int(Double(room) / cost(isKey: isKey)), Self.leastReadings)
    }

    /// How large the frame of `readings` would be, about.
    package func estimatedBytes(readings: Int, isKey: Bool) -> Int {
        Self.headBytes + Int(Double(readings) * cost(isKey: isKey))
    }

    /// No frame may be larger than `bytes` from now on; nil for no such limit.
    package mutating func setFrameLimit(_ bytes: Int?) { frameLimit = bytes ?? .max }

    /// The window became a frame, and the next one begins with its first reading.
    package mutating func close(readings: Int, bytes: Int, isKey: Bool) {
        openedAt = nil
        guard readings > 0 else { return }
        let seen = max(Double(bytes - Self.headBytes), 1) / Double(readings)
        let known = isKey ? keyCost : chainedCost
        guard readings >= Self.tellingReadings || known == nil else { return }
        // A frame larger than thought counts at once, a smaller one by half.
        let learned = known.map { seen > $0 ? seen : ($0 + seen) / 2 } ?? seen
        if isKey { keyCost = learned } else { chainedCost = learned }
    }

    private func cost(isKey: Bool) -> Double {
        isKey ? keyCost ?? Self.firstCost : chainedCost ?? keyCost ?? Self.firstCost
    }
}
