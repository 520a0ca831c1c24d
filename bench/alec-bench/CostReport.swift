// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import CAllocationCounter

/// Costs that are not about one data set: single messages, many emitters, many channels.
enum CostReport {
    static func run(passes: Int) {
        singleKeyFrames(passes)
        if passes == 1 { return }
        singleMessages(passes)
        emitters(passes)
        for channels in [1, 10, 100, 1000] { manyChannels(channels, passes) }
        allocations()
        memory()
    }

    /// The cost of something, best, median and worst of several passes.
    private static func show(_ name: String, _ unit: String, _ passes: [Double]) {
        let sorted = passes.sorted()
        JSONLine.show([
            ("cost", .text(name)), ("unit", .text(unit)), ("least", .number(sorted[0])),
            ("median", .number(sorted[sorted.count / 2])),
            ("most", .number(sorted[sorted.count - 1])),
        ])
    }

    /// A plausible temperature with two decimals: a slow wave and a little noise.
    private struct Series {
        var state: UInt64
        var step = 0

        mutating func next(sensor: Int) -> Reading {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let noise = Int(state >> 60) - 8
            let phase = (step / 7 + sensor * 13) % 400
            let wave = phase < 200 ? phase : 400 - phase
            step += 1
            let hundredths = 2000 + 3 * wave + noise
            return Reading(
                sensor: sensor, time: 1_760_000_000_000_000_000 + Int64(step) * 1_000_000_000,
                value: Double(hundredths) / 100)
        }
    }

    /// Alert-like frames: every reading a key frame of its own.
    private static func singleKeyFrames(_ passes: Int) {
        measureSingle(passes, framesPerGroup: 1, count: 20_000) { encode, decode in
            show("one-reading key frame, encode", "ns", encode)
            show("one-reading key frame, decode", "ns", decode)
        }
    }

    /// One reading a frame, chained in groups.
    private static func singleMessages(_ passes: Int) {
        measureSingle(passes, framesPerGroup: 300, count: 100_000) { encode, decode in
            show("single-value messages, encoded", "per s", encode.map { 1e9 / $0 })
            let trips = zip(encode, decode).map { 1e9 / ($0 + $1) }
            show("single-value messages, round trips", "per s", trips)
        }
    }

    private static func measureSingle(
        _ passes: Int, framesPerGroup: Int, count: Int, _ report: ([Double], [Double]) -> Void
    ) {
        var encode: [Double] = []
        var decode: [Double] = []
        for _ in 0..<passes {
            var link = Link(channels: 1)
            var series = Series(state: 1)
            var times = (0, 0)
            for i in 0..<count {
                let isKey = i % framesPerGroup == 0
                let start = Stopwatch.now()
                link.encode(series.next(sensor: 0), key: isKey ? UInt32(1 + i) : nil)
                let middle = Stopwatch.now()
                link.decode()
                let end = Stopwatch.now()
                times.0 += middle - start
                times.1 += end - middle
            }
            encode.append(Double(times.0) / Double(count))
            decode.append(Double(times.1) / Double(count))
        }
        report(encode, decode)
    }

    /// A hundred encoders in turn: what one core serves, against the 10,000 readings/s of each.
    private static func emitters(_ passes: Int) {
        var rates: [Double] = []
        for _ in 0..<passes {
            let emitters = (0..<100).map { Emitter(seed: UInt64($0)) }
            let start = Stopwatch.now()
            var readings = 0
            for round in 0..<20 {
                for emitter in emitters {
                    emitter.send(60, key: round == 0)
                    readings += 60
                }
            }
            rates.append(Double(readings) * 1e9 / Double(Stopwatch.now() - start) / 100)
        }
        show("100 emitters on one core, each", "readings per s", rates)
    }

