// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Time that never jumps, for measuring how long something takes.
package enum MonotonicClock {
    /// Nanoseconds since some moment in the past.
    package static var nanoseconds: UInt64 {
        var time = timespec()
        // Fails only for clocks that do not exist; the pointer is to a local.
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
