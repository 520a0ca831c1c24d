// SPDX-License-Identifier: Apache-2.0

/// Why the plain decoder refuses a frame.
public enum PlainFault: String, Error {
    case truncated
    case unsupported
    case malformed
    case badCheck
    case limit
}

/// An estimate of section 5 of the format page.
struct PlainEstimate {
    var p: Int
    var n: Int

    mutating func learn(_ bit: Bool, limit: Int) {
        p += (((bit ? 65_535 : 0) - p) * (65_536 / (2 * n + 3))) >> 15
        if n < limit { n += 1 }
    }
}

/// The range decoder of section 4, and the numbers of section 5.
struct PlainCoder {
    private var bytes: [UInt8] = []
    private var at = 0
    private var range = UInt64.max
    private var code: UInt64 = 0

    init(_ payload: [UInt8]) {
        bytes = payload
        for i in 0..<8 { code = code << 8 | UInt64(i < bytes.count ? bytes[i] : 0) }
        at = 8
    }

    mutating func bit(_ estimate: inout PlainEstimate, limit: Int) throws(PlainFault) -> Bool {
        let q = UInt64(min(max(estimate.p, 24), 65_512))
        let bound = (range >> 16) * q
        let bit = code < bound
        if bit {
            range = bound
        } else {
            code -= bound
            range -= bound
        }
        try refill()
        estimate.learn(bit, limit: limit)
        return bit
    }

    mutating func raw(_ count: Int) throws(PlainFault) -> UInt64 {
        var left = count
        var result: UInt64 = 0
        while left > 0 {
            let k = UInt64(min(left, 16))
            left -= Int(k)
            range >>= k
            let v = min(code / range, 1 << k - 1)
            code -= v * range
            try refill()
            result = result << k | v
        }
        return result
    }

    private mutating func refill() throws(PlainFault) {
        guard range < 1 << 32 else { return }
        if at > bytes.count + 16 { throw .malformed }
        for i in at..<(at + 4) { code = code << 8 | UInt64(i < bytes.count ? bytes[i] : 0) }
        at += 4
        range <<= 32
    }

    mutating func tree(
        _ estimates: inout [PlainEstimate], _ k: Int, limit: Int = 30
    ) throws(PlainFault) -> Int {
        var node = 1
        for _ in 0..<k { node = 2 * node + (try bit(&estimates[node], limit: limit) ? 1 : 0) }
        return node - 1 << k
    }

    mutating func unsigned(_ lengths: inout [PlainEstimate]) throws(PlainFault) -> UInt64 {
        let b = try tree(&lengths, 7)
        if b > 64 { throw .malformed }
        if b < 2 { return UInt64(b) }
        return 1 << UInt64(b - 1) + (try raw(b - 1))
    }

    mutating func signed(
        _ lengths: inout [PlainEstimate], _ sign: inout PlainEstimate
    ) throws(PlainFault) -> Int64 {
        let v = try unsigned(&lengths)
        guard v > 0, try bit(&sign, limit: 30) else { return Int64(bitPattern: v) }
        return 0 &- Int64(bitPattern: v)
    }

    /// A length of section 12.
    mutating func length(_ estimates: inout [PlainEstimate]) throws(PlainFault) -> Int {
        let b = try tree(&estimates, 5)
        if b > 21 { throw .malformed }
        if b < 2 { return b }
        return 1 << (b - 1) + Int(try raw(b - 1))
    }

    /// A residual; `rows` are the eight rows of values or ranks, or the four of times.
    mutating func residual(
        _ rows: inout [[PlainEstimate]], scale: UInt64, f: Int, notZero: Bool
    ) throws(PlainFault) -> Int64 {
        let lm = PlainArithmetic.quarterLog(scale)
        let b0 = lm < 28 ? 0 : (lm - 16) / 4 - 2
        let row = lm < 28 ? lm : 28 + lm & 3
        let e = rows.count == 8 ? row >> 2 : row >> 3
        let b = try residualLength(&rows[e], b0: b0, notZero: notZero)
        if b == 0 { return 0 }
        var neg = false
        if b <= 4 {
            let size = abs(f)
            let node = b > 2 ? 20 : size > 96 ? 19 : size > 56 ? 18 : size > 24 ? 17 : 16
            neg = try bit(&rows[e][node], limit: 250)
        }
        var m: UInt64 = 1
        if b >= 2 {
            let t = try bit(&rows[e][21 + min(max(b - b0, 0), 4)], limit: 250)
            m = 2 * m + (t ? 1 : 0)
            if b >= 3 { m = 2 * m + (try bit(&rows[e][t ? 27 : 26], limit: 250) ? 1 : 0) }
        }
        if b == 4 { m = 2 * m + (try raw(1)) }
        if b > 4 {
            let w = try raw(b - 2)
            let low = UInt64(b - 3)
            neg = w >> low == 1
            m = m << low | w & (1 << low - 1)
        }
        return neg != (f < 0) ? 0 &- Int64(bitPattern: m) : Int64(bitPattern: m)
    }

    private mutating func residualLength(
        _ e: inout [PlainEstimate], b0: Int, notZero: Bool
    ) throws(PlainFault) -> Int {
        let least = notZero ? 1 : 0
        if b0 > 0, try bit(&e[12], limit: 250) {
            var b = b0 - 1
            var i = 0
            while b > least {
                if try bit(&e[13 + min(i, 2)], limit: 250) { break }
                b -= 1
                i += 1
            }
            return b
        }
        var b = b0 == 0 && notZero ? 1 : b0
        while b < 64 {
            if try bit(&e[min(b - b0, 11)], limit: 250) { break }
            b += 1
        }
        return b
    }
}

/// Section 1.
enum PlainArithmetic {
    static func bits(_ v: UInt64) -> Int { 64 - v.leadingZeroBitCount }

    static func log(_ v: Int) -> Int { bits(UInt64(v)) - 1 }

    static func size(_ v: Int64) -> UInt64 { v.magnitude }

    static func clamp(_ v: Int64, _ m: Int64) -> Int64 { min(max(v, -m), m) }

    static func quarterLog(_ value: UInt64) -> Int {
        let v = max(value, 1)
        let b = bits(v) - 1
        let m = b >= 4 ? v >> UInt64(b - 4) : v << UInt64(4 - b)
        return 4 * b + (m < 19 ? 0 : m < 23 ? 1 : m < 27 ? 2 : 3)
    }

    static func order64(_ w: Int64) -> Int64 {
        w ^ Int64(bitPattern: UInt64(bitPattern: w >> 63) >> 1)
    }

    static func order32(_ w: Int32) -> Int32 {
        w ^ Int32(bitPattern: UInt32(bitPattern: w >> 31) >> 1)
    }

    static func double(at n: Int64) -> Double {
        Double(bitPattern: UInt64(bitPattern: order64(n)))
    }

    static func place(_ v: Double) -> Int64 { order64(Int64(bitPattern: v.bitPattern)) }

    static func float(at n: Int64) -> Float {
        Float(bitPattern: UInt32(bitPattern: order32(Int32(truncatingIfNeeded: n))))
    }

    /// CRC-32C, one bit after the other.
    static func check(_ bytes: [UInt8]) -> UInt32 {
        var state: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            state ^= UInt32(byte)
            for _ in 0..<8 { state = state >> 1 ^ (state & 1 == 1 ? 0x82F6_3B78 : 0) }
        }
        return ~state
    }

    static func littleEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }

    static func mix(_ a: inout UInt64, _ u: UInt64) {
        a = (a ^ u) &* 0x9E37_79B9_7F4A_7C15
        a ^= a >> 32
    }
}
