// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

/// What was lost and nobody was told yet. Bounded: beyond its limit neighbours become one.
struct LossLedger {
    /// So many ranges at most, plus one for each stream, lane, node and reason.
    static let limit = 64

    private(set) var losses: [Loss] = []

    /// Adds `loss`; a range that it continues takes it in.
    mutating func add(_ loss: Loss) {
        if let i = losses.lastIndex(where: { $0.isAlike(loss) && Self.touch($0, loss) }) {
            losses[i].merge(loss)
            return
        }
        losses.append(loss)
        if losses.count > Self.limit { mergeNearest() }
    }

    mutating func remove(first count: Int) { losses.removeFirst(min(count, losses.count)) }

    private static func touch(_ a: Loss, _ b: Loss) -> Bool {
        let isBehind = b.first.group == a.last &+ 1 || a.first.group == b.last &+ 1
        return isBehind && a.groups > 0
    }

    /// The two oldest that are alike become one range, which then names groups that are not lost;
    /// its number of groups stays right. If no two are alike, the oldest goes.
    private mutating func mergeNearest() {
        for i in losses.indices {
            let next = losses[(i + 1)...].firstIndex { $0.isAlike(losses[i]) }
            guard let next else { continue }
            losses[i].merge(losses[next])
            losses.remove(at: next)
            return
        }
        if losses.count > 4 * Self.limit { losses.removeFirst() }
    }

    /// The body of a ledger record: SpoolFormat.md, "Losses".
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for loss in losses {
            LittleEndian.append(loss.first.stream.rawValue, count: 5, to: &bytes)
            bytes.append(loss.first.lane.rawValue)
            bytes.append(loss.reason.rawValue)
            bytes.append(UInt8(loss.prefix.count))
            LittleEndian.append(UInt64(loss.first.group), count: 4, to: &bytes)
            LittleEndian.append(UInt64(loss.last), count: 4, to: &bytes)
            LittleEndian.append(UInt64(loss.groups), count: 4, to: &bytes)
            for i in loss.priorities.indices {
                LittleEndian.append(loss.priorities[i], count: 8, to: &bytes)
            }
            LittleEndian.append(UInt64(bitPattern: loss.firstTime), count: 8, to: &bytes)
            LittleEndian.append(UInt64(bitPattern: loss.lastTime), count: 8, to: &bytes)
            bytes += loss.prefix
        }
        return bytes
    }

    private static let entryCount = 76

    /// What such a body says; what has no sense in it ends it.
    init(_ bytes: Span<UInt8>) {
        var at = 0
        func word(_ offset: Int, _ count: Int) -> UInt64 {
            LittleEndian.read(bytes, at: at + offset, count: count)
        }
        while bytes.count - at >= Self.entryCount {
            let prefixCount = Int(bytes[at + 7])
            guard let lane = Lane(rawValue: bytes[at + 5]),
                let reason = LossReason(rawValue: bytes[at + 6]),
                bytes.count - at >= Self.entryCount + prefixCount
            else { return }
            let first = GroupIdentity(
                stream: StreamID(random: word(0, 5)), lane: lane,
                group: UInt32(truncatingIfNeeded: word(8, 4)))
            var loss = Loss(
                RecordHeader(kind: .loss, frame: FrameIdentity(group: first, index: 0)), reason)
            loss.last = UInt32(truncatingIfNeeded: word(12, 4))
            loss.groups = UInt32(truncatingIfNeeded: word(16, 4))
            for i in loss.priorities.indices { loss.priorities[i] = word(20 + 8 * i, 8) }
            loss.firstTime = Int64(bitPattern: word(60, 8))
            loss.lastTime = Int64(bitPattern: word(68, 8))
            at += Self.entryCount
            for i in 0..<prefixCount { loss.prefix.append(bytes[at + i]) }
            at += prefixCount
            losses.append(loss)
        }
    }

    init() {}
}
