// SPDX-License-Identifier: Apache-2.0

// MARK: Section 8

extension PlainDecoder {
    mutating func parameterBlocks(_ counts: [Int?]) throws(PlainFault) {
        let present = counts.indices.filter { counts[$0] != nil }
        var changes = false
        if present.contains(where: { channels[$0].parameters != nil }) {
            changes = try coder.bit(&shared.flag[1], limit: 60)
        }
        var last: PlainParameters?
        for c in present {
            var hasBlock = channels[c].parameters == nil
            var resetsTimes = hasBlock
            if !hasBlock && changes {
                hasBlock = try coder.bit(&shared.flag[2], limit: 60)
                resetsTimes = try coder.bit(&shared.flag[3], limit: 60)
            }
            if hasBlock {
                let parameters = try block(c, like: last)
                channels[c].parameters = parameters
                channels[c].resetValues(set: parameters.set)
                last = parameters
            }
            if resetsTimes { channels[c].times.reset() }
        }
    }

    private mutating func flag(_ i: Int) throws(PlainFault) -> Bool {
        try coder.bit(&shared.flag[i], limit: 30)
    }

    private mutating func block(
        _ c: Int, like last: PlainParameters?
    ) throws(PlainFault) -> PlainParameters {
        var result = PlainParameters()
        if let last, try flag(6) { result = last } else { try fields(&result) }
        result.ref = nil
        if c > 0 {
            if try flag(13) {
                result.ref = c - 1
            } else {
                let k = try coder.unsigned(&shared.tree[5])
                if k > c { throw .malformed }
                if k > 0 { result.ref = c - Int(k) }
            }
        }
        return result
    }

    private mutating func fields(_ result: inout PlainParameters) throws(PlainFault) {
        result.kind = try coder.tree(&shared.kind, 3)
        if result.kind > 5 { throw .malformed }
        if result.kind <= 2 {
            result.d = try coder.tree(&shared.digits[result.kind], 4)
            if try flag(7) {
                let g = try coder.unsigned(&shared.tree[5])
                result.off = try coder.signed(&shared.tree[5], &shared.sign[5])
                if g == 0 || g >= 1 << 63 { throw .malformed }
                result.g = Int64(g)
            }
        }
        if result.kind <= 3, result.g == 1, try flag(8) {
            result.lattice = true
            result.step = Double(bitPattern: try coder.raw(56) << 8)
            if try flag(9) { result.origin = Double(bitPattern: try coder.raw(40) << 24) }
            guard result.step > 0, result.step < 1e300, result.origin.magnitude < 1e300 else {
                throw .malformed
            }
        }
        if result.kind == 5 { result.expRef = Int(try coder.raw(11)) }
        if result.kind > 3 { result.exact = true } else { result.exact = try flag(10) }
        if result.kind <= 4 {
            result.set = try flag(11)
            result.lms = try flag(12)
        }
    }
}

// MARK: Section 10

extension PlainDecoder {
    private static let units: [Int64] = [
        1, 1_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 60_000_000_000,
        3_600_000_000_000,
    ]

    mutating func times(_ c: Int, _ body: inout PlainBody) throws(PlainFault) {
        let count = body.counts[c] ?? 0
        var reference: Int?
        if let r = channels[c].parameters?.ref, body.counts[r] == count {
            reference = r
            if try coder.bit(&channels[c].sameList, limit: 60) {
                body.times[c] = body.times[r]
                channels[c].times = channels[r].times
                body.sharesTimes[c] = true
                return
            }
        }
        channels[c].times.before = channels[c].times.last
        for i in 0..<count {
            var moved: Int64?
            if let reference {
                let other = body.times[reference]
                let before = i > 0 ? other[i - 1] : channels[reference].times.before
                moved = before.map { other[i] &- $0 }
            }
            let time: Int64
            switch channels[c].times.age {
            case 0: time = try firstTime(c)
            case 1: time = try secondTime(c, moved)
            default: time = try laterTime(c, moved)
            }
            body.times[c].append(time)
        }
        channels[c].times.last = body.times[c].last
        firstTime = body.times[c][0]
    }

