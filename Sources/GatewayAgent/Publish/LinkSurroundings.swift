// SPDX-License-Identifier: Apache-2.0

internal import GatewayCore
internal import HostSystem

/// Time and chance, as the link takes them from the machine that it runs on. Tests bring others.
struct LinkSurroundings: RandomNumberGenerator {
    var instant: () -> MonotonicInstant = { MonotonicClock.instant }
    var wall: () -> WallTime = { WallClock.time }
    var random: () -> UInt64 = {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    mutating func next() -> UInt64 { random() }
}
