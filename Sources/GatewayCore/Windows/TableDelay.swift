// SPDX-License-Identifier: Apache-2.0

/// When new sensors get a channel table: after a while, in which others may join them, since each
/// table ends a group.
package struct TableDelay: Sendable {
    private var delay: Duration
    private var firstNew: MonotonicInstant?

    /// New sensors wait for others up to `delay`.
    package init(_ delay: Duration) { self.delay = delay }

    /// Another delay holds from now on, for those that wait too.
    package mutating func setDelay(_ delay: Duration) { self.delay = delay }

    /// A sensor without a table appeared.
    package mutating func sensorAppeared(at now: MonotonicInstant) {
        if firstNew == nil { firstNew = now }
    }

    /// When a table is due; nil where no sensor waits for one.
    package var deadline: MonotonicInstant? { firstNew.map { $0 + delay } }

    /// All sensors are in a table now.
    package mutating func tableMade() { firstNew = nil }
}
