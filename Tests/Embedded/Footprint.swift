// SPDX-License-Identifier: Apache-2.0

import AlecCodec

/// How much memory an encoder and a decoder take: in themselves, on the heap, on the stack.
struct Footprint {
    private let scenario: Scenario
    private let memory: MemoryGauge
    private var frames: [[UInt8]]
    private var window = ReadingWindow()
    private var batch = ReadingBatch()
    private var encoderHeap = 0
    private var encoderStack = 0
    private var decoderHeap = 0
    private var decoderStack = 0

    /// Tells it for few and for many channels, with and without a set of values.
    static func tell(_ transcript: inout Transcript, _ memory: MemoryGauge) {
        for kind in [SeriesKind.noise, .states] {
            for channels in [1, 16] {
                let scenario = Scenario(
                    seed: 1, channels: channels, groups: 12, framesPerGroup: 5, samples: 10,
                    clock: .shared(1_000_000_000), kind: kind)
                var footprint = Footprint(scenario, memory)
                footprint.encode()
                footprint.decode()
                footprint.tell(&transcript)
            }
        }
    }

    private init(_ scenario: Scenario, _ memory: MemoryGauge) {
        self.scenario = scenario
        self.memory = memory
        frames = Array(repeating: [], count: scenario.groups * scenario.framesPerGroup)
    }

    @inline(never)
    private mutating func encode() {
        var workload = Workload(scenario)
        // Whatever is not the encoder's takes its memory before.
        _ = workload.fill(&window)
        window.removeAll()
        for i in frames.indices { frames[i].reserveCapacity(4096) }
        let before = memory.live
        var encoder = FrameEncoder(
            stream: StreamHead(id: StreamID(random: 1)), channels: scenario.channels)
        for i in frames.indices {
            _ = workload.fill(&window)
            let isKey = i % scenario.framesPerGroup == 0
            let role: FrameRole = isKey ? .key(group: UInt32(1 + i)) : .chained
            memory.markStack()
            let summary = try? encoder.encode(&window, as: role, into: &frames[i])
            encoderStack = max(encoderStack, memory.stackDepth)
            guard summary != nil else { return }
        }
        encoderHeap = memory.live - before
    }

    @inline(never)
    private mutating func decode() {
        let before = memory.live
        var decoder = FrameDecoder()
        for frame in frames {
            memory.markStack()
            let outcome = try? decoder.decode(frame.span, into: &batch)
            decoderStack = max(decoderStack, memory.stackDepth)
            guard outcome != nil else { return }
        }
        decoderHeap = memory.live - before
    }

    private func tell(_ transcript: inout Transcript) {
        transcript.word("memory:")
        transcript.number(scenario.channels)
        transcript.word(scenario.kind == .states ? "channels with sets;" : "channels;")
        transcript.word("encoder")
        transcript.number(MemoryLayout<FrameEncoder>.size)
        transcript.word("heap")
        transcript.number(encoderHeap)
        transcript.word("stack")
        transcript.number(encoderStack)
        transcript.word("decoder")
        transcript.number(MemoryLayout<FrameDecoder>.size)
        transcript.word("heap")
        transcript.number(decoderHeap)
        transcript.word("stack")
        transcript.number(decoderStack)
        transcript.endLine()
    }
}
