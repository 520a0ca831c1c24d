// SPDX-License-Identifier: Apache-2.0

/// Sums of up to four numbers over the latest span of time, in buckets of equal width.
///
/// Old buckets leave one by one, so that neither a success nor the end of a window forgets all at
/// once. The sums are kept, so that asking costs nothing.
struct BucketWindow: Sendable {
    /// What is counted: each place is one kind.
    typealias Counts = SIMD4<Int64>

    /// The sums over the window, as of the latest call.
    private(set) var total = Counts.zero
    private let width: Int64
    private var buckets: [Counts]
    /// Which bucket is the newest, counted from the beginning of the clock.
    private var newest: Int64?

    /// `count` buckets, each `width` long.
    init(count: Int, width: Duration = .seconds(1)) {
        precondition(count > 0 && width > .zero, "a window without time")
        self.width = width.nanoseconds
        buckets = Array(repeating: .zero, count: count)
    }

    /// How long the window is.
    var span: Duration { .nanoseconds(width * Int64(buckets.count)) }

    /// Adds to the newest bucket.
    mutating func add(_ counts: Counts, at now: MonotonicInstant) {
        advance(to: now)
        guard let newest else { return }
        buckets[slot(newest)] &+= counts  // Fewer than 2^63 things happen within a window.
        total &+= counts
    }

    /// Lets go of what is older than the window.
    mutating func advance(to now: MonotonicInstant) {
        let bucket = Self.floor(now.nanoseconds, width)
        guard let newest else {
            self.newest = bucket
            return
        }
        // A clock that is read on two threads may seem to go back a little.
        guard bucket > newest else { return }
        self.newest = bucket
        guard bucket - newest < Int64(buckets.count) else {
            clear()
            return
        }
        for i in (newest + 1)...bucket {
            total &-= buckets[slot(i)]
            buckets[slot(i)] = .zero
        }
    }

    /// Forgets all.
    mutating func clear() {
        total = .zero
        for i in buckets.indices { buckets[i] = .zero }
    }

    private func slot(_ bucket: Int64) -> Int {
        let remainder = Int(bucket % Int64(buckets.count))
        return remainder < 0 ? remainder + buckets.count : remainder
    }

    private static func floor(_ a: Int64, _ b: Int64) -> Int64 {
        a % b < 0 ? a / b - 1 : a / b
    }
}
