// SPDX-License-Identifier: Apache-2.0

/// What a made-up sensor's numbers look like; each kind leads the encoder another way.
enum SeriesKind: UInt8, CaseIterable {
    case decimal
    case fineDecimal
    case product
    case float
    case floatDecimal
    case lattice
    case floatLattice
    case multiples
    case counter
    case states
    case constant
    case smooth
    case noise
    case specials
    /// Any 64 bits at all.
    case bits
}

/// The values of one made-up sensor. Single IEEE operations only, as everything is compared
/// between processors.
struct Series {
    private let kind: SeriesKind
    private var random: SplitMix64
    private var walk: Int64 = 2_150
    private var speed = 0.0
    private var level = 20.0

    init(_ kind: SeriesKind, seed: UInt64) {
        self.kind = kind
        random = SplitMix64(seed: seed)
    }

    mutating func next() -> Double {
        walk += random.step(6)
        switch kind {
        case .decimal: return Double(walk) / 10
        case .fineDecimal: return Double(walk * 1_000 + random.step(4_000)) / 1_000_000
        case .product: return Double(walk) * 0.01
        case .float: return Double(Float(walk) / 7)
        case .floatDecimal: return Double(Float(Double(walk) / 100))
        case .lattice: return (Double(walk) * 0.8056640625 * 100).rounded(toDigits: 2)
        case .floatLattice: return Double(Float(walk) * 0.0030517578)
        case .multiples: return Double(walk * 25 + 7)
        case .counter:
            walk += 40
            return Double(walk)
        case .states: return Double(random.below(5) * random.below(2))
        case .constant: return 49.5
        case .smooth:
            speed = speed * 0.98 + Double(random.step(100)) / 1024
            level += speed
            return level
        case .noise: return Double(random.next() &>> 11) * 0x1p-53 - 0.5
        case .specials: return special()
        case .bits: return Double(bitPattern: random.next())
        }
    }

    private mutating func special() -> Double {
        switch random.below(12) {
        case 0: .nan
        case 1: Double(bitPattern: 0x7FF0_0000_0000_0001 | random.next() &>> 13)
        case 2: .infinity
        case 3: -.infinity
        case 4: -0.0
        // Not `leastNonzeroMagnitude`: Swift says that of the least normal number on 32-bit ARM.
        case 5: Double(bitPattern: 1 + random.below(3))
        case 6: -.greatestFiniteMagnitude
        default: Double(walk) / 100
        }
    }
}

extension Double {
    /// As a sensor prints it: rounded, then read back.
    fileprivate func rounded(toDigits digits: Int) -> Double {
        var power = 1.0
        for _ in 0..<digits { power *= 10 }
        return Double(Int64(self * power)) / power
    }
}
