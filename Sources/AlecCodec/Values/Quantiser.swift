// SPDX-License-Identifier: Apache-2.0

/// Rounds the values of a sensor whose owner declared how much they may change.
///
/// Values move to multiples of the largest round step (5, 2 or 1 times a power of ten) that is at
/// most twice the declared error. A value that no multiple serves stays as it is, so the bound
/// holds for every double.
public struct Quantiser: Equatable, Sendable {
    /// Every value leaves as strictly less than this away from what it was; 0 changes nothing.
    public let maximumError: Double
    /// The distance between the values that remain; 0 if all do.
    public let step: Double

    /// 5, 2 or 1; with 10^-`digits` it makes the step.
    private let multiple: Double
    /// A power of ten: divides where the step is below 1, multiplies from 1 on.
    private let power: Double
    private let isFraction: Bool

    /// From here on, neighbouring doubles are about as far apart as whole numbers.
    private static let valueLimit = 9e15
    private static let wholeLimit = 9_007_199_254_740_992.0

    /// Keeps values within `maximumError`; changes none if that is not a positive number.
    public init(maximumError: Double) {
        let widest = 2 * maximumError
        for isFraction in [false, true] {
            for digits in 0...15 {
                let power = PowersOfTen.table[isFraction ? digits : 15 - digits]
                for multiple in [5.0, 2.0, 1.0] {
                    let step = isFraction ? multiple / power : multiple * power
                    // A NaN is not above any step.
                    guard step <= widest else { continue }
                    self.maximumError = maximumError
                    self.step = step
                    self.multiple = multiple
                    self.power = power
                    self.isFraction = isFraction
                    return
                }
            }
        }
        self.maximumError = maximumError > 0 ? maximumError : 0
        step = 0
        multiple = 1
        power = 1
        isFraction = false
    }

    /// The multiple of the step nearest to `value` if it is nearer than the declared error, else
    /// `value`.
    ///
    /// The difference is taken in double arithmetic. Rounding never reverses an order: had the
    /// true difference reached the bound, the rounded one would have as well.
    public func quantise(_ value: Double) -> Double {
        guard step > 0, value.magnitude < Self.valueLimit else { return value }
        let whole = (value / step).nearestInteger * multiple
        guard whole.magnitude < Self.wholeLimit else { return value }
        // Adding zero makes a negative zero, which costs a correction, a plain one.
        let rounded = (isFraction ? whole / power : whole * power) + 0
        return (rounded - value).magnitude < maximumError ? rounded : value
    }
}

extension FrameBody {
    /// Rounds the values of the channels that may lose precision.
    mutating func quantise(_ quantisers: borrowing [Quantiser]) {
        for c in 0..<min(quantisers.count, slots.count)
        where slots[c].isPresent && quantisers[c].step > 0 {
            for i in slots[c].start..<(slots[c].start + slots[c].count) {
                values[i] = quantisers[c].quantise(values[i])
            }
        }
    }
}