    /// Ten samples of each channel a frame.
    private static func manyChannels(_ channels: Int, _ passes: Int) {
        var encode: [Double] = []
        var decode: [Double] = []
        for _ in 0..<passes {
            var link = Link(channels: channels)
            var series = (0..<channels).map { Series(state: UInt64($0)) }
            let frames = 200
            var times = (0, 0)
            for f in 0..<frames {
                let start = Stopwatch.now()
                for c in 0..<channels {
                    for _ in 0..<10 { link.append(series[c].next(sensor: c)) }
                }
                link.close(key: f % 50 == 0 ? UInt32(1 + f) : nil)
                let middle = Stopwatch.now()
                link.decode()
                times.0 += middle - start
                times.1 += Stopwatch.now() - middle
            }
            let readings = Double(frames * channels * 10)
            encode.append(Double(times.0) / readings)
            decode.append(Double(times.1) / readings)
        }
        show("\(channels) channels, 10 samples, encode", "ns per reading", encode)
        show("\(channels) channels, 10 samples, decode", "ns per reading", decode)
    }

    /// Requests for memory after a warm-up of ten groups.
    private static func allocations() {
        var link = Link(channels: 20)
        var series = (0..<20).map { Series(state: UInt64($0)) }
        let frames = 1000
        var before = 0
        for f in 0..<(2 * frames) {
            if f == frames { before = alec_allocation_count() }
            for c in 0..<20 {
                for _ in 0..<60 { link.append(series[c].next(sensor: c)) }
            }
            link.close(key: f % 50 == 0 ? UInt32(1 + f) : nil)
            link.decode()
        }
        let requests = alec_allocation_count() - before
        JSONLine.show([
            ("cost", .text("requests for memory, \(frames) frames of 1200 readings both ways")),
            ("unit", .text("count")), ("median", .count(requests)),
        ])
    }

    private static func memory() {
        let health = FrameEncoder(
            stream: StreamHead(id: StreamID(random: 7)), channels: 1
        ).context.health
        for (name, bytes) in [
            ("state shared by a group", health.sharedBytes),
            ("a channel", health.bytesPerChannel),
            ("a channel's set of recent values", health.bytesPerSet),
            ("the encoder's history of a channel", FrameEncoder.historyBytesPerChannel),
        ] {
            JSONLine.show([
                ("cost", .text(name)), ("unit", .text("bytes")), ("median", .count(bytes)),
            ])
        }
    }
}

/// An encoder and a decoder that listens to it.
private struct Link: ~Copyable {
    private var encoder: FrameEncoder
    private var decoder = FrameDecoder()
    private var window = ReadingWindow()
    private var batch = ReadingBatch()
    private var bytes: [UInt8] = []

    init(channels: Int) {
        encoder = FrameEncoder(stream: StreamHead(id: StreamID(random: 7)), channels: channels)
    }

    mutating func append(_ reading: Reading) { _ = window.append(reading) }

    mutating func encode(_ reading: Reading, key: UInt32?) {
        append(reading)
        close(key: key)
    }

    mutating func close(key: UInt32?) {
        bytes.removeAll(keepingCapacity: true)
        do {
            _ = try encoder.encode(
                &window, as: key.map { .key(group: $0) } ?? .chained, into: &bytes)
        } catch {
            preconditionFailure("\(error)")
        }
    }

    mutating func decode() {
        do {
            let frame = bytes
            let outcome = try decoder.decode(frame.span, into: &batch)
            guard case .decoded = outcome else { preconditionFailure("a frame was not taken") }
        } catch {
            preconditionFailure("\(error)")
        }
    }
}

/// One of many encoders.
private final class Emitter {
    private var encoder = FrameEncoder(stream: StreamHead(id: StreamID(random: 7)), channels: 1)
    private var window = ReadingWindow()
    private var bytes: [UInt8] = []
    private var value: Int
    private var group: UInt32 = 0

    init(seed: UInt64) { value = Int(seed) }

    func send(_ count: Int, key: Bool) {
        for _ in 0..<count {
            value += 1
            _ = window.append(
                Reading(
                    sensor: 0, time: Int64(value) * 100_000,
                    value: Double(2000 + value * value % 17) / 100))
        }
        bytes.removeAll(keepingCapacity: true)
        if key { group += 1 }
        do {
            _ = try encoder.encode(&window, as: key ? .key(group: group) : .chained, into: &bytes)
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
