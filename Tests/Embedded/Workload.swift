// SPDX-License-Identifier: Apache-2.0

import AlecCodec

/// The readings of a scenario, window by window, and what a decoder must make of them.
struct Workload {
    private let scenario: Scenario
    private var random: SplitMix64
    private var series: [Series] = []
    private var lastTime: [Int64] = []
    private var counts: [Int] = []

    /// In frame order: channel by channel.
    private(set) var readings: [Reading] = []
    private(set) var remarks: [Annotation] = []

    init(_ scenario: Scenario) {
        self.scenario = scenario
        random = SplitMix64(seed: scenario.seed)
        let kinds = SeriesKind.allCases
        for c in 0..<scenario.channels {
            series.append(Series(scenario.kind ?? kinds[c % kinds.count], seed: random.next()))
            lastTime.append(1_767_225_600_000_000_000)
            counts.append(0)
        }
    }

    /// Makes the readings of the next frame and puts them into `window`.
    mutating func fill(_ window: inout ReadingWindow) -> Bool {
        chooseCounts()
        readings.removeAll(keepingCapacity: true)
        remarks.removeAll(keepingCapacity: true)
        for c in 0..<scenario.channels {
            for _ in 0..<counts[c] {
                readings.append(Reading(sensor: c, time: nextTime(c), value: series[c].next()))
                remarks.append(nextRemark())
            }
        }
        return scenario.isInterleaved ? appendByTime(&window) : appendByChannel(&window)
    }

    private mutating func chooseCounts() {
        for c in counts.indices {
            counts[c] = scenario.samples
            guard scenario.isSparse else { continue }
            let isLeftOut = random.below(3) == 0
            let most = UInt64(scenario.samples)
            counts[c] = isLeftOut ? 0 : 1 + Int(random.below(most))
        }
        // A frame has at least one reading.
        let c = Int(random.below(UInt64(scenario.channels)))
        if counts[c] == 0 { counts[c] = 1 }
    }

    private mutating func nextTime(_ c: Int) -> Int64 {
        var time = lastTime[c]
        switch scenario.clock {
        case .shared(let step):
            time += step
        case .jittered(let step, let reach):
            // The grid goes on undisturbed; only what is reported scatters.
            time += step
            lastTime[c] = time
            return time + random.step(reach)
        case .broken(let step):
            switch random.below(8) {
            case 0: break
            case 1: time -= step / 2
            case 2: time += step * random.step(500)
            default: time += step
            }
        case .wild:
            time = Int64(bitPattern: random.next())
        }
        lastTime[c] = time
        return time
    }

    private mutating func nextRemark() -> Annotation {
        guard scenario.annotationRate > 0, random.below(scenario.annotationRate) == 0 else {
            return .none
        }
        return Annotation(
            quality: Quality(rawValue: UInt8(random.below(5))) ?? .good,
            priority: Priority(rawValue: UInt8(random.below(6))))
    }

    private func appendByChannel(_ window: inout ReadingWindow) -> Bool {
        for i in readings.indices where !window.append(readings[i], annotation: remarks[i]) {
            return false
        }
        return true
    }

    /// Takes the first reading of each channel, then the second, and so on.
    private func appendByTime(_ window: inout ReadingWindow) -> Bool {
        for round in 0..<scenario.samples {
            var start = 0
            for count in counts {
                let i = start + round
                if round < count, !window.append(readings[i], annotation: remarks[i]) {
                    return false
                }
                start += count
            }
        }
        return true
    }

    /// The check of what went in: tells apart readings that differ from frames that do.
    func checksum() -> UInt32 {
        var checksum = Checksum()
        for reading in readings {
            checksum.addWord(UInt64(bitPattern: reading.time))
            checksum.addWord(reading.value.bitPattern)
        }
        return checksum.value
    }

    /// Whether `batch` holds exactly these readings, bit for bit, with their remarks.
    func matches(_ batch: borrowing ReadingBatch) -> Bool {
        guard batch.count == readings.count else { return false }
        var isSame = true
        // swift-format-ignore: ReplaceForEachWithForLoop
        batch.forEach { reading, i, remark in
            if reading != readings[i] || remark != remarks[i] { isSame = false }
        }
        return isSame
    }
}

extension Checksum {
    /// Adds eight bytes, little endian.
    mutating func addWord(_ word: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            add(UInt8(truncatingIfNeeded: word >> shift))
        }
    }
}
