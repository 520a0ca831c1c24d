// SPDX-License-Identifier: Apache-2.0

/// Makes the values of one sensor.
public struct ValueSource: Sendable {
    /// What the values look like.
    public enum Shape: CaseIterable, Sendable {
        /// Rounded to digits, as most devices print.
        case decimals
        /// Multiplied by 0.01 and the like.
        case products
        /// Floats as a device of 32 bits reckons.
        case floats
        /// Decimals that went through a float.
        case floatDecimals
        /// Multiples of a step, exact in binary.
        case lattice
        /// Multiples of a crooked step, rounded to digits.
        case roundedLattice
        /// Multiples of a crooked step as floats.
        case floatLattice
        /// A wandering double.
        case doubles
        /// Doubles around zero whose size varies.
        case noise
        /// A door, open or shut.
        case door
        /// A few states.
        case states
        /// Counts up, sometimes starts again.
        case counter
        /// Multiples of 250 from 7 on.
        case divisor
        /// Constant for long.
        case constant
        /// NaNs with payloads, infinities, zeros of both signs, denormals, the extremes.
        case specials
        /// Any 64 bits.
        case bits
        /// Decimals with gaps that are NaN.
        case gaps
        /// Decimals, some of them one bit off.
        case nearDecimals
    }

    public let shape: Shape
    private var level: Double
    private let spread: Double
    private let digits: Double
    private let step: Double
    private var count: Int64 = 0

    public init(_ shape: Shape, _ random: inout SeededGenerator) {
        self.shape = shape
        level = (random.unit() - 0.3) * 200
        spread = 0.01 + random.unit() * 5
        digits = random.pick([1, 10, 10, 100, 1000])
        step = 0.01 + random.unit()
    }

    public static let special: [UInt64] = [
        0, 0x8000_0000_0000_0000, 0x7FF0_0000_0000_0000, 0xFFF0_0000_0000_0000,
        0x7FF8_0000_0000_0000, 0x7FF8_0000_0000_0001, 0x7FF0_0000_0000_0001,
        0xFFFF_FFFF_FFFF_FFFF, 1, 0x8000_0000_0000_0001, 0x000F_FFFF_FFFF_FFFF,
        0x0010_0000_0000_0000, 0x7FEF_FFFF_FFFF_FFFF, 0xFFEF_FFFF_FFFF_FFFF,
        0x3FF0_0000_0000_0001, 0x4340_0000_0000_0001,
    ]

    public mutating func next(_ random: inout SeededGenerator) -> Double {
        level += (random.unit() - 0.5) * spread
        count += 1
        let decimal = (level * digits).rounded() / digits
        switch shape {
        case .decimals: return decimal
        case .products: return (level * 100).rounded() * 0.01
        case .floats: return Double(Float(level))
        case .floatDecimals: return Double(Float(decimal))
        case .lattice: return (level / 0.0625).rounded() * 0.0625
        case .roundedLattice:
            return ((level * 10 / step).rounded() * step * 1000).rounded() / 1000
        case .floatLattice: return Double(Float((level * 10 / step).rounded() * step))
        case .doubles: return level
        case .noise: return random.bell() * spread * 100
        case .door: return random.once(in: 20) ? 1 : 0
        case .states: return [0, 1, 2, 5, 8][random.below(random.once(in: 4) ? 5 : 2)]
        case .counter:
            if random.once(in: 200) { level = 0 }
            level = level.rounded().magnitude + Double(random.below(4))
            return level
        case .divisor: return level.rounded() * 250 + 7
        case .constant: return random.once(in: 100) ? decimal : 21.5
        case .specials:
            return random.once(in: 2)
                ? Double(bitPattern: random.pick(Self.special)) : level.rounded()
        case .bits: return Double(bitPattern: random.next())
        case .gaps: return random.once(in: 30) ? .nan : decimal
        case .nearDecimals: return random.once(in: 5) ? decimal.nextUp : decimal
        }
    }
}
