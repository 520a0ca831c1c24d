// SPDX-License-Identifier: Apache-2.0

// Doubles to integers and back. Both directions use single IEEE operations only, so that every
// processor finds the same bits; the encoder uses a result only if it restores the value exactly.

extension ValueParameters {
    /// The value that `x` and its correction stand for.
    @inline(__always)
    func value(_ x: Int64, correction: Int64) -> Double {
        if isLattice { return latticeValue(x, correction: correction) }
        let n = x &* divisor &+ remainder
        let plain = Self.number(kind, digits, n)
        guard correction != 0 else { return plain }
        switch kind {
        case .floatDecimal, .float:
            return Self.bumped(plain, by: correction)
        case .decimal, .decimalProduct, .double, .noisy:
            return FloatOrder.double(at: FloatOrder.number(of: plain) &+ correction)
        }
    }

    @inline(never)
    private func latticeValue(_ x: Int64, correction: Int64) -> Double {
        let scaled = Double(x) * step
        let y = scaled + origin
        if kind == .float { return Self.bumped(Double(Float(y)), by: correction) }
        let n = y.magnitude < 9e15 ? Int64(y.nearestInteger) : 0
        if kind == .floatDecimal {
            return Self.bumped(Self.number(.floatDecimal, digits, n), by: correction)
        }
        return Self.number(kind, digits, n &+ correction)
    }

    /// The value of an integer before correction.
    @inline(__always)
    static func number(_ kind: ValueKind, _ digits: UInt8, _ n: Int64) -> Double {
        switch kind {
        case .decimal: Double(n) / PowersOfTen.table[Int(digits & 15)]
        case .decimalProduct: Double(n) * (1 / PowersOfTen.table[Int(digits & 15)])
        case .floatDecimal: Double(Float(Double(n) / PowersOfTen.table[Int(digits & 15)]))
        case .float: Double(FloatOrder.float(at: n))
        case .double, .noisy: FloatOrder.double(at: n)
        }
    }

    /// Moves a float value by a correction: 256 for each neighbouring float, the rest in doubles.
    static func bumped(_ value: Double, by correction: Int64) -> Double {
        let floats = (correction &+ 128) &>> 8
        let doubles = correction &- floats &* 256
        let near = Double(
            FloatOrder.float(at: Int64(FloatOrder.number(of: Float(value))) &+ floats))
        guard doubles != 0 else { return near }
        return FloatOrder.double(at: FloatOrder.number(of: near) &+ doubles)
    }
}

/// A value as the encoder sends it; nil in its place means an escape.
struct CodedInteger {
    var x: Int64
    var correction: Int64
}

extension ValueParameters {
    /// Corrections are coded with at most this many bits.
    private static let correctionBits = 30

    /// The integer and correction that restore `value` bit for bit, if there are any.
    @inline(__always)
    func integer(of value: Double) -> CodedInteger? {
        if kind == .decimal && !isLattice && divisor == 1 {
            // The common case first: a decimal that needs no correction.
            let y = value * PowersOfTen.table[Int(digits & 15)]
            guard y.magnitude < 9_007_199_254_740_992 else { return nil }
            let n = Int64(y.nearestInteger)
            let restored = Double(n) / PowersOfTen.table[Int(digits & 15)]
            if restored.bitPattern == value.bitPattern {
                return CodedInteger(x: n &- remainder, correction: 0)
            }
        }
        return generalInteger(of: value)
    }

    @inline(never)
    private func generalInteger(of value: Double) -> CodedInteger? {
        if kind == .noisy { return CodedInteger(x: 0, correction: 0) }
        // A NaN never goes through float arithmetic: it might not come out with the same bits.
        if value != value && kind != .double { return nil }
        guard let n = Self.quantum(kind, digits, value) else { return nil }
        guard let coded = isLattice ? latticeInteger(of: value, n) : gridInteger(of: value, n)
        else { return nil }
        if isExact && coded.correction != 0 { return nil }
        guard coded.correction.size.bitLength <= Self.correctionBits,
            self.value(coded.x, correction: coded.correction).bitPattern == value.bitPattern
        else { return nil }
        return coded
    }

    private func gridInteger(of value: Double, _ n: Int64) -> CodedInteger? {
        var x = n &- remainder
        if divisor > 1 {
            guard x % divisor == 0 else { return nil }
            x /= divisor
        }
        let plain = Self.number(kind, digits, n)
        if plain.bitPattern == value.bitPattern { return CodedInteger(x: x, correction: 0) }
        switch kind {
        case .double, .noisy: return nil
        case .float, .floatDecimal:
            return CodedInteger(x: x, correction: Self.floatDistance(value, plain))
        case .decimal, .decimalProduct:
            return CodedInteger(
                x: x, correction: FloatOrder.number(of: value) &- FloatOrder.number(of: plain))
        }
    }

    private func latticeInteger(of value: Double, _ n: Int64) -> CodedInteger? {
        let y = kind == .float ? value : Double(n)
        let place = (y - origin) / step
        guard place.magnitude < 4e15 else { return nil }
        let x = Int64(place.nearestInteger)
        let scaled = Double(x) * step
        let z = scaled + origin
        if kind == .float {
            return CodedInteger(x: x, correction: Self.floatDistance(value, Double(Float(z))))
        }
        guard z.magnitude < 9e15 else { return nil }
        let m = Int64(z.nearestInteger)
        if kind == .floatDecimal {
            return CodedInteger(
                x: x,
                correction: Self.floatDistance(value, Self.number(.floatDecimal, digits, m)))
        }
        return CodedInteger(x: x, correction: n &- m)
    }

    /// The nearest integer of a value on the grid of a kind, if it is in reach.
    @inline(__always)
    static func quantum(_ kind: ValueKind, _ digits: UInt8, _ value: Double) -> Int64? {
        switch kind {
        case .decimal, .decimalProduct, .floatDecimal:
            let y = value * PowersOfTen.table[Int(digits & 15)]
            guard y.magnitude < 9_007_199_254_740_992 else { return nil }
            return Int64(y.nearestInteger)
        case .float:
            return Int64(FloatOrder.number(of: Float(value)))
        case .double, .noisy:
            return FloatOrder.number(of: value)
        }
    }

    /// The correction from `b` to `a`: 256 for each float between them, and double steps within
    /// one; out of reach where `a` lies too far from any float.
    static func floatDistance(_ a: Double, _ b: Double) -> Int64 {
        let floats =
            Int64(FloatOrder.number(of: Float(a))) &- Int64(FloatOrder.number(of: Float(b)))
        let doubles = FloatOrder.number(of: a) &- FloatOrder.number(of: Double(Float(a)))
        return doubles < -100 || doubles > 100 ? 1 << 50 : floats &* 256 &+ doubles
    }
}
