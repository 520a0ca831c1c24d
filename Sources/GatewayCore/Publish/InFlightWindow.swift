// SPDX-License-Identifier: Apache-2.0

/// How many frames may be under way at once: more while answers are quick, fewer when they take
/// long.
///
/// An answer is quick or slow compared with the shortest of the last ten minutes, so that a radio
/// and a cable need no setting. Each round trip without a slow answer adds one frame; a slow one
/// takes a quarter away, once per round trip. Alerts are not bound by it.
package struct InFlightWindow: Sendable {
    /// Latencies below it are all alike: within a machine twice nothing is nothing.
    package static let leastFloor = Duration.milliseconds(20)
    /// Never fewer.
    package static let least = 1
    /// How many on a new connection: what it bears is found out from below, as a slow line that is
    /// filled at once makes the first live frames late.
    package static let first = 4

    /// Never more, whatever the broker takes.
    package let most: Int
    /// How many, besides alerts.
    package private(set) var size: Int
    /// How often it was made smaller.
    package private(set) var decreases: UInt64 = 0
    /// How long PUBACKs took of late.
    package private(set) var latency = LatencyWindow()
    private var floorWindow = LatencyFloor()
    private var receiveMaximum: Int
    /// Quick answers since it grew last.
    private var quick = 0
    /// What was sent before the latest decrease says nothing about the smaller window.
    private var nextDecrease: MonotonicInstant?

    /// Nothing is known of the line.
    package init(most: Int = 16) {
        precondition(most >= Self.least, "a window that lets nothing through")
        self.most = most
        size = min(Self.first, most)
        receiveMaximum = most
    }

    /// A connection began; `receiveMaximum` is of its CONNACK. The floor stays, as the way to the
    /// broker is most likely the same.
    package mutating func connected(receiveMaximum: UInt16? = nil) {
        self.receiveMaximum = max(Self.least, min(most, receiveMaximum.map(Int.init) ?? most))
        size = min(Self.first, self.receiveMaximum)
        quick = 0
        nextDecrease = nil
        latency.clear()
    }

    /// How many may be under way in all, alerts among them: the broker closes the connection of
    /// whoever sends more.
    package var limit: Int { receiveMaximum }

    /// The shortest PUBACK of the last ten minutes; nil before the first.
    package var floor: Duration? { floorWindow.value }

    /// What takes longer is slow.
    package var slowAfter: Duration { max(floor ?? .zero, Self.leastFloor) * 2 }

    /// The share of slow answers is such that the line has no room to spare.
    package var isStrained: Bool { latency.high.map { $0 > slowAfter } ?? false }

    /// Whether one more may go while `underWay` are; an alert passes by the window.
    package func admits(underWay: Int, isAlert: Bool) -> Bool {
        underWay < (isAlert ? limit : min(size, limit))
    }

    /// A PUBACK came for what was sent so long ago, while `underWay` were under way, itself among
    /// them.
    package mutating func acknowledged(
        after latency: Duration, underWay: Int, at now: MonotonicInstant
    ) {
        floorWindow.add(latency, at: now)
        self.latency.add(latency)
        guard latency <= slowAfter else { return shrink(latency, at: now) }
        // A window that is not used says nothing about a larger one.
        guard underWay >= size, size < limit else { return }
        quick += 1
        guard quick >= size else { return }
        quick = 0
        size += 1
    }

    private mutating func shrink(_ latency: Duration, at now: MonotonicInstant) {
        quick = 0
        if let next = nextDecrease, now < next { return }
        nextDecrease = now + latency
        guard size > Self.least else { return }
        size = max(Self.least, size - max(1, size / 4))
        decreases += 1
    }
}