    /// A.
    private mutating func firstTime(_ c: Int) throws(PlainFault) -> Int64 {
        let known = channels[c].times.last ?? firstTime
        let rel = known == nil ? 0 : 1
        let u = try coder.tree(&shared.unit[rel], 3)
        let v = try coder.signed(&shared.tree[1 + rel], &shared.sign[1 + rel])
        let time = (known ?? 1_577_836_800_000_000_000) &+ v &* Self.units[u]
        channels[c].times.base = time
        channels[c].times.x1 = 0
        channels[c].times.age = 1
        let isSame = try coder.bit(&shared.flag[14], limit: 30)
        channels[c].times.unit = isSame ? u : try coder.tree(&shared.unit[1], 3)
        return time
    }

    /// B.
    private mutating func secondTime(_ c: Int, _ moved: Int64?) throws(PlainFault) -> Int64 {
        var state = channels[c].times
        let unit = Self.units[state.unit]
        let d =
            try coder.signed(&shared.tree[3], &shared.sign[3]) &+ (moved.map { $0 / unit } ?? 0)
        let k = PlainArithmetic.bits(PlainArithmetic.size(d))
        state.scale = 16 << UInt64(k > 6 ? (k - 6) / 2 : 0)
        state.coded = 0
        state.d0 = PlainArithmetic.clamp(d, 1 << 53)
        state.errors = Array(repeating: 0, count: 8)
        state.refOffset = 0
        state.trend.update(256 &* state.d0, 1)
        state.x1 = state.x1 &+ d
        state.age = 2
        channels[c].times = state
        return state.base &+ state.x1 &* unit
    }

    /// C.
    private mutating func laterTime(_ c: Int, _ moved: Int64?) throws(PlainFault) -> Int64 {
        var state = channels[c].times
        let unit = Self.units[state.unit]
        var p = [0, 256 &* state.d0]
        for i in 0..<3 { p.append(state.trend.level[i] &+ state.trend.slope[i]) }
        p.append(state.trend.meanDiff)
        if let moved {
            let p6 = 256 &* PlainArithmetic.clamp(moved / unit, 1 << 53)
            p += [p6, p6 &+ state.refOffset]
        }
        var best = 0
        for i in p.indices where state.errors[i] < state.errors[best] { best = i }
        let ci = (p[best] &+ 128) >> 8
        let r = try coder.residual(
            &shared.time[state.signs], scale: state.scale, f: Int(p[best] &- 256 &* ci),
            notZero: false)
        let x = state.x1 &+ ci &+ r
        state.signs = (3 * state.signs + (r > 0 ? 1 : r < 0 ? 2 : 0)) % 9
        PlainSpread.update(&state.scale, &state.coded, r)
        let dx = PlainArithmetic.clamp(x &- state.x1, 1 << 53)
        let q = 256 &* dx
        for i in p.indices {
            let a = PlainArithmetic.size(q &- p[i]) >> 2
            state.errors[i] &+= UInt64(
                bitPattern: Int64(bitPattern: a &- state.errors[i])
                    >> min(4, PlainArithmetic.log(state.age)))
        }
        if p.count == 8 {
            let o = PlainArithmetic.clamp(state.refOffset &- (q &- p[6]), 1 << 61)
            state.refOffset = o &- o >> 3
        }
        state.trend.update(q, state.age)
        state.d0 = dx
        state.x1 = x
        state.age = min(state.age + 1, 65_536)
        channels[c].times = state
        return state.base &+ x &* unit
    }
}

// MARK: Section 11

extension PlainDecoder {
    mutating func values(_ c: Int, _ body: inout PlainBody) throws(PlainFault) {
        guard let parameters = channels[c].parameters else { return }
        for i in 0..<(body.counts[c] ?? 0) {
            if parameters.kind == 5 {
                body.values[c].append(try noisy(c, parameters))
                body.innovations[c].append(0)
                continue
            }
            if parameters.kind <= 3, try coder.bit(&channels[c].escape, limit: 250) {
                if try !coder.bit(&channels[c].escapeSame, limit: 30) {
                    channels[c].lastEscape = try coder.raw(64)
                }
                body.values[c].append(channels[c].lastEscape)
                body.innovations[c].append(0)
                continue
            }
            let cross = crossFeatures(c, i, parameters, body)
            let (x, res, touched) = try integer(c, parameters, cross)
            let scale = max(channels[c].predictor.scale, 1)
            body.innovations[c].append(
                (PlainArithmetic.clamp(res, 1 << 40) * 4096) >> (PlainArithmetic.bits(scale) - 1))
            let k = try correction(c, parameters, touched)
            body.values[c].append(Self.value(x, k, parameters).bitPattern)
        }
    }

