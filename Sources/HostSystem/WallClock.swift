// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The time of day, for data and for people. It may jump: nothing waits for it.
package enum WallClock {
    /// Nanoseconds since 1970, UTC.
    package static var nanoseconds: Int64 {
        var time = timespec()
        // Fails only for clocks that do not exist; the pointer is to a local.
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
