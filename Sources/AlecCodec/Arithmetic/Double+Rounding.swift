// SPDX-License-Identifier: Apache-2.0

extension Double {
    /// The nearest integer, ties to even, of a number below 2^53.
    ///
    /// Adding 1.5 * 2^52 leaves no fraction bits, so the addition itself rounds: the one
    /// correctly rounded operation that every processor has, without a C library.
    @inline(__always)
    var nearestInteger: Double {
        // From 2^52 on every double is an integer.
        guard magnitude < 4_503_599_627_370_496 else { return self }
        return (self + 6_755_399_441_055_744) - 6_755_399_441_055_744
    }
}
