// SPDX-License-Identifier: Apache-2.0

/// When windows, frames and groups close; the whole of it in Protocol.md.
package struct WindowSettings: Equatable, Sendable {
    /// A window of P3 closes when its first reading is so old.
    package var age = Duration.seconds(10)
    /// The same while no broker is connected.
    package var offlineAge = Duration.seconds(60)
    /// A window closes when its frame would be so large.
    package var frameBytes = 4096
    /// A group ends when one of its channels has so many samples.
    package var groupSamples = 600
    /// A group ends after so many frames.
    package var groupFrames = 300
    /// A group ends when it is so old.
    package var groupAge = Duration.seconds(600)
    /// A group ends when it would be larger.
    package var groupBytes = 256 << 10
    /// How long new sensors are gathered before a new channel table.
    package var tableDelay = Duration.seconds(1)

    /// The defaults.
    package init() {}
}
