// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import Synchronization

/// The one clock of a simulation: it moves when the simulation says so.
final class VirtualClock: Sendable {
    private let nanoseconds = Mutex<Int64>(1_000_000_000)

    var now: MonotonicInstant {
        get { nanoseconds.withLock { MonotonicInstant(nanoseconds: $0) } }
        set { nanoseconds.withLock { $0 = max($0, newValue.nanoseconds) } }
    }

    /// Its time of day never jumps.
    var wall: WallTime {
        WallTime(nanoseconds: 1_790_000_000_000_000_000 + now.nanoseconds)
    }
}
