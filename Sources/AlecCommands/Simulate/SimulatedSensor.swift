// SPDX-License-Identifier: Apache-2.0

/// A sensor that does not exist: its values come from its seed and from time alone.
///
/// All is integer arithmetic, in units of the last digit or a thousandth of it, so that a seed
/// gives the same bytes on every machine.
struct SimulatedSensor {
    let kind: SensorKind
    let name: [UInt8]
    private var chance: SplitMix64
    /// What moves slowly, in thousandths of the last digit.
    private var level: Int64
    /// How fast it moves at present: watts, or thousandths of the last digit per second.
    private var motion: Int64 = 0
    /// The unusual comes again and again: when at first, how often, how long; microseconds.
    private let event: (first: Int64, every: Int64, length: Int64)
    private var last: Int64 = 0

    /// The sensor number `index` of a simulation, from 0.
    init(index: Int, seed: UInt64) {
        let kinds = SensorKind.allCases
        kind = kinds[index % kinds.count]
        name = Array((kind.word + String(index / kinds.count + 1)).utf8)
        chance = SplitMix64(state: seed)
        // A step of its own for each sensor keeps their series apart.
        for _ in 0...index % 16 { _ = chance.next() }
        chance = SplitMix64(state: chance.next() ^ UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
        let second: Int64 = 1_000_000
        event = (
            first: chance.number(in: 15...40) * second,
            every: chance.number(in: 90...240) * second,
            length: chance.number(in: 6...15) * second
        )
        level = Self.start(kind) + chance.number(in: -20_000...20_000)
        if kind == .energy {
            level = chance.number(in: 100_000...9_000_000) * 3_600_000_000
            motion = 300
        }
    }

    /// The value at a time that is not before the last one, in units of its last digit.
    mutating func value(at microseconds: Int64) -> Int64 {
        let passed = microseconds - last
        last = microseconds
        return switch kind {
        case .temperature: temperature(at: microseconds)
        case .humidity: waving(at: microseconds, period: 1500, height: 25_000, noise: 1500)
        case .pressure: pressure()
        case .energy: energy(passed)
        case .door: isUnusual(at: microseconds) ? 1 : 0
        case .vibration: vibration(at: microseconds)
        case .latitude, .longitude: position(at: microseconds, passed)
        }
    }

    private static func start(_ kind: SensorKind) -> Int64 {
        switch kind {
        case .temperature: 2_150_000
        case .humidity: 480_000
        case .pressure: 101_325_000
        case .energy, .door: 0
        case .vibration: 1_200_000
        case .latitude: 4_813_743_000
        case .longitude: 1_157_549_000
        }
    }

    private func isUnusual(at microseconds: Int64) -> Bool {
        let since = microseconds - event.first
        return since >= 0 && since % event.every < event.length
    }

    private mutating func temperature(at microseconds: Int64) -> Int64 {
        let usual = waving(at: microseconds, period: 1200, height: 150_000, noise: 3000)
        // Far above all that is usual: a rule like "above 30" must fire.
        return isUnusual(at: microseconds) ? usual + 1500 : usual
    }

    /// Up and down around the level, with noise.
    private mutating func waving(
        at microseconds: Int64, period seconds: Int64, height: Int64, noise: Int64
    ) -> Int64 {
        let period = seconds * 1_000_000
        let phase = microseconds % period * 2048 / period
        // Two parabolas look much like a sine, and are the same everywhere.
        let x = phase % 1024
        let arch = height * (x * (1024 - x)) / (512 * 512)
        return rounded(level + (phase < 1024 ? arch : -arch) + chance.noise(noise))
    }

    private mutating func pressure() -> Int64 {
        level += chance.noise(600)
        return rounded(level + chance.noise(4000))
    }

    /// The level is in watts times microseconds, the value in watt-hours.
    private mutating func energy(_ passed: Int64) -> Int64 {
        level += motion * passed
        if chance.number(in: 0...29) == 0 {
            motion = [120, 300, 950, 2300][Int(chance.number(in: 0...3))]
        }
        return level / 3_600_000_000
    }

    private mutating func vibration(at microseconds: Int64) -> Int64 {
        let strength: Int64 = isUnusual(at: microseconds) ? 900_000 : 150_000
        return max(0, rounded(level + chance.noise(strength)))
    }

    private mutating func position(at microseconds: Int64, _ passed: Int64) -> Int64 {
        if isUnusual(at: microseconds) {
            motion = 0
        } else {
            // A pull towards home keeps it on the map, however long it drives.
            let pull = (Self.start(kind) - level) / 2_000_000
            motion = min(max(motion + pull + chance.noise(1500), -14_000), 14_000)
        }
        // At the rates that are possible this cannot come near the limits of the type.
        level += motion * passed / 1_000_000
        return rounded(level + chance.noise(300))
    }

    private func rounded(_ thousandths: Int64) -> Int64 {
        (thousandths + (thousandths < 0 ? -500 : 500)) / 1000
    }
}

/// A generator of chance that is the same everywhere.
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        // The sequence is defined modulo 2^64.
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// One of the numbers of a range, all about equally often.
    mutating func number(in range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// Mostly small, at most `limit`, as likely up as down.
    mutating func noise(_ limit: Int64) -> Int64 {
        let sum =
            number(in: -limit...limit) + number(in: -limit...limit) + number(in: -limit...limit)
        return sum / 3
    }
}
