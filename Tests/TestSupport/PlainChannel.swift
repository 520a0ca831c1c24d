// SPDX-License-Identifier: Apache-2.0

/// Section 8.
struct PlainParameters {
    var kind = 0
    var d = 0
    var g: Int64 = 1
    var off: Int64 = 0
    var lattice = false
    var step = 0.0
    var origin = 0.0
    var expRef = 0
    var exact = false
    var set = false
    var lms = false
    /// nil: none.
    var ref: Int?
}

/// The predictor of section 11.4.
struct PlainPredictor {
    var x1: Int64 = 0
    var d0: Int64 = 0
    var d1: Int64 = 0
    var mean: [Int64] = [0, 0, 0]
    var trend = PlainTrend(filters: 2)
    var errors = [UInt64](repeating: 0, count: 11)
    var scale: UInt64 = 0
    var coded = 0
    var age = 0
    var hist = 0
    var sameRate = 0
    var w = [Int32](repeating: 0, count: 20)
    var feat = [Int64](repeating: 0, count: 20)
    var mag: UInt64 = 0
    var sh = 0

    /// The predictions for the next value.
    mutating func predictions(_ lms: Bool, _ cross: (Int64, Int64)) -> [Int64] {
        var p = [
            0, 256 &* d0, 128 &* d0, mean[0], mean[1], mean[2],
            trend.level[0] &+ trend.slope[0], trend.level[1] &+ trend.slope[1], trend.meanDiff,
            256 &* (2 &* d0 &- d1),
        ]
        if lms { p.append(filter(cross)) }
        return p
    }

    /// The best of them.
    func best(_ p: [Int64]) -> Int64 {
        guard age > 1 else { return 0 }
        var best = 0
        for i in p.indices where errors[i] < errors[best] { best = i }
        return p[best]
    }

    private mutating func filter(_ cross: (Int64, Int64)) -> Int64 {
        let s = max(0, PlainArithmetic.bits(mag) - 18)
        if s != sh {
            for i in 0..<16 {
                feat[i] = PlainArithmetic.clamp(
                    s > sh ? feat[i] >> min(31, s - sh) : feat[i] << min(31, sh - s), 1 << 24)
            }
            sh = s
        }
        feat[16] = PlainArithmetic.clamp(mean[1] >> (4 + sh), 1 << 24)
        feat[17] = PlainArithmetic.clamp(mean[2] >> (4 + sh), 1 << 24)
        feat[18] = PlainArithmetic.clamp(cross.0 >> sh, 1 << 24)
        feat[19] = PlainArithmetic.clamp(cross.1 >> sh, 1 << 24)
        var sum: Int64 = 0
        for i in 0..<20 { sum &+= Int64(w[i]) &* feat[i] }
        let whole = PlainArithmetic.clamp((sum >> 16) &* 16, 1 << 50)
        return PlainArithmetic.clamp(whole << min(sh, 12), 1 << 60)
    }

    mutating func remember(isSame: Bool) {
        hist = hist << 1 & 255 | (isSame ? 1 : 0)
        sameRate += ((isSame ? 65_536 : 0) - sameRate) >> 4
    }

    mutating func spread(_ r: Int64) { PlainSpread.update(&scale, &coded, r) }

    mutating func update(_ x: Int64, _ p: [Int64]) {
        guard age > 0 else {
            x1 = x
            age = 1
            return
        }
        let dx = PlainArithmetic.clamp(x &- x1, 1 << 53)
        let q = 256 &* dx
        let l = PlainArithmetic.log(age + 1)
        for i in p.indices {
            let a = PlainArithmetic.size(q &- p[i]) >> 2
            if age == 1 {
                errors[i] = i == 0 ? a : a + a >> 3 + 1
            } else {
                errors[i] &+= UInt64(bitPattern: Int64(bitPattern: a &- errors[i]) >> min(4, l))
            }
        }
        if p.count == 11 { learn(dx, q, p[10]) }
        for i in 0..<3 {
            let u = PlainArithmetic.clamp(mean[i] &- q, 1 << 61)
            mean[i] = u - u >> min(2 * i + 1, l)
        }
        trend.update(q, age)
        d1 = d0
        d0 = dx
        x1 = x
        age = min(age + 1, 65_536)
    }

