// SPDX-License-Identifier: Apache-2.0

internal import CLinux

/// What the kernel knows of the time of day.
package enum ClockStatus {
    /// Whether something, a time server mostly, keeps the wall clock right.
    package static var isSynchronised: Bool { alec_clock_is_synchronised() != 0 }
}
