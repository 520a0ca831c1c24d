// SPDX-License-Identifier: Apache-2.0

import AlecCodec

/// Changes frames, makes their checks good again and notes what a decoder makes of them.
///
/// What lies behind the check is arithmetic on bytes from outside; it has to come to the same
/// end on every processor, and never to a trap.
struct Damage: ~Copyable {
    private static let attemptsPerGroup = 24
    /// Frames of a group that are looked at.
    private static let reach = 6

    private var random: SplitMix64
    private var decoder = FrameDecoder()
    private var batch = ReadingBatch()
    private var frames: [[UInt8]] = []
    /// What came of all attempts so far.
    private var outcomes = Checksum()
    private var attempts = 0
    private var decoded = 0

    init(seed: UInt64) { random = SplitMix64(seed: ~seed) }

    /// Another frame of the current group.
    mutating func add(_ frame: [UInt8]) {
        if frames.count < Self.reach { frames.append(frame) }
    }

    /// The group is complete.
    mutating func inflict() {
        for _ in 0..<Self.attemptsPerGroup {
            let victim = Int(random.below(UInt64(frames.count)))
            decoder.reset()
            for i in 0..<victim { attempt(frames[i]) }
            var frame = damaged(frames[victim])
            repair(&frame)
            attempts += 1
            attempt(frame)
        }
        frames.removeAll()
    }

    private mutating func damaged(_ original: [UInt8]) -> [UInt8] {
        var frame = original
        switch random.below(4) {
        case 0: frame.removeLast(Int(random.below(UInt64(frame.count))))
        case 1: for _ in 0..<random.below(9) { frame.append(UInt8(random.below(256))) }
        default: break
        }
        for _ in 0..<(1 + random.below(3)) where !frame.isEmpty {
            frame[Int(random.below(UInt64(frame.count)))] ^= 1 << UInt8(random.below(8))
        }
        return frame
    }

    private func repair(_ frame: inout [UInt8]) {
        guard let head = try? FrameHead(frame.span) else { return }
        let check = decoder.expectedCheck(of: head, in: frame.span)
        for i in 0..<4 {
            frame[head.byteCount - 4 + i] = UInt8(truncatingIfNeeded: check >> UInt32(8 * i))
        }
    }

    private mutating func attempt(_ frame: [UInt8]) {
        do {
            note(try decoder.decode(frame.span, into: &batch))
        } catch {
            let (kind, detail, at) = Self.numbers(of: error)
            outcomes.add(kind)
            outcomes.add(detail)
            outcomes.add(UInt8(truncatingIfNeeded: at))
            outcomes.add(UInt8(truncatingIfNeeded: at >> 8))
        }
    }

    private mutating func note(_ outcome: DecodeOutcome) {
        switch outcome {
        case .decoded:
            outcomes.add(1)
            decoded += 1
            for i in 0..<batch.count {
                outcomes.addWord(UInt64(bitPattern: batch.times[i]))
                outcomes.addWord(batch.values[i].bitPattern)
            }
        case .duplicate: outcomes.add(2)
        case .needsKey: outcomes.add(3)
        }
    }

    private static func numbers(of error: DecodeError) -> (kind: UInt8, detail: UInt8, at: Int) {
        switch error {
        case .truncated(let at): (10, 0, at)
        case .unsupported(_, let at): (11, 0, at)
        case .malformed(let reason, let at): (12, reason.rawValue, at)
        case .badCheck(let at): (13, 0, at)
        case .limit(_, let at): (14, 0, at)
        }
    }

    func tell(_ transcript: inout Transcript, _ seed: UInt64) {
        transcript.word("damage")
        transcript.number(Int(seed))
        transcript.number(attempts)
        transcript.number(decoded)
        transcript.hex(outcomes.value)
        transcript.endLine()
    }
}