    private mutating func learn(_ dx: Int64, _ q: Int64, _ p10: Int64) {
        let es = PlainArithmetic.clamp(((q &- p10) >> 4) >> sh, 1 << 24)
        var norm: Int64 = 1
        for feature in feat { norm += (feature * feature) >> 8 }
        if age > 1 {
            let n = PlainArithmetic.bits(UInt64(norm))
            let top = n > 5 ? norm >> (n - 5) : norm << (5 - n)
            let g = (es * (131_072 / top)) >> (n - 1)
            for i in 0..<20 {
                let step = PlainArithmetic.clamp((g * feat[i]) >> 8, 1 << 20)
                w[i] = w[i] &+ Int32(step)
            }
        }
        let m = 16 * min(PlainArithmetic.size(dx), 1 << 28 - 1)
        mag = m > mag ? m : mag - mag >> 7
        let newest = PlainArithmetic.clamp((16 * PlainArithmetic.clamp(dx, 1 << 46)) >> sh, 1 << 24)
        feat = [newest] + feat[0...14] + feat[16...19]
    }
}

/// Level and slope of section 11.4, with the mean difference.
struct PlainTrend {
    var level: [Int64]
    var slope: [Int64]
    var meanDiff: Int64 = 0

    init(filters: Int) {
        level = Array(repeating: 0, count: filters)
        slope = level
    }

    mutating func update(_ q: Int64, _ age: Int) {
        let l = PlainArithmetic.log(age + 1)
        for i in level.indices {
            let p = level[i] &+ slope[i]
            let e = PlainArithmetic.clamp(q &- p, 1 << 50)
            if age == 1 {
                level[i] = 0
                slope[i] = q
            } else {
                let g = i == 0 ? 1 : min(2 * i + 1, l - 1)
                let h = i == 0 ? 3 : min(4 * i + 3, 2 * l - 1)
                level[i] = p &+ e >> g &- q
                slope[i] &+= e >> h
            }
        }
        meanDiff &+= (q &- meanDiff) >> min(5, PlainArithmetic.log(age))
    }
}

/// The spread of section 11.4.
enum PlainSpread {
    static func update(_ scale: inout UInt64, _ coded: inout Int, _ r: Int64) {
        let size = PlainArithmetic.size(r)
        let q: UInt64 = size > 1 << 58 ? 1 << 62 : 16 * size
        let d = Int64(bitPattern: q &- scale)
        switch coded {
        case 0: scale = q
        case 1: scale &+= UInt64(bitPattern: d >> 1)
        case 2...5: scale &+= UInt64(bitPattern: d >> 2)
        default: scale &+= UInt64(bitPattern: (3 &* d) >> 5)
        }
        coded = min(coded + 1, 100)
    }
}

/// Section 11.5.
struct PlainSet {
    struct Entry {
        var x: Int64
        var used: Int
        var kept: Int64 = 0
    }

    var on = false
    var entries: [Entry] = []
    var hitRate: Int64 = 0
    var setScale: UInt64 = 0
    var setHist = 0
    var clock = 0

    func below(_ x: Int64) -> Int { entries.filter { $0.x < x }.count }

    func index(of x: Int64) -> Int? { entries.firstIndex { $0.x == x } }

    mutating func touch(_ i: Int) {
        clock += 1
        entries[i].used = clock
    }

    mutating func insert(_ x: Int64) {
        if entries.count == 256 {
            let oldest = entries.indices.min { entries[$0].used < entries[$1].used }
            entries.remove(at: oldest ?? 0)
        }
        clock += 1
        entries.insert(Entry(x: x, used: clock), at: below(x))
    }

    func near(_ centre: Int64) -> Int {
        let lb = below(centre)
        if lb == entries.count { return lb - 1 }
        guard lb > 0 else { return lb }
        let down = UInt64(bitPattern: centre &- entries[lb - 1].x)
        let up = UInt64(bitPattern: entries[lb].x &- centre)
        return down < up ? lb - 1 : lb
    }

