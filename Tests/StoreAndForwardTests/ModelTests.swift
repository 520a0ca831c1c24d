// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import StoreAndForward
import TestSupport
import Testing

/// Random actions against the spool and against plain arrays; equal after each action.
@Suite struct ModelTests {
    /// The spool as anyone would think of it.
    struct Model {
        var frames: [SpoolFrame] = []
        var acknowledged: Set<GroupIdentity> = []
        var nextGroup: UInt32 = 0
        /// The open group of each lane and the index of its next frame.
        var open: [Lane: (group: UInt32, next: UInt32)] = [:]

        var pending: [SpoolFrame] { frames.filter { !acknowledged.contains($0.group) } }
        var groups: [GroupIdentity] {
            var seen: Set<GroupIdentity> = []
            return frames.map(\.group).filter { seen.insert($0).inserted }
        }
    }

    static let actions = 120

    @Test(arguments: Seeds.from(100, count: 16))
    func spoolDoesWhatTheModelDoes(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let disk = SimulatedDisk()
        var settings = SpoolSettings(
            maximumBytes: 20_000, segmentBytes: generator.pick(150...2000),
            historyBytes: generator.pick(0...4000), isDurable: !generator.once(in: 4))
        settings.crossesSegments = generator.once(in: 3)
        var model = Model()
        var spool = try Spool(SimulatedStorage(disk: disk), settings)
        for step in 0..<Self.actions {
            switch generator.below(20) {
            case 0...9: try append(to: &spool, &model, &generator)
            case 10...13:
                guard let group = model.groups.randomElement(using: &generator) else { continue }
                let expected =
                    model.acknowledged.insert(group).inserted
                    ? model.frames.filter { $0.group == group }.map(\.readings).reduce(0, +) : 0
                let readings = try spool.acknowledge(group)
                #expect((readings ?? 0) == expected, "seed \(seed) step \(step)")
                if model.open[group.lane]?.group == group.group { model.open[group.lane] = nil }
            case 14:
                if let (lane, open) = model.open.randomElement(using: &generator) {
                    spool.closeGroup(SpoolFrame(open.group, 0, lane: lane).group)
                    model.open[lane] = nil
                }
            case 15...16: spool.sync()
            case 17: try spool.trim()
            case 18:
                // The process is killed; the disk has all that was written.
                spool = try Spool(SimulatedStorage(disk: disk), settings)
                model.open = [:]
            default:
                spool.setTable(
                    SpoolFrame.table(UInt32(generator.below(4))), [UInt8(generator.below(9))])
            }
            let story = "seed \(seed) step \(step)"
            try comparePending(&spool, model, settings, story)
            if step % 10 == 9 { try compareHistory(&spool, model, settings, story) }
        }
    }

    private func append(
        to spool: inout Spool<SimulatedStorage>, _ model: inout Model,
        _ generator: inout SeededGenerator
    ) throws {
        let lane = generator.pick(Lane.allCases)
        let isNew = model.open[lane] == nil || generator.once(in: 3)
        var place = model.open[lane] ?? (group: 0, next: 0)
        if isNew {
            place = (model.nextGroup, 0)
            model.nextGroup += 1
        }
        let frame = SpoolFrame(
            place.group, place.next, lane: lane, count: generator.below(300))
        do throws(SpoolError) {
            try spool.append(frame)
            model.frames.append(frame)
            model.open[lane] = (place.group, place.next + 1)
        } catch {
            #expect(error == .full)
            if isNew { model.open[lane] = nil }
        }
    }

    private func comparePending(
        _ spool: inout Spool<SimulatedStorage>, _ model: Model, _ settings: SpoolSettings,
        _ story: String
    ) throws {
        let pending = try spool.frames()
        #expect(pending == model.pending, "\(story)")
        let statistics = spool.statistics
        #expect(statistics.pendingFrames == pending.count, "\(story)")
        #expect(
            statistics.pendingReadings == pending.map(\.readings).reduce(0, +), "\(story)")
        #expect(statistics.pendingBytes <= settings.maximumBytes, "\(story)")
    }

    private func compareHistory(
        _ spool: inout Spool<SimulatedStorage>, _ model: Model, _ settings: SpoolSettings,
        _ story: String
    ) throws {
        // History is a part of what was acknowledged, in order.
        let all = try spool.frames(includingHistory: true)
        var rest = model.frames[...]
        for frame in all {
            guard let i = rest.firstIndex(of: frame) else {
                Issue.record("\(story): \(frame.group) is out of order")
                return
            }
            rest = rest[(i + 1)...]
        }
        guard !settings.crossesSegments else { return }
        for group in model.groups {
            guard let range = try spool.find(group) else { continue }
            #expect(
                Place.segment(of: range.lowerBound) == Place.segment(of: range.upperBound - 1),
                "\(story): \(group) crosses a segment")
        }
    }
}
