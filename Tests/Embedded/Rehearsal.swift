// SPDX-License-Identifier: Apache-2.0

import AlecCodec

/// What all scenarios came to.
struct Account {
    var frames = 0
    var readings = 0
    /// Frames that did not come back as they went, and frames that took memory but should not.
    var failures = 0
    /// Of all bytes of all frames.
    var checksum = Checksum()
}

/// Plays one scenario: encodes, decodes, compares, and tells the transcript of every frame.
struct Rehearsal: ~Copyable {
    private let scenario: Scenario
    private var workload: Workload
    private var encoder: FrameEncoder
    private var decoder = FrameDecoder()
    private var damage: Damage
    private var window = ReadingWindow()
    private var batch = ReadingBatch()
    private var frame: [UInt8] = []

    init(_ scenario: Scenario) {
        self.scenario = scenario
        workload = Workload(scenario)
        let stream = StreamHead(id: StreamID(random: scenario.seed), nodeHash: 7, tableID: 9)
        encoder = FrameEncoder(stream: stream, channels: scenario.channels)
        damage = Damage(seed: scenario.seed)
    }

    /// Plays it; `account` counts.
    mutating func play(
        _ transcript: inout Transcript, _ account: inout Account, _ memory: MemoryGauge
    ) {
        var mark = memory.requests
        for group in 0..<scenario.groups {
            if group == scenario.groups * 3 / 4 { mark = memory.requests }
            for index in 0..<scenario.framesPerGroup {
                playFrame(group, index, &transcript, &account)
            }
            if scenario.isDamaged { damage.inflict() }
        }
        let requests = memory.requests - mark
        if scenario.isSteady && requests > 0 { account.failures += 1 }
        if scenario.isDamaged { damage.tell(&transcript, scenario.seed) }
        transcript.word("memory: scenario")
        transcript.number(Int(scenario.seed))
        transcript.word("live")
        transcript.number(memory.live)
        transcript.word("requests in the last quarter")
        transcript.number(requests)
        transcript.endLine()
    }

    private mutating func playFrame(
        _ group: Int, _ index: Int, _ transcript: inout Transcript, _ account: inout Account
    ) {
        frame.removeAll(keepingCapacity: true)
        let role: FrameRole = index == 0 ? .key(group: UInt32(100 + group)) : .chained
        let isFull = workload.fill(&window)
        guard isFull, let summary = try? encoder.encode(&window, as: role, into: &frame) else {
            return fail("encode", group, index, &transcript, &account)
        }
        account.readings += summary.readings
        account.frames += 1
        var checksum = Checksum()
        checksum.add(frame.span, 0..<frame.count)
        account.checksum.add(frame.span, 0..<frame.count)
        tell(summary, checksum.value, &transcript)

        // The span borrows; of a local name the compiler sees that nothing else touches it.
        let bytes = frame
        guard let outcome = try? decoder.decode(bytes.span, into: &batch),
            case .decoded = outcome, workload.matches(batch)
        else { return fail("decode", group, index, &transcript, &account) }
        if scenario.isDamaged { damage.add(frame) }
    }

    private mutating func tell(
        _ summary: FrameSummary, _ checksum: UInt32, _ transcript: inout Transcript
    ) {
        transcript.word("frame")
        transcript.number(Int(scenario.seed))
        transcript.number(Int(summary.group))
        transcript.number(Int(summary.index))
        transcript.number(summary.readings)
        transcript.hex(workload.checksum())
        transcript.number(frame.count)
        transcript.hex(checksum)
        transcript.endLine()
    }

    private mutating func fail(
        _ what: String, _ group: Int, _ index: Int, _ transcript: inout Transcript,
        _ account: inout Account
    ) {
        account.failures += 1
        transcript.word("FAILED to")
        transcript.word(what)
        transcript.number(Int(scenario.seed))
        transcript.number(group)
        transcript.number(index)
        transcript.endLine()
    }
}

/// The way in from C: plays all scenarios; the number of failures.
@c(alec_rehearse)
func rehearse(_ sink: Transcript.Sink, _ source: MemoryGauge.Source) -> Int32 {
    var transcript = Transcript(sink)
    let memory = MemoryGauge(source)
    var account = Account()
    for scenario in Scenario.all { rehearse(scenario, &transcript, &account, memory) }
    Footprint.tell(&transcript, memory)
    transcript.word("total")
    transcript.number(account.frames)
    transcript.word("frames")
    transcript.number(account.readings)
    transcript.word("readings")
    transcript.number(account.failures)
    transcript.word("failures")
    transcript.hex(account.checksum.value)
    transcript.endLine()
    return Int32(account.failures)
}

/// Not inlined: each call's encoder and decoders would have a place of their own on the stack.
@inline(never)
private func rehearse(
    _ scenario: Scenario, _ transcript: inout Transcript, _ account: inout Account,
    _ memory: MemoryGauge
) {
    var rehearsal = Rehearsal(scenario)
    rehearsal.play(&transcript, &account, memory)
}