    /// Step 7 of 11.3; the x of the touched entry, if any.
    mutating func update(_ x: Int64, near: Int) -> Int64? {
        let found = index(of: x)
        let at = below(x)
        hitRate += ((found != nil ? 65_536 : 0) - hitRate) >> min(5, PlainArithmetic.log(clock + 2))
        let q = 16 * UInt64(abs(at - near))
        setScale &+= UInt64(
            bitPattern: Int64(bitPattern: q &- setScale) >> min(4, PlainArithmetic.log(clock + 1)))
        if let found { touch(found) } else { insert(x) }
        if clock > 1024 && hitRate < 8192 {
            on = false
            return nil
        }
        return x
    }
}

/// The time state of section 10.
struct PlainTimes {
    var base: Int64 = 0
    var unit = 0
    var x1: Int64 = 0
    var d0: Int64 = 0
    var trend = PlainTrend(filters: 3)
    var errors = [UInt64](repeating: 0, count: 8)
    var refOffset: Int64 = 0
    var scale: UInt64 = 0
    var coded = 0
    var age = 0
    var signs = 0
    var last: Int64?
    var before: Int64?

    mutating func reset() {
        var fresh = PlainTimes()
        fresh.last = last
        fresh.before = before
        self = fresh
    }
}

/// Everything about one channel, section 9.
struct PlainChannel {
    // Estimates.
    var same: [[PlainEstimate]]
    var hit: [PlainEstimate]
    var escape: PlainEstimate
    var escapeSame: PlainEstimate
    var corr: [PlainEstimate]
    var sameList: PlainEstimate
    var expo: [[PlainEstimate]]
    var noisySign: [PlainEstimate]
    var mantissa: [[PlainEstimate]]
    // Layout.
    var seen = 0
    var count = 0
    // The rest.
    var parameters: PlainParameters?
    var lastEscape: UInt64 = 0x7FF8_0000_0000_0000
    var predictor = PlainPredictor()
    var set = PlainSet()
    var lastCorr = false
    var lastD = 0
    var lastSign = 0
    var times = PlainTimes()

    init(_ table: [Int]) {
        var reader = PlainTable(table, n: 3)
        same = reader.take(8, 3)
        hit = reader.take(16)
        escape = reader.take(1)[0]
        escapeSame = reader.take(1)[0]
        corr = reader.take(4)
        sameList = reader.take(1)[0]
        expo = reader.take(3, 26)
        noisySign = reader.take(2)
        mantissa = reader.take(6, 4)
    }

    /// A block begins.
    mutating func resetValues(set isOn: Bool) {
        predictor = PlainPredictor()
        set = PlainSet()
        set.on = isOn
        lastCorr = false
        lastD = 0
        lastSign = 0
    }
}

/// Estimates in the order of the start values.
struct PlainTable {
    private var rest: ArraySlice<Int>
    private let n: Int

    init(_ values: [Int], n: Int) {
        rest = values[...]
        self.n = n
    }

    mutating func take(_ count: Int) -> [PlainEstimate] {
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).map { PlainEstimate(p: 256 * $0 + 128, n: n) }
    }

    mutating func take(_ rows: Int, _ count: Int) -> [[PlainEstimate]] {
        (0..<rows).map { _ in take(count) }
    }
}

/// The estimates that the channels of a group share.
struct PlainShared {
    var value: [[PlainEstimate]]
    var rank: [[PlainEstimate]]
    /// By history, then by row.
    var time: [[[PlainEstimate]]]
    var tree: [[PlainEstimate]]
    var sign: [PlainEstimate]
    var flag: [PlainEstimate]
    var kind: [PlainEstimate]
    var digits: [[PlainEstimate]]
    var unit: [[PlainEstimate]]
    var gap = [PlainEstimate](repeating: PlainEstimate(p: 32_896, n: 6), count: 32)
    var run = [PlainEstimate](repeating: PlainEstimate(p: 32_896, n: 6), count: 32)
    var quality = [PlainEstimate](repeating: PlainEstimate(p: 32_896, n: 6), count: 8)
    var priority = [PlainEstimate](repeating: PlainEstimate(p: 32_896, n: 6), count: 8)

    init(_ table: [Int]) {
        var reader = PlainTable(table, n: 6)
        value = reader.take(8, 28)
        rank = reader.take(8, 28)
        time = (0..<9).map { _ in reader.take(4, 28) }
        tree = reader.take(8, 128)
        sign = reader.take(8)
        flag = reader.take(28)
        kind = reader.take(8)
        digits = reader.take(3, 16)
        unit = reader.take(2, 8)
    }
}
