// SPDX-License-Identifier: Apache-2.0

// What the encoder decides before it codes. A decoder follows whatever was decided.

extension FrameEncoder {
    /// A group with fewer numbers a channel is too short for the adaptive filter to settle.
    private static let shortGroup = 20
    /// Groups until a filter that did not pay is tried again.
    private static let filterPause = 8

    /// Chooses parameters, references and time units, and turns values into integers.
    mutating func prepare(isKey: Bool) {
        for c in 0..<channels where body.slots[c].isPresent {
            let isFresh = isKey || !isDescribed(c)
            if isKey { past[c].beginGroup() }
            prepareValues(of: c, isFresh: isFresh)
            if isFresh {
                if isKey { judgeFilter(of: c) }
                choose(for: c)
            } else if body.slots[c].valueChange {
                choose(for: c)
            }
            prepareTimes(of: c, isFresh: isFresh)
        }
    }

    private mutating func isDescribed(_ c: Int) -> Bool {
        c < context.presence.count && context.presence[c].isDescribed
    }

    /// Turns values into integers, with new parameters where it is time to look for some:
    /// when the readings have doubled since, after a while, or when many values do not fit.
    private mutating func prepareValues(of c: Int, isFresh: Bool) {
        let slot = body.slots[c]
        let known = isFresh ? past[c].parameters : context.channels[c].parameters
        let misfits = known.map { body.transform(slot, $0) } ?? slot.count
        let seen = past[c].seen + slot.count
        let isDue =
            isFresh
            && (seen >= 2 * past[c].searchedAt
                || past[c].seen - past[c].searchedAt >= ChannelPast.length)
        let isMisfit = misfits * 4 > slot.count && seen - past[c].searchedAt >= min(8, slot.count)
        guard (isFresh && past[c].parameters == nil) || isDue || isMisfit else { return }

        let found = search.find(past[c], body, slot)
        past[c].searchedAt = seen
        if !isFresh, let known {
            var comparable = found
            comparable.usesSet = known.usesSet
            comparable.usesFilter = known.usesFilter
            body.slots[c].valueChange = !comparable.describesSameValues(as: known)
        }
        if isFresh || !(known.map { found.describesSameValues(as: $0) } ?? false) {
            past[c].parameters = found
        }
        if isFresh || body.slots[c].valueChange { _ = body.transform(slot, found) }
    }

    /// The filter stays on where it was the best guess of the last group.
    private mutating func judgeFilter(of c: Int) {
        guard isDescribed(c) else {
            if !past[c].wantsFilter { waitForFilter(c) }
            return
        }
        let errors = context.channels[c].predictor.errors
        let age = context.channels[c].predictor.age
        if past[c].wantsFilter, context.channels[c].parameters.usesFilter, age > 100 {
            var least = UInt64.max
            for i in 0..<Predictor.plainGuesses { least = min(least, errors[i]) }
            past[c].wantsFilter = errors[Predictor.plainGuesses] &* 100 < least &* 97
            past[c].filterPause = Self.filterPause
        } else if age <= Self.shortGroup {
            past[c].wantsFilter = false
        } else if !past[c].wantsFilter {
            waitForFilter(c)
        }
    }

    private mutating func waitForFilter(_ c: Int) {
        past[c].filterPause -= 1
        if past[c].filterPause <= 0 { past[c].wantsFilter = true }
    }

    /// Completes a channel's new parameters.
    private mutating func choose(for c: Int) {
        guard var parameters = past[c].parameters else { return }
        parameters.usesFilter = past[c].wantsFilter && parameters.kind != .noisy
        if parameters.kind == .noisy { parameters.usesSet = false }
        parameters.reference = c > 0 ? Int32(body.reference(for: c)) : -1
        past[c].parameters = parameters
        body.slots[c].parameters = parameters
    }

    private mutating func prepareTimes(of c: Int, isFresh: Bool) {
        let slot = body.slots[c]
        let isNew = isFresh || slot.valueChange
        let parameters = isNew ? slot.parameters : context.channels[c].parameters
        if parameters.reference >= 0 {
            let other = body.slots[Int(parameters.reference)]
            if other.isPresent, other.count == slot.count,
                body.hasSameTimes(slot.start, other.start, count: slot.count)
            {
                body.slots[c].listUnit = 0
                return
            }
        }
        if isFresh || context.channels[c].times.isNew {
            body.slots[c].listUnit = UInt8(TimeSearch.unit(past[c], body, slot))
        } else if !TimeSearch.isOnGrid(context.channels[c].times, body, slot) {
            body.slots[c].timeChange = true
            body.slots[c].listUnit = UInt8(TimeSearch.unit(past[c], body, slot))
        }
    }
}

extension FrameBody {
    /// Turns the values of a channel into integers; how many do not fit well.
    mutating func transform(_ slot: FrameSlot, _ parameters: ValueParameters) -> Int {
        integers.transform(values, slot.start..<(slot.start &+ slot.count), parameters)
    }

    /// How many channels are looked through for one with the same times.
    private static let referenceReach = 64

    /// The nearest lower channel with the same times, else with as many, else the neighbour.
    func reference(for c: Int) -> Int {
        let slot = slots[c]
        var sameCount: Int?
        for r in stride(from: c - 1, through: max(0, c - Self.referenceReach), by: -1) {
            guard slots[r].isPresent, slots[r].count == slot.count else { continue }
            if hasSameTimes(slots[r].start, slot.start, count: slot.count) { return r }
            sameCount = sameCount ?? r
        }
        return sameCount ?? c - 1
    }
}

extension CodedIntegers {
    /// Corrections beyond this are rare and dear: many of them mean wrong parameters.
    private static let plainCorrection: UInt64 = 520

    mutating func transform(
        _ allValues: [Double], _ range: Range<Int>, _ parameters: ValueParameters
    ) -> Int {
        let values = allValues.span
        var misfits = 0
        for i in range {
            let value = values[i]
            guard let coded = parameters.integer(of: value) else {
                numbers[i] = 0
                corrections[i] = 0
                isEscape[i] = true
                if value == value { misfits += 1 }
                continue
            }
            numbers[i] = coded.x
            corrections[i] = Int32(truncatingIfNeeded: coded.correction)
            isEscape[i] = false
            if coded.correction.size > Self.plainCorrection { misfits += 1 }
        }
        return misfits
    }
}
