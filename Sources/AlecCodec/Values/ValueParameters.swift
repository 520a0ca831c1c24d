// SPDX-License-Identifier: Apache-2.0

/// How the doubles of a channel become integers. The raw value is what is sent.
enum ValueKind: UInt8 {
    /// n / 10^digits.
    case decimal = 0
    /// n * (1 / 10^digits): what a device gives that multiplies by 0.01.
    case decimalProduct = 1
    /// The float nearest to n / 10^digits.
    case floatDecimal = 2
    /// The n-th of all floats.
    case float = 3
    /// The n-th of all doubles.
    case double = 4
    /// Sign, exponent and mantissa on their own: doubles without a grid.
    case noisy = 5

    /// Whether a value that does not fit may be sent as its 64 bits instead.
    @inline(__always)
    var hasEscape: Bool { rawValue <= 3 }

    /// Whether the integers stand for decimal numbers.
    @inline(__always)
    var hasDigits: Bool { rawValue <= 2 }
}

/// What encoder and decoder agree on for the values of one channel.
struct ValueParameters {
    var kind = ValueKind.decimal
    var digits: UInt8 = 0
    /// The values lie on `origin` + x * `step` instead of on a decimal grid.
    var isLattice = false
    /// No value needs a correction, so none is coded.
    var isExact = false
    /// A set of recent values is kept.
    var usesSet = false
    /// The adaptive filter takes part in the prediction.
    var usesFilter = false
    /// The most frequent exponent of noisy doubles.
    var exponentReference: UInt16 = 0
    /// The lower channel that times and innovations are compared with; -1 for none.
    var reference: Int32 = -1
    /// n = x * `divisor` + `remainder`.
    var divisor: Int64 = 1
    var remainder: Int64 = 0
    var step: Double = 0
    var origin: Double = 0

    init(kind: ValueKind = .decimal, digits: UInt8 = 0) {
        self.kind = kind
        self.digits = digits
        isExact = !kind.hasEscape
    }

    /// Equal in everything but the reference, which is coded on its own.
    func describesSameValues(as other: ValueParameters) -> Bool {
        kind == other.kind && digits == other.digits && isLattice == other.isLattice
            && isExact == other.isExact && usesSet == other.usesSet
            && usesFilter == other.usesFilter && exponentReference == other.exponentReference
            && divisor == other.divisor && remainder == other.remainder
            && step.bitPattern == other.step.bitPattern
            && origin.bitPattern == other.origin.bitPattern
    }
}
