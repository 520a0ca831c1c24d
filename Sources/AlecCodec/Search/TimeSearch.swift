// SPDX-License-Identifier: Apache-2.0

/// Chooses in which unit a list of times counts.
enum TimeSearch {
    /// Earlier times that are looked at besides the new ones.
    private static let lookBack = 16

    /// The largest unit that divides all differences, also from the last few times; with hardly
    /// any times the largest that divides the first time itself.
    static func unit(
        _ past: borrowing ChannelPast, _ body: borrowing FrameBody, _ slot: FrameSlot
    ) -> Int {
        let base = body.times[slot.start]
        var divisor: UInt64 = 0
        for i in 0..<slot.count where divisor != 1 {
            divisor = greatestCommonDivisor(divisor, (body.times[slot.start + i] &- base).size)
        }
        let remembered = past.remembered
        for back in stride(from: 1, through: min(remembered, lookBack), by: 1) where divisor != 1 {
            divisor = greatestCommonDivisor(divisor, (past.time(back: back) &- base).size)
        }
        if divisor == 0 || (slot.count < 3 && remembered + slot.count < 3) {
            let unit = TimeUnits.largest(dividing: base)
            if slot.count == 1 && remembered == 0 { return unit }
            return divisor == 0 ? unit : min(unit, self.unit(dividing: divisor))
        }
        return unit(dividing: divisor)
    }

    /// Whether all times lie on the grid of a channel that counts already: from where its counting
    /// began, since differences that wrap leave every grid but that of single nanoseconds.
    static func isOnGrid(
        _ state: TimeState, _ body: borrowing FrameBody, _ slot: FrameSlot
    ) -> Bool {
        let unit = TimeUnits.nanoseconds[Int(state.unit & 7)]
        guard unit > 1 else { return true }
        for i in slot.start..<(slot.start + slot.count) {
            if (body.times[i] &- state.base) % unit != 0 { return false }
        }
        return true
    }

    private static func unit(dividing divisor: UInt64) -> Int {
        divisor >> 63 != 0 ? 0 : TimeUnits.largest(dividing: Int64(divisor))
    }
}
