// SPDX-License-Identifier: Apache-2.0

/// How the values of a channel are coded at the moment, for people who look into a file.
public struct ChannelDescription: Equatable, Sendable {
    /// What the integers stand for.
    public enum Form: UInt8, CaseIterable, Sendable {
        /// n / 10^digits.
        case decimal = 0
        /// n times a rounded 1 / 10^digits.
        case decimalProduct = 1
        /// The float nearest to n / 10^digits.
        case floatDecimal = 2
        /// The n-th of all floats.
        case float = 3
        /// The n-th of all doubles.
        case double = 4
        /// Sign, exponent and mantissa.
        case noisy = 5
    }

    /// What the integers stand for.
    public var form: Form
    /// Decimal places; 0 where the form has none.
    public var digits: Int
    /// The integers are multiples of this, but for a remainder.
    public var divisor: Int64
    /// The distance of the values from each other, where they lie on a lattice of their own.
    public var latticeStep: Double?
    /// A set of recent values is in use.
    public var usesSet: Bool
    /// The adaptive filter takes part in the prediction.
    public var usesFilter: Bool
    /// The channel whose times and surprises this one is compared with.
    public var reference: Int?
}

extension Context {
    /// How `channel` is coded; nil if it has not appeared in the current group.
    public func description(of channel: Int) -> ChannelDescription? {
        guard channel >= 0, channel < channelCount, presence[channel].isDescribed,
            let form = ChannelDescription.Form(
                rawValue: channels[channel].parameters.kind.rawValue)
        else { return nil }
        let parameters = channels[channel].parameters
        return ChannelDescription(
            form: form, digits: parameters.kind.hasDigits ? Int(parameters.digits) : 0,
            divisor: parameters.divisor,
            latticeStep: parameters.isLattice ? parameters.step : nil,
            usesSet: channels[channel].setIsOn, usesFilter: parameters.usesFilter,
            reference: parameters.reference >= 0 ? Int(parameters.reference) : nil)
    }
}
