// SPDX-License-Identifier: Apache-2.0

/// How much a reading matters. The raw value is what is sent: 1 for P1 to 5 for P5.
public enum Priority: UInt8, CaseIterable, Comparable, Sendable {
    /// P1: a rule of its sensor was broken; sent at once, never dropped by choice.
    case critical = 1
    /// P2: surprising; sent with the alerts.
    case important = 2
    /// P3: what every reading is unless something says otherwise.
    case normal = 3
    /// P4: kept, sent on request or when the link idles.
    case deferred = 4
    /// P5: may be aggregated or suppressed; what is suppressed is counted.
    case disposable = 5

    /// P1 comes first: more urgent is smaller.
    @inlinable
    public static func < (a: Priority, b: Priority) -> Bool { a.rawValue < b.rawValue }
}
