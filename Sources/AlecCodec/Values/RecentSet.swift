// SPDX-License-Identifier: Apache-2.0

/// Up to 256 distinct numbers that a channel used lately, each with the correction it had.
///
/// Channels with few distinct values (coarse sensors, switches) are cheaper by rank in this set
/// than by difference. The numbers are kept in rising order; recency is a linked list over slots,
/// so that the number that was not used for longest can leave.
///
///     sorted:  -4  0  7  12          rising numbers
///     slots:    2  0  3   1          where each lives
///     newest -> 3 -> 0 -> 1 -> 2     recency, by slot
struct RecentSet {
    static let capacity = 256

    private var sorted: [Int64] = []
    private var slots: [UInt8] = []
    /// By slot: the correction last coded with the number.
    var corrections: [Int32]
    private var older = InlineArray<256, UInt8>(repeating: 0)
    private var newer = InlineArray<256, UInt8>(repeating: 0)
    private var newest: UInt8 = 0
    private var oldest: UInt8 = 0
    /// The number in the slot `newest`.
    private var newestNumber: Int64 = 0

    /// Uses so far.
    private(set) var clock: UInt32 = 0
    /// How often a number was in the set, in 1/65536, and the last answers to that question.
    private(set) var hitRate: Int32 = 0
    var hitHistory: UInt32 = 0
    /// Mean distance in ranks from the guess, in 1/16.
    private(set) var rankSpread: UInt64 = 0

    /// An empty set. All its memory is taken here.
    init() {
        sorted.reserveCapacity(Self.capacity)
        slots.reserveCapacity(Self.capacity)
        corrections = Array(repeating: 0, count: Self.capacity)
    }

    /// Empty again.
    mutating func reset() {
        sorted.removeAll(keepingCapacity: true)
        slots.removeAll(keepingCapacity: true)
        newest = 0
        oldest = 0
        clock = 0
        hitRate = 0
        hitHistory = 0
        rankSpread = 0
    }

    /// Numbers in the set.
    @inline(__always)
    var count: Int { sorted.count }

    /// The number at `rank` in rising order.
    @inline(__always)
    subscript(rank: Int) -> Int64 { sorted[rank] }

    /// How many numbers are smaller than `number`.
    @inline(__always)
    func rank(of number: Int64) -> Int {
        var low = 0
        var length = count
        while length > 0 {
            let half = length &>> 1
            let isRight = sorted[low &+ half] < number
            low = isRight ? low &+ half &+ 1 : low
            length = isRight ? length &- half &- 1 : half
        }
        return low
    }

    @inline(__always)
    func contains(_ number: Int64, at rank: Int) -> Bool { rank < count && sorted[rank] == number }

    /// The rank of the number nearest to `centre`, the higher one where two are equally near.
    @inline(__always)
    func nearestRank(to centre: Int64) -> Int {
        let rank = rank(of: centre)
        if rank == count { return rank &- 1 }
        guard rank > 0 else { return rank }
        let below = UInt64(bitPattern: centre) &- UInt64(bitPattern: sorted[rank &- 1])
        let above = UInt64(bitPattern: sorted[rank]) &- UInt64(bitPattern: centre)
        return below < above ? rank &- 1 : rank
    }

    /// Whether a rank is worth asking for: hits are frequent and save more than a few bits.
    @inline(__always)
    func pays(against level: Int) -> Bool {
        count >= 4
            && (Int64(hitRate) &* Int64(truncatingIfNeeded: level &- rankSpread.quarterLog)) &>> 16
                >= 4
    }

    /// Notes a use of the newest number again, if it is `number`; its slot, or nil.
    @inline(__always)
    mutating func touchNewest(_ number: Int64) -> Int? {
        guard count > 0, newestNumber == number else { return nil }
        clock &+= 1
        return Int(newest)
    }

    /// Makes the number at `rank` the newest; its slot.
    mutating func touch(_ rank: Int) -> Int {
        clock &+= 1
        newestNumber = sorted[rank]
        let slot = slots[rank]
        if slot != newest {
            unlink(slot)
            link(slot, isOnly: false)
        }
        return Int(slot)
    }

    /// Takes in `number`, whose rank is `rank`; the oldest leaves if the set is full. Its slot.
    @inline(never)
    mutating func insert(_ number: Int64, at rank: Int) -> Int {
        clock &+= 1
        let slot: UInt8
        var place = rank
        if sorted.count < Self.capacity {
            slot = UInt8(truncatingIfNeeded: sorted.count)
        } else {
            slot = oldest
            unlink(slot)
            let gap = placeInFullSet(of: slot)
            sorted.remove(at: gap)
            slots.remove(at: gap)
            if gap < rank { place &-= 1 }
        }
        sorted.insert(number, at: place)
        slots.insert(slot, at: place)
        newestNumber = number
        corrections[Int(slot)] = 0
        link(slot, isOnly: sorted.count == 1)
        return Int(slot)
    }

    /// Where the number in `slot` is, when every slot is taken.
    ///
    /// Looks at all 256 without stopping, which a vector unit does sixteen at a time.
    private func placeInFullSet(of slot: UInt8) -> Int {
        let homes = slots.span
        precondition(homes.count == Self.capacity, "only a full set has no free slot")
        var place: UInt8 = 0
        for i in 0..<Self.capacity {
            // All ones where it is the slot; written without a branch.
            let hit = UInt8(truncatingIfNeeded: (UInt16(homes[i] ^ slot) &- 1) &>> 8)
            place |= hit & UInt8(truncatingIfNeeded: i)
        }
        return Int(place)
    }

    @inline(__always)
    private mutating func unlink(_ slot: UInt8) {
        let before = newer[Int(slot)]
        let after = older[Int(slot)]
        if slot == newest { newest = after } else { older[Int(before)] = after }
        if slot == oldest { oldest = before } else { newer[Int(after)] = before }
    }

    @inline(__always)
    private mutating func link(_ slot: UInt8, isOnly: Bool) {
        if isOnly {
            oldest = slot
        } else {
            older[Int(slot)] = newest
            newer[Int(newest)] = slot
        }
        newest = slot
    }

    /// Learns whether a number was found, and how far its rank lay from the guess.
    @inline(__always)
    mutating func learn(found: Bool, distance: Int64) {
        let hitPace = Int32(clock < 30 ? Int(clock &+ 2).floorLog : 5)
        hitRate = hitRate &+ (((found ? 65_536 : 0) &- hitRate) &>> hitPace)
        let scaled = 16 &* distance.size
        let pace = Int64(clock < 30 ? min(4, Int(clock &+ 1).floorLog) : 4)
        rankSpread =
            rankSpread &+ UInt64(bitPattern: Int64(bitPattern: scaled &- rankSpread) &>> pace)
    }

    /// After a thousand uses almost nothing was found: not a channel for this.
    @inline(__always)
    var isUseless: Bool { clock > 1024 && hitRate < 8192 }
}

extension RecentSet {
    /// Mixes in the numbers with their corrections, rising, and then the order of their use.
    func mix(into fingerprint: inout Fingerprint) {
        fingerprint.mix(count)
        for rank in 0..<count {
            fingerprint.mix(sorted[rank])
            fingerprint.mix(slots[rank])
            fingerprint.mix(corrections[Int(slots[rank])])
        }
        var slot = newest
        for _ in 0..<count {
            fingerprint.mix(slot)
            if slot == oldest { break }
            slot = older[Int(slot)]
        }
        fingerprint.mix(clock)
        fingerprint.mix(hitRate)
        fingerprint.mix(hitHistory)
        fingerprint.mix(rankSpread)
    }
}
