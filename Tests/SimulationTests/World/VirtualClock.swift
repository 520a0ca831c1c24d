// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import Synchronization

/// The one clock of a simulation: it moves when the simulation says so.
final class VirtualClock: Sendable {
    private let nanoseconds = Mutex<Int64>(1_000_000_000)
    /// How far the time of day was set on or back.
    private let offset = Mutex<Int64>(0)

    var now: MonotonicInstant {
        get { nanoseconds.withLock { MonotonicInstant(nanoseconds: $0) } }
        set { nanoseconds.withLock { $0 = max($0, newValue.nanoseconds) } }
    }

    /// Its time of day jumps when it is set.
    var wall: WallTime {
        let offset = offset.withLock { $0 }
        return WallTime(nanoseconds: 1_790_000_000_000_000_000 + now.nanoseconds + offset)
    }

    /// Someone sets the time of day.
    func step(by span: Duration) { offset.withLock { $0 += span.nanoseconds } }
}