    private mutating func correction(
        _ c: Int, _ parameters: PlainParameters, _ touched: Int64?
    ) throws(PlainFault) -> Int64 {
        if parameters.kind > 3 || parameters.exact { return 0 }
        let entry = touched.flatMap { channels[c].set.index(of: $0) }
        let guess = entry.map { channels[c].set.entries[$0].kept } ?? 0
        let i = (guess != 0 ? 1 : 0) + (entry != nil && channels[c].lastCorr ? 2 : 0)
        var k = guess
        if try coder.bit(&channels[c].corr[i], limit: 250) {
            k = try coder.signed(&shared.tree[4], &shared.sign[4])
            if Int32(exactly: k) == nil { throw .malformed }
        }
        if let entry { channels[c].set.entries[entry].kept = k }
        channels[c].lastCorr = k != 0
        return k
    }

    /// 11.4.
    private func crossFeatures(
        _ c: Int, _ i: Int, _ parameters: PlainParameters, _ body: PlainBody
    ) -> (Int64, Int64) {
        guard parameters.lms, body.sharesTimes[c], let r = parameters.ref else { return (0, 0) }
        let y0 = body.innovations[r][i]
        var y1: Int64 = 0
        if body.sharesTimes[r], let second = channels[r].parameters?.ref {
            y1 = body.innovations[second][i]
        }
        let b = PlainArithmetic.bits(channels[c].predictor.scale)
        func cross(_ y: Int64) -> Int64 {
            PlainArithmetic.clamp((b >= 4 ? y << min(b - 4, 20) : y >> (4 - b)) >> 4, 1 << 40)
        }
        return (cross(y0), cross(y1))
    }

    /// 11.3: x, the residual and the x of the touched entry.
    private mutating func integer(
        _ c: Int, _ parameters: PlainParameters, _ cross: (Int64, Int64)
    ) throws(PlainFault) -> (x: Int64, res: Int64, touched: Int64?) {
        if channels[c].predictor.age == 0 {
            let x = try coder.signed(&shared.tree[0], &shared.sign[0])
            channels[c].predictor.update(x, [])
            if channels[c].set.on { channels[c].set.insert(x) }
            return (x, 0, nil)
        }
        let p = channels[c].predictor.predictions(parameters.lms, cross)
        let mu = channels[c].predictor.best(p)
        let ci = (mu &+ 128) >> 8
        let f = Int(mu &- 256 &* ci)
        let old = channels[c].predictor.x1
        let centre = old &+ ci
        var notZero = false
        if channels[c].predictor.sameRate >= 16_384 {
            let column = ci == 0 ? 0 : channels[c].predictor.age < 3 ? 2 : 1
            let row = channels[c].predictor.hist & 7
            if try coder.bit(&channels[c].same[row][column], limit: 250) {
                return same(c, old, ci, p)
            }
            notZero = ci == 0
        }
        let near = channels[c].set.on ? channels[c].set.near(centre) : 0
        let ranked = try rank(c, near, centre, notZero, old)
        var x = ranked ?? 0
        if ranked == nil {
            if channels[c].predictor.coded == 0 {
                let size = PlainArithmetic.bits(PlainArithmetic.size(old))
                channels[c].predictor.scale = 16 << UInt64(max(0, (size - 2) / 2))
            }
            x =
                centre
                &+ (try coder.residual(
                    &shared.value, scale: channels[c].predictor.scale, f: f, notZero: notZero))
        }
        let r = x &- centre
        channels[c].predictor.remember(isSame: x == old)
        let touched = channels[c].set.on ? channels[c].set.update(x, near: near) : nil
        channels[c].predictor.spread(r)
        channels[c].predictor.update(x, p)
        return (x, r, touched)
    }

    /// Step 3 of 11.3, answered with yes.
    private mutating func same(
        _ c: Int, _ old: Int64, _ ci: Int64, _ p: [Int64]
    ) -> (x: Int64, res: Int64, touched: Int64?) {
        channels[c].predictor.remember(isSame: true)
        var touched: Int64?
        if channels[c].set.on, let entry = channels[c].set.index(of: old) {
            channels[c].set.touch(entry)
            touched = old
        }
        let r = channels[c].predictor.age > 1 ? 0 &- ci : 0
        channels[c].predictor.spread(r)
        channels[c].predictor.update(old, p)
        return (old, 0 &- ci, touched)
    }

