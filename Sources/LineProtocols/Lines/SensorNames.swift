// SPDX-License-Identifier: Apache-2.0

/// Sensor names and their indexes, given in the order in which names first appear.
///
/// A lookup hashes and compares bytes in place and allocates nothing; only a new name does.
/// An index never changes and is never used again.
///
/// Open addressing with linear probing, at most half full. The hash has no secret: whoever may
/// choose names can make lookups probe, through 4096 slots at the very most.
package struct SensorNames: Sendable {
    /// Names a table can hold: what a node may have.
    package static let maximumCount = 4096
    /// Bytes a name can have.
    package static let maximumLength = 64

    /// All names, one behind the other. `range(of:)` says where each one is.
    package private(set) var text: [UInt8] = []
    /// Where name `i` begins; one more entry than names.
    private var starts: [Int] = [0]
    private var hashes: [UInt64] = []
    /// Index + 1 of the name in this slot, 0 where there is none. A power of two in size.
    private var slots = [UInt16](repeating: 0, count: 64)

    /// A name while it is put together.
    private(set) var joined: [UInt8] = []

    /// No names.
    package init() {}

    /// How many names there are.
    package var count: Int { hashes.count }

    /// Where in `text` the name of `sensor` is.
    package func range(of sensor: Int) -> Range<Int> {
        starts[sensor]..<starts[sensor + 1]
    }

    /// The index of the name in `start..<end` of `bytes`, nil if it is new.
    package func find(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int? {
        let sensor = slots[slot(of: Self.hash(bytes, start, end), bytes, start, end)]
        return sensor == 0 ? nil : Int(sensor) - 1
    }

    /// The index of the name in `start..<end` of `bytes`, a new one if the name is new.
    ///
    /// `at` is what an error says where `bytes` are not those of the line.
    package mutating func index(
        of bytes: Span<UInt8>,
        from start: Int,
        to end: Int,
        at: Int? = nil,
        column: Int = 0
    ) throws(LineError) -> Int {
        let hash = Self.hash(bytes, start, end)
        let slot = slot(of: hash, bytes, start, end)
        if slots[slot] != 0 { return Int(slots[slot]) - 1 }
        if let (fault, offset) = Self.fault(bytes, start, end) {
            throw .name(fault, at: at ?? offset, column: column)
        }
        guard count < Self.maximumCount else {
            throw .name(.tooMany, at: at ?? start, column: column)
        }
        return insert(bytes, start, end, hash: hash, slot: slot)
    }

    /// Puts `prefix` and `start..<end` of `bytes` together.
    mutating func join(_ prefix: [UInt8], _ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
        joined.removeAll(keepingCapacity: true)
        joined.append(contentsOf: prefix)
        // One byte too many says as well as all of them that a name is too long.
        for i in start..<min(end, start + Self.maximumLength + 1) { joined.append(bytes[i]) }
    }

    /// Why the bytes cannot be a name, and where that shows: it has 1 to 64 bytes of UTF-8 and
    /// no control characters.
    private static func fault(
        _ bytes: Span<UInt8>,
        _ start: Int,
        _ end: Int
    ) -> (NameFault, Int)? {
        guard start < end else { return (.empty, start) }
        guard end - start <= maximumLength else { return (.tooLong, start) }
        for i in start..<end where bytes[i] < 0x20 || bytes[i] == 0x7F {
            return (.controlCharacter, i)
        }
        return UTF8Check.firstFault(in: bytes, from: start, to: end).map { (.notUTF8, $0) }
    }

    private mutating func insert(
        _ bytes: Span<UInt8>,
        _ start: Int,
        _ end: Int,
        hash: UInt64,
        slot: Int
    ) -> Int {
        for i in start..<end { text.append(bytes[i]) }
        starts.append(text.count)
        hashes.append(hash)
        slots[slot] = UInt16(count)
        if count * 2 > slots.count { grow() }
        return count - 1
    }

    private mutating func grow() {
        let mask = slots.count * 2 - 1
        slots = [UInt16](repeating: 0, count: mask + 1)
        for (sensor, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt16(sensor + 1)
        }
    }

    /// The slot that holds the name, or the free one where it belongs.
    @inline(__always)
    private func slot(of hash: UInt64, _ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let sensor = Int(slots[slot]) &- 1
            if hashes[sensor] == hash, isName(sensor, bytes, start, end) { return slot }
            slot = (slot &+ 1) & mask
        }
        return slot
    }

    @inline(__always)
    private func isName(_ sensor: Int, _ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        let own = starts[sensor]
        guard starts[sensor &+ 1] &- own == end &- start else { return false }
        let names = text.span
        var i = start
        var k = own
        while i &+ 8 <= end {
            if names.word(at: k) != bytes.word(at: i) { return false }
            i &+= 8
            k &+= 8
        }
        return names.partialWord(at: k, count: end &- i)
            == bytes.partialWord(at: i, count: end &- i)
    }

    /// Eight bytes at a time, mixed by a multiplication whose halves are folded together.
    @inline(__always)
    static func hash(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt64 {
        var hash = UInt64(truncatingIfNeeded: end &- start) &* 0x9E37_79B9_7F4A_7C15
        var i = start
        while i &+ 8 <= end {
            hash = fold(hash ^ bytes.word(at: i))
            i &+= 8
        }
        return fold(hash ^ bytes.partialWord(at: i, count: end &- i))
    }

    @inline(__always)
    private static func fold(_ value: UInt64) -> UInt64 {
        let product = (value ^ 0x2D35_8DCC_AA6C_78A5).multipliedFullWidth(by: 0x8BB8_4B93_962E_ACC9)
        return product.high ^ product.low
    }
}
