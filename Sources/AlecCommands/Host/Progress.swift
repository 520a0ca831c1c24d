// SPDX-License-Identifier: Apache-2.0

/// A line on the terminal that says how far long work is. Nothing else ever sees it.
struct Progress {
    /// Work shorter than this needs no progress.
    private static let patience: UInt64 = 1_000_000_000
    private static let interval: UInt64 = 200_000_000

    private let isWanted: Bool
    private let start: UInt64
    private var next: UInt64
    private var isShown = false
    private var bytes = 0

    /// Work that begins now.
    init<Host: CommandHost>(on host: inout Host) {
        isWanted = host.errorIsTerminal
        start = host.nanoseconds()
        next = start + Self.patience
    }

    /// Another `count` bytes of the input are done, and so many readings in all.
    mutating func advance<Host: CommandHost>(_ count: Int, readings: Int, on host: inout Host) {
        bytes += count
        guard isWanted else { return }
        let now = host.nanoseconds()
        guard now >= next else { return }
        next = now + Self.interval
        isShown = true
        let seconds = max((now - start) / 1_000_000_000, 1)
        let parts = [
            CountText.grouped(bytes >> 20) + " MiB", CountText.grouped(readings) + " readings",
            CountText.grouped(readings / Int(seconds)) + " per second",
        ]
        host.tell("\r\u{1B}[K" + parts.joined(separator: ", "))
    }

    /// Takes the line away before anything else is said.
    mutating func clear<Host: CommandHost>(on host: inout Host) {
        guard isShown else { return }
        isShown = false
        host.tell("\r\u{1B}[K")
    }
}