    /// Step 4 of 11.3: x, if it was coded by its rank.
    private mutating func rank(
        _ c: Int, _ near: Int, _ centre: Int64, _ notZero: Bool, _ old: Int64
    ) throws(PlainFault) -> Int64? {
        let set = channels[c].set
        guard set.on, set.entries.count >= 4 else { return nil }
        let gain =
            PlainArithmetic.quarterLog(channels[c].predictor.scale)
            - PlainArithmetic.quarterLog(set.setScale)
        guard (set.hitRate * Int64(gain)) >> 16 >= 4 else { return nil }
        let isHit = try coder.bit(&channels[c].hit[set.setHist & 15], limit: 250)
        channels[c].set.setHist = set.setHist << 1 & 255 | (isHit ? 1 : 0)
        guard isHit else { return nil }
        let nearest = set.entries[near].x
        let k = try coder.residual(
            &shared.rank, scale: set.setScale, f: nearest <= centre ? 1 : -1,
            notZero: notZero && nearest == old)
        let (place, isOver) = Int64(near).addingReportingOverflow(k)
        guard !isOver, place >= 0, place < set.entries.count else { throw .malformed }
        return set.entries[Int(place)].x
    }

    /// 11.6.
    private mutating func noisy(
        _ c: Int, _ parameters: PlainParameters
    ) throws(PlainFault) -> UInt64 {
        let s = try coder.bit(&channels[c].noisySign[channels[c].lastSign], limit: 250) ? 1 : 0
        let t = channels[c].lastD < 0 ? 0 : channels[c].lastD == 0 ? 1 : 2
        var d = 0
        if try !coder.bit(&channels[c].expo[t][0], limit: 250) {
            let up = try coder.bit(&channels[c].expo[t][1], limit: 250)
            var j = 1
            while j <= 11 {
                if try coder.bit(&channels[c].expo[t][2 + (up ? 12 : 0) + j - 1], limit: 250) {
                    break
                }
                j += 1
            }
            d = j <= 11 ? (up ? j : -j) : Int(try coder.raw(11)) - parameters.expRef
        }
        let e = parameters.expRef + d
        if e < 0 || e > 2047 { throw .malformed }
        let h = d < -3 ? 0 : d > 2 ? 5 : d + 3
        let b1 = try coder.bit(&channels[c].mantissa[h][1], limit: 250) ? 1 : 0
        let b0 = try coder.bit(&channels[c].mantissa[h][2 + b1], limit: 250) ? 1 : 0
        let low = try coder.raw(50)
        channels[c].lastD = d
        channels[c].lastSign = s
        return UInt64(s) << 63 | UInt64(e) << 52 | UInt64(b1) << 51 | UInt64(b0) << 50 | low
    }

    /// 11.2.
    static func value(_ x: Int64, _ k: Int64, _ parameters: PlainParameters) -> Double {
        let power = (0..<parameters.d).reduce(1.0) { power, _ in power * 10 }
        func number(_ n: Int64) -> Double {
            switch parameters.kind {
            case 0: return Double(n) / power
            case 1: return Double(n) * (1.0 / power)
            case 2: return Double(Float(Double(n) / power))
            case 3: return Double(PlainArithmetic.float(at: n))
            default: return PlainArithmetic.double(at: n)
            }
        }
        func shift(_ q: Double) -> Double {
            let kf = (k + 128) >> 8
            let kd = k - 256 * kf
            let place = Int64(PlainArithmetic.order32(Int32(bitPattern: Float(q).bitPattern)))
            let y = Double(PlainArithmetic.float(at: place + kf))
            return kd == 0 ? y : PlainArithmetic.double(at: PlainArithmetic.place(y) &+ kd)
        }
        guard parameters.lattice else {
            let q = number(x &* parameters.g &+ parameters.off)
            if k == 0 { return q }
            return parameters.kind < 2
                ? PlainArithmetic.double(at: PlainArithmetic.place(q) &+ k) : shift(q)
        }
        let scaled = Double(x) * parameters.step
        let y = scaled + parameters.origin
        if parameters.kind == 3 { return shift(Double(Float(y))) }
        let n = y.magnitude < 9e15 ? Int64(y.rounded(.toNearestOrEven)) : 0
        return parameters.kind == 2 ? shift(number(n)) : number(n &+ k)
    }
}
