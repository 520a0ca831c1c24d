// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A bounded queue between two threads, meant for batches: one wake-up carries many items.
///
/// The taker polls `filled`, the giver polls `freed` when it was refused. It never waits by itself.
package final class BatchRing<Element: Sendable>: Sendable {
    private struct State {
        /// Ring storage; nil where nothing is.
        var slots: [Element?]
        var first = 0
        var count = 0
        var statistics = RingStatistics()
        /// The giver was refused and waits for room.
        var isAwaited = false
    }

    private let state: Mutex<State>
    /// Raised when something was put in.
    package let filled: EventFlag
    /// Raised when there is room again after `offer` was refused.
    package let freed: EventFlag

    /// A ring for at most `capacity` items.
    package init(capacity: Int) throws(SystemError) {
        precondition(capacity > 0, "a ring without room refuses for ever")
        state = Mutex(State(slots: Array(repeating: nil, count: capacity)))
        filled = try EventFlag()
        freed = try EventFlag()
    }

    /// Puts an item in; false, and counted, when there is no room.
    package func offer(_ element: Element) -> Bool {
        let isTaken = state.withLock { state in
            guard state.count < state.slots.count else {
                state.statistics.refused += 1
                state.isAwaited = true
                return false
            }
            state.slots[(state.first + state.count) % state.slots.count] = element
            state.count += 1
            state.statistics.offered += 1
            state.statistics.peak = max(state.statistics.peak, state.count)
            return true
        }
        if isTaken { filled.raise() }
        return isTaken
    }

    /// The oldest item; nil when there is none.
    package func take() -> Element? {
        let (element, hasRoom) = state.withLock { state -> (Element?, Bool) in
            guard state.count > 0 else { return (nil, false) }
            let element = state.slots[state.first]
            state.slots[state.first] = nil
            state.first = (state.first + 1) % state.slots.count
            state.count -= 1
            defer { state.isAwaited = false }
            return (element, state.isAwaited)
        }
        if hasRoom { freed.raise() }
        return element
    }

    /// How many items are in it.
    package var count: Int { state.withLock { $0.count } }

    /// What went through it so far.
    package var statistics: RingStatistics { state.withLock { $0.statistics } }
}

/// Counters of a ring.
package struct RingStatistics: Equatable, Sendable {
    /// Items put in.
    package var offered = 0
    /// Items that found no room.
    package var refused = 0
    /// The most items at once.
    package var peak = 0

    /// Nothing yet.
    package init() {}
}
