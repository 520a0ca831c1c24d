// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import TestSupport
import Testing

/// A broker that takes one frame after the other, a live frame now and then, and old ones without
/// end, in steps of a millisecond.
private struct SlowBroker {
    /// How long the line takes for a frame, one at a time, and how far away the broker is.
    var perFrame: Int
    var distance: Int
    var liveEvery: Int
    var plan = SendPlan()
    /// Frames on their way, with the millisecond at which their PUBACK comes.
    private var underWay: [(lane: SendPlan.Lane, sentAt: Int, due: Int)] = []
    private var lineFreeAt = 0
    private var liveWaiting: [Int] = []
    /// From the close of its window to its PUBACK.
    var liveLatencies: [Int] = []
    var oldFrames = 0
    var most = 0

    init(perFrame: Int, distance: Int, liveEvery: Int) {
        self.perFrame = perFrame
        self.distance = distance
        self.liveEvery = liveEvery
    }

    mutating func run(from start: Int, to end: Int) {
        for now in start..<end {
            let moment = MonotonicInstant(nanoseconds: Int64(now) * 1_000_000)
            if now == 0 { plan.connected(chance: 0, at: moment) }
            while let first = underWay.first, first.due <= now {
                underWay.removeFirst()
                plan.acknowledged(
                    first.lane, after: .milliseconds(now - first.sentAt), at: moment)
                if first.lane == .back {
                    oldFrames += 1
                } else if !liveWaiting.isEmpty {
                    liveLatencies.append(now - liveWaiting.removeFirst())
                }
            }
            if now % liveEvery == 0 {
                liveWaiting.append(now)
                livePending += 1
            }
            while livePending > 0, plan.admit(.live, at: moment) == .proceed {
                livePending -= 1
                send(.live, now, moment)
            }
            while livePending == 0, plan.admit(.back, at: moment) == .proceed {
                send(.back, now, moment)
            }
        }
    }

    private var livePending = 0

    private mutating func send(_ lane: SendPlan.Lane, _ now: Int, _ moment: MonotonicInstant) {
        lineFreeAt = max(lineFreeAt, now) + perFrame
        underWay.append((lane, now, lineFreeAt + distance))
        most = max(most, underWay.count)
        plan.sent(lane, bytes: 1000, at: moment)
    }
}

@Suite struct SendPlanModelTests {
    /// Lines from a cable to a slow radio: minutes of backlog beside live frames.
    @Test(arguments: [
        // Milliseconds a frame, distance, between live frames, the slowest live one of a hundred.
        (1, 1, 1000, 20), (5, 40, 1000, 100), (50, 20, 1000, 300), (100, 300, 1000, 900),
        (200, 100, 1000, 1000), (20, 500, 500, 1000),
    ])
    func liveFramesAreNotLateBecauseOfOldOnes(
        _ perFrame: Int, _ distance: Int, _ liveEvery: Int, _ slowest: Int
    ) {
        var broker = SlowBroker(perFrame: perFrame, distance: distance, liveEvery: liveEvery)
        broker.run(from: 0, to: 200_000)
        let sorted = broker.liveLatencies.sorted()
        let high = sorted[sorted.count * 99 / 100]
        #expect(high <= slowest)
        // The backlog drains at twice the live rate at least.
        #expect(broker.oldFrames >= 2 * broker.liveLatencies.count)
        #expect(broker.oldFrames <= 50 * 200 && broker.most <= 16)
    }
}
