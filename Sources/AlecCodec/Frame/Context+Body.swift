// SPDX-License-Identifier: Apache-2.0

extension Context {
    /// Codes everything behind the layout: parameters, then times and values channel by channel.
    ///
    /// Stops where the coder finds the input malformed.
    mutating func codeBody<Coder: SymbolCoder>(
        _ coder: inout Coder, _ body: inout FrameBody, isAnnotated: Bool
    ) {
        codeParameterBlocks(&coder, &body)
        guard coder.failure == nil else { return }
        markWatched(&body)
        for c in 0..<channelCount where body.slots[c].isPresent {
            codeTimes(of: c, &coder, &body)
            codeValues(of: c, &coder, &body)
            guard coder.failure == nil else { return }
        }
        if isAnnotated { codeAnnotations(&coder, &body) }
    }

    /// Finds the channels whose innovations a filter will ask for.
    private mutating func markWatched(_ body: inout FrameBody) {
        for c in 0..<channelCount { body.slots[c].isWatched = false }
        for c in 0..<channelCount where body.slots[c].isPresent {
            guard channels[c].parameters.usesFilter else { continue }
            let first = Int(channels[c].parameters.reference)
            guard first >= 0 else { continue }
            body.slots[first].isWatched = true
            guard presence[first].isDescribed else { continue }
            let second = Int(channels[first].parameters.reference)
            if second >= 0 { body.slots[second].isWatched = true }
        }
    }

    /// Codes the times of one channel: as those of its reference, or one by one.
    private mutating func codeTimes<Coder: SymbolCoder>(
        of c: Int, _ coder: inout Coder, _ body: inout FrameBody
    ) {
        let count = body.slots[c].count
        let start = body.slots[c].start
        let reference = Int(channels[c].parameters.reference)
        let isUsable =
            reference >= 0 && body.slots[reference].isPresent
            && body.slots[reference].count == count
        body.slots[c].sharesTimes = false
        guard isUsable else {
            codeOwnTimes(of: c, &coder, &body, reference: nil)
            return
        }
        let other = body.slots[reference].start
        let isShared = coder.code(
            Coder.isEncoder && body.hasSameTimes(start, other, count: count),
            &channels[c].model.sharedTimes, limit: LearningLimit.layout)
        guard isShared else {
            codeOwnTimes(of: c, &coder, &body, reference: reference)
            return
        }
        body.slots[c].sharesTimes = true
        if !Coder.isEncoder { for i in 0..<count { body.times[start + i] = body.times[other + i] } }
        channels[c].times = channels[reference].times
    }

    private mutating func codeOwnTimes<Coder: SymbolCoder>(
        of c: Int, _ coder: inout Coder, _ body: inout FrameBody, reference: Int?
    ) {
        let list = TimeList(
            start: body.slots[c].start, count: body.slots[c].count,
            unit: Int(body.slots[c].listUnit), otherStart: lastListStart,
            reference: reference.map { body.slots[$0].start },
            referenceBefore: reference.flatMap { channels[$0].times.before })
        channels[c].times.codeList(list, &coder, &shared, &body.times)
        lastListStart = body.times[list.start]
    }

    private mutating func codeValues<Coder: SymbolCoder>(
        of c: Int, _ coder: inout Coder, _ body: inout FrameBody
    ) {
        let column = column(of: c, body)
        if channels[c].parameters.kind == .noisy {
            channels[c].codeNoisyValues(&coder, column, &body.values, &body.innovations)
        } else {
            channels[c].codeValues(
                &coder, &shared, &sets, column, &body.values, &body.innovations, body.integers)
        }
    }

    /// Where a channel's values lie, and the innovations of its references if it shares their
    /// times.
    private mutating func column(of c: Int, _ body: borrowing FrameBody) -> ValueColumn {
        var column = ValueColumn(
            start: body.slots[c].start, count: body.slots[c].count,
            isWatched: body.slots[c].isWatched)
        guard channels[c].parameters.usesFilter, body.slots[c].sharesTimes else { return column }
        let first = Int(channels[c].parameters.reference)
        column.firstSource = body.slots[first].start
        guard body.slots[first].sharesTimes else { return column }
        column.secondSource = body.slots[Int(channels[first].parameters.reference)].start
        return column
    }
}

/// Where the values of one channel lie in a frame, and where their references' innovations.
struct ValueColumn {
    var start: Int
    var count: Int
    /// Another channel asks for the innovations.
    var isWatched: Bool
    var firstSource: Int?
    var secondSource: Int?
}

extension FrameBody {
    /// Whether two lists of `count` times are the same.
    func hasSameTimes(_ a: Int, _ b: Int, count: Int) -> Bool {
        for i in 0..<count where times[a &+ i] != times[b &+ i] { return false }
        return true
    }

    /// The digest of the frame's readings and annotations.
    func digest() -> UInt32 {
        var digest = Digest()
        for slot in slots where slot.isPresent {
            let end = slot.start + slot.count
            digest.mix(UInt64(bitPattern: times[end - 1]))
            for i in slot.start..<end { digest.mix(values[i].bitPattern) }
        }
        for run in annotations {
            digest.mix(UInt64(truncatingIfNeeded: run.start))
            digest.mix(
                UInt64(truncatingIfNeeded: run.count) &<< 8
                    | UInt64(run.annotation.priority?.rawValue ?? 0) &<< 4
                    | UInt64(run.annotation.quality.rawValue))
        }
        return digest.value
    }
}
