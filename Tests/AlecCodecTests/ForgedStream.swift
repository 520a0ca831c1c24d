// SPDX-License-Identifier: Apache-2.0

import TestSupport

@testable import AlecCodec

/// Encodes with parameters of our choice instead of searched ones: what decoders must follow is
/// more than what our search ever chooses.
struct ForgedStream: ~Copyable {
    let channels: Int
    private(set) var context = Context()
    private var body = FrameBody()

    init(channels: Int) { self.channels = channels }

    /// Writes the payload of a frame with `coder`. `choose` gives the parameters of a channel that
    /// is new in the group or not; nil keeps those that it has.
    mutating func encode<Coder: SymbolCoder>(
        _ columns: [TrafficColumn], isKey: Bool, with coder: inout Coder,
        choose: (_ channel: Int, _ isNew: Bool) -> ValueParameters?
    ) throws {
        body.begin(channels: channels)
        try body.arrange(ReadingWindow(columns))
        for c in 0..<channels where body.slots[c].isPresent {
            let isNew = isKey || !context.presence[c].isDescribed
            prepare(c, isNew: isNew, choose(c, isNew))
        }
        if isKey {
            context.shared.reset()
            _ = coder.codeUnsigned(UInt64(channels), &context.shared.sampleCount)
            context.beginGroup(channels: channels)
        }
        _ = context.codeLayout(&coder, &body, isKey: isKey)
        context.codeBody(&coder, &body, isAnnotated: isAnnotated)
    }

    /// What `encode` last met.
    var isAnnotated: Bool { !body.annotations.isEmpty }

    /// The frame was sent: the next one follows it.
    mutating func link(check: UInt32) {
        context.link = FrameLink(check: check, digest: body.digest())
        context.frames += 1
        context.readings += body.total
    }

    private mutating func prepare(_ c: Int, isNew: Bool, _ wanted: ValueParameters?) {
        let known = isNew ? ValueParameters() : context.channels[c].parameters
        body.slots[c].valueChange = !isNew && wanted != nil
        body.slots[c].parameters = wanted ?? known
        _ = body.transform(body.slots[c], wanted ?? known)
        var unit = 7
        let base = body.times[body.slots[c].start]
        for i in 0..<body.slots[c].count {
            unit = min(
                unit,
                TimeUnits.largest(dividing: body.times[body.slots[c].start + i] &- base))
        }
        body.slots[c].listUnit = UInt8(unit)
        body.slots[c].timeChange =
            !isNew && !TimeSearch.isOnGrid(context.channels[c].times, body, body.slots[c])
    }
}

/// A range encoder that tells one lie: the n-th answer or raw field is written inverted, while
/// the codec goes on with the truth.
struct LyingEncoder: SymbolCoder {
    static let isEncoder = true

    private var encoder = RangeEncoder()
    /// Answers and raw fields so far.
    private(set) var count = 0
    let lieAt: Int

    init(lieAt: Int) { self.lieAt = lieAt }

    var failure: Malformation? { nil }

    mutating func fail(_ reason: Malformation) {}

    mutating func code(_ answer: Bool, _ bit: inout AdaptiveBit, limit: UInt32) -> Bool {
        defer { count += 1 }
        _ = encoder.code(answer != (count == lieAt), &bit, limit: limit)
        return answer
    }

    mutating func codeRaw(_ value: UInt64, bits: Int) -> UInt64 {
        defer { count += 1 }
        _ = encoder.codeRaw(count == lieAt ? ~value : value, bits: bits)
        return value
    }

    consuming func finished() -> [UInt8] {
        encoder.finish()
        return Array(encoder.bytes)
    }
}

/// Parameters as chance has them: all that the format can say.
struct ChosenParameters {
    static func make(_ random: inout SeededGenerator, channel: Int) -> ValueParameters {
        let kind = ValueKind(rawValue: UInt8(random.below(6))) ?? .decimal
        var result = ValueParameters(kind: kind)
        if kind.hasDigits {
            result.digits = UInt8(random.below(16))
            if random.once(in: 3) { chooseDivisor(&result, &random) }
        }
        if kind.hasEscape && result.divisor == 1 && random.once(in: 3) {
            chooseLattice(&result, &random)
        }
        if kind.hasEscape { result.isExact = random.once(in: 3) }
        if kind == .noisy {
            result.exponentReference = UInt16(random.pick([0, 1023, 1027, 2047]))
        } else {
            result.usesSet = random.once(in: 2)
            result.usesFilter = random.once(in: 2)
        }
        result.reference = Int32(random.pick(-1...max(-1, channel - 1)))
        return result
    }

    private static func chooseDivisor(
        _ result: inout ValueParameters, _ random: inout SeededGenerator
    ) {
        let isHuge = random.once(in: 4)
        result.divisor = isHuge ? Int64(random.next() >> 1) | 2 : Int64(random.pick(2...1000))
        result.remainder =
            isHuge ? Int64(bitPattern: random.next()) : Int64(random.pick(-1000...1000))
    }

    private static func chooseLattice(
        _ result: inout ValueParameters, _ random: inout SeededGenerator
    ) {
        result.isLattice = true
        let step = random.once(in: 4) ? Double(bitPattern: random.next() >> 1) : random.unit()
        let isInReach = step > 1e-300 && step < 1e299
        result.step = Double(bitPattern: (isInReach ? step : 0.5).bitPattern & ~0xFF)
        if random.once(in: 2) {
            let origin = random.bell() * 100
            result.origin = Double(bitPattern: origin.bitPattern & ~0xFF_FFFF)
        }
    }
}
