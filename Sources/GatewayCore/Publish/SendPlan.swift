// SPDX-License-Identifier: Apache-2.0

/// Which of the two lanes may send now: live strictly first, old frames in the gaps.
///
/// Whoever sends asks for an alert, then for a live frame, then for an old one, and stops at the
/// first that there is. The plan says whether it may go: it binds live frames to the window of
/// frames under way and nothing else, and old ones to their pace as well, and to half of the
/// window. So a live frame finds at most half a window before it in the broker.
package struct SendPlan: Sendable {
    /// What is to be sent.
    package enum Lane: CaseIterable, Sendable {
        /// P1 and P2.
        case alert
        case live
        /// Backfill, and what was asked for again.
        case back
    }

    /// Whether it may go.
    package enum Admission: Equatable, Sendable {
        case proceed
        /// Not before a PUBACK came.
        case waitForAnswer
        case wait(until: MonotonicInstant)
    }

    /// The frames under way.
    package private(set) var window: InFlightWindow
    /// How fast old frames follow.
    package private(set) var pace: BackfillPace
    private var underWay = 0
    private var oldUnderWay = 0
    /// Something was told to wait for an answer since the latest one came.
    private var isFull = false

    /// A plan before the first connection.
    package init(window: InFlightWindow = InFlightWindow(), pace: BackfillPace = BackfillPace()) {
        self.window = window
        self.pace = pace
    }

    /// A connection began. Nothing is under way.
    package mutating func connected(
        receiveMaximum: UInt16? = nil, chance: UInt64, at now: MonotonicInstant
    ) {
        window.connected(receiveMaximum: receiveMaximum)
        pace.begin(at: now, chance: chance)
        underWay = 0
        oldUnderWay = 0
    }

    /// The breaker closed: old frames wait a little, and begin slowly.
    package mutating func breakerClosed(chance: UInt64, at now: MonotonicInstant) {
        pace.begin(at: now, chance: chance)
    }

    /// Whether a frame of `lane` may go now. `breakerLimit` is the breaker's ramp.
    package mutating func admit(
        _ lane: Lane, breakerLimit: Int? = nil, at now: MonotonicInstant
    ) -> Admission {
        let isAlert = lane == .alert
        guard window.admits(underWay: underWay, isAlert: isAlert),
            isAlert || underWay < breakerLimit ?? .max
        else {
            isFull = true
            return .waitForAnswer
        }
        switch lane {
        case .alert, .live:
            return .proceed
        case .back:
            // While the breaker's ramp is short, a single one at a time.
            let share = min(window.size / 2, breakerLimit.map { $0 / 2 } ?? .max)
            guard oldUnderWay < max(1, share) else {
                isFull = true
                return .waitForAnswer
            }
            switch pace.admit(at: now) {
            case .proceed: return .proceed
            case .wait(let until): return .wait(until: until)
            }
        }
    }

    /// A frame went.
    package mutating func sent(_ lane: Lane, bytes: Int, at now: MonotonicInstant) {
        underWay += 1
        switch lane {
        case .alert: break
        case .live: pace.noteLive(at: now)
        case .back:
            oldUnderWay += 1
            pace.sent(bytes: bytes, at: now)
        }
    }

    /// A frame did not go after all, or will not be answered.
    package mutating func withdrawn(_ lane: Lane) { settle(lane) }

    /// A PUBACK came, so long after its frame was sent.
    package mutating func acknowledged(
        _ lane: Lane, after latency: Duration, at now: MonotonicInstant
    ) {
        // The half that old frames may take is full: more of it would be used.
        window.acknowledged(
            after: latency, underWay: isFull ? max(underWay, window.size) : underWay, at: now)
        isFull = false
        settle(lane)
        pace.judge(isStrained: window.isStrained, at: now)
    }

    private mutating func settle(_ lane: Lane) {
        underWay = max(0, underWay - 1)
        if lane == .back { oldUnderWay = max(0, oldUnderWay - 1) }
    }
}
