// SPDX-License-Identifier: Apache-2.0

extension Double {
    /// The nearest integer, ties to even.
    ///
    /// From 2^52 to 2^53 neighbours differ by 1, so moving the number there, away from zero, is an
    /// addition that rounds by itself: the one correctly rounded operation that every processor
    /// has, without a C library.
    @inline(__always)
    var nearestInteger: Double {
        // From 2^52 on every double is an integer.
        guard magnitude < 4_503_599_627_370_496 else { return self }
        let away: Double = self < 0 ? -4_503_599_627_370_496 : 4_503_599_627_370_496
        return (self + away) - away
    }
}
