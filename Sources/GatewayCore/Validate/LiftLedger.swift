// SPDX-License-Identifier: Apache-2.0

package import AlecCodec

/// Why readings were lifted above their sensor's priority, without the numbers.
package enum LiftReason: Int, CaseIterable, Sendable {
    case tooLow
    case tooHigh
    case step
    case rate
    case change
    case held
    case notFinite
    case surprise

    /// nil where nothing lifted.
    package init?(_ reason: Classification.Reason) {
        switch reason {
        case .base: return nil
        case .tooLow, .stillLow: self = .tooLow
        case .tooHigh, .stillHigh: self = .tooHigh
        case .step: self = .step
        case .rate: self = .rate
        case .change: self = .change
        case .held: self = .held
        case .notANumber, .infinite: self = .notFinite
        case .surprise: self = .surprise
        }
    }
}

/// Counts what was lifted, and says when that is worth a line in the log: at the first time, and
/// then once in ten seconds for each sensor and reason, with the number of readings since.
package struct LiftLedger: Sendable {
    private struct Entry: Sendable {
        var untold = 0
        var toldAt = MonotonicInstant(nanoseconds: 0)
        var isTold = false
    }

    /// The shortest time between two lines about the same.
    package static let rest = Duration.seconds(10)

    private var totals = [Int](repeating: 0, count: LiftReason.allCases.count)
    /// By sensor, then by reason.
    private var entries: [Entry] = []

    /// Nothing was lifted.
    package init() {}

    /// Lifted for `reason`, by any sensor.
    package subscript(reason: LiftReason) -> Int { totals[reason.rawValue] }

    /// There is one sensor more.
    package mutating func addSensor() {
        for _ in LiftReason.allCases { entries.append(Entry()) }
    }

    /// A reading of `sensor` was lifted; how many were since the last line, if one is due.
    package mutating func lift(
        _ sensor: Int, _ reason: LiftReason, at now: MonotonicInstant
    ) -> Int? {
        totals[reason.rawValue] += 1
        let i = sensor * LiftReason.allCases.count + reason.rawValue
        entries[i].untold += 1
        guard !entries[i].isTold || now - entries[i].toldAt >= Self.rest else { return nil }
        defer { entries[i] = Entry(untold: 0, toldAt: now, isTold: true) }
        return entries[i].untold
    }
}
