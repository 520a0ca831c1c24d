// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayAgent
import GatewayConfiguration
import GatewayCore
import HostSystem
import StoreAndForward
import Testing

@Suite struct EncodeStageTests {
    private static func later(_ seconds: Int64) -> MonotonicInstant {
        AgentFixture.start + .seconds(seconds)
    }

    private static let wall = WallTime(nanoseconds: 1_790_000_000_000_000_000)

    /// The wall clock goes on with the other one.
    private static func wall(_ seconds: Int64) -> WallTime {
        WallTime(nanoseconds: wall.nanoseconds + seconds * 1_000_000_000)
    }

    @Test(arguments: [7, 64, 1 << 16])
    func whatWasFedComesBackFromTheSpool(piece: Int) throws {
        let fixture = try AgentFixture()
        var stage = fixture.stage()
        _ = AgentFixture.feed(AgentFixture.text(rows: 2000), into: &stage, piece: piece)
        stage.finish(at: AgentFixture.start)
        do {
            let value = stage.isEmpty
            #expect(value)
        }
        let readings = try fixture.readings()
        #expect(readings.count == 6000)
        #expect(Set(readings).count == 6000)
        #expect(
            readings.contains(
                NamedReading(sensor: "s2", time: 1_790_000_000_000_000_000, value: 28.1)))
        let counts = fixture.shared.readingCounts
        #expect(counts.isConserved)
        #expect(counts.stored == 6000)
        #expect(counts.open == 0)
        let page = fixture.shared.progress.progress
        #expect(page.appended.lines == 2001)
        #expect(page.appended.bytes == AgentFixture.text(rows: 2000).utf8.count)
        #expect(page.appendedReadings == 6000)
        #expect(page.intent == nil)
    }

    @Test func groupEndsAfterItsSamplesAndNumbersRise() throws {
        let fixture = try AgentFixture()
        var stage = fixture.stage()
        _ = AgentFixture.feed(AgentFixture.text(rows: 1300), into: &stage)
        stage.finish(at: AgentFixture.start)
        var samples: [UInt32: UInt32] = [:]
        for frame in try fixture.frames() {
            samples[frame.header.frame.group.group, default: 0] += frame.header.readings / 3
        }
        #expect(samples.keys.sorted() == [5, 6, 7])
        #expect([samples[5], samples[6], samples[7]] == [600, 600, 100])
        for group in samples.keys {
            let identity = GroupIdentity(stream: fixture.shared.stream, lane: .data, group: group)
            let isClosed = fixture.spool.with { $0.isClosed(identity) }
            #expect(isClosed)
        }
    }

    @Test func frameHasWholeLines() throws {
        let fixture = try AgentFixture()
        var settings = AgentSettings()
        settings.windows.frameBytes = 200
        var stage = fixture.stage(settings)
        _ = AgentFixture.feed(AgentFixture.text(rows: 300, sensors: 7), into: &stage)
        stage.finish(at: AgentFixture.start)
        let frames = try fixture.frames()
        #expect(frames.count > 4)
        #expect(frames.allSatisfy { $0.header.readings % 7 == 0 })
        #expect(frames.allSatisfy { $0.byteCount < 300 })
    }

    @Test func windowClosesByAgeAndLaterOffline() throws {
        let fixture = try AgentFixture()
        var stage = fixture.stage()
        _ = AgentFixture.feed(AgentFixture.text(rows: 1), into: &stage)
        do {
            let value = stage.deadline
            #expect(value == Self.later(1))
        }
        stage.advance(to: Self.later(1), wall: Self.wall(1))
        #expect(fixture.shared.table?.version == 1)
        do {
            let value = stage.deadline
            #expect(value == Self.later(60))
        }
        fixture.shared.setLink(LinkState(isConnected: true))
        stage.advance(to: Self.later(9), wall: Self.wall(9))
        do {
            let value = stage.deadline
            #expect(value == Self.later(10))
        }
        #expect(try fixture.frames().isEmpty)
        stage.advance(to: Self.later(10), wall: Self.wall(10))
        #expect(try fixture.frames().count == 1)
        do {
            let value = stage.isEmpty
            #expect(value)
        }
        do {
            let value = stage.deadline
            #expect(value == Self.later(610))
        }
        stage.advance(to: Self.later(610), wall: Self.wall(610))
        let group = GroupIdentity(stream: fixture.shared.stream, lane: .data, group: 5)
        let isClosed = fixture.spool.with { $0.isClosed(group) }
        #expect(isClosed)
    }

    @Test func alertLeavesAtOnceAsAGroupOfItsOwn() throws {
        let fixture = try AgentFixture()
        var settings = AgentSettings()
        settings.sensors = [SensorSettings(name: "s1")]
        (settings.sensors[0].rule.low, settings.sensors[0].rule.high) = (0, 30)
        var stage = fixture.stage(settings)
        let text = "time_ms,s0,s1\n1000,1,20\n2000,2,31\n3000,3,nan\n"
        _ = AgentFixture.feed(text, into: &stage)
        let alerts = try fixture.frames(.alert)
        #expect(alerts.count == 1)
        #expect(alerts[0].header.priorities[0] == 1)
        #expect(alerts[0].header.firstTime == 2_000_000_000)
        let isClosed = fixture.spool.with { $0.isClosed(alerts[0].header.frame.group) }
        #expect(isClosed)
        #expect(fixture.shared.syncDeadline != nil)
        #expect(try fixture.readings(.alert).map(\.value) == [31])
        // The data window is open since the first line, so nothing behind it counts as kept.
        #expect(fixture.shared.progress.progress.appended.lines == 1)
        stage.finish(at: AgentFixture.start)
        #expect(try fixture.readings().count == 5)
        #expect(fixture.shared.progress.progress.appended.lines == 4)
    }

    /// Alerts wait for their sync, also those that a kill left behind.
    @Test func whatAKillLeftIsSyncedAtOnce() throws {
        let fixture = try AgentFixture()
        fixture.shared.recovered(SpoolRecovery())
        #expect(fixture.shared.syncDeadline == nil)
        var recovery = SpoolRecovery()
        recovery.records = 1
        recovery.pendingReadings = 3
        fixture.shared.recovered(recovery)
        #expect(fixture.shared.syncDeadline != nil)
        #expect(fixture.shared.readingCounts.recovered == 3)
    }

    @Test func newSensorsGetATableAndANewGroup() throws {
        let fixture = try AgentFixture()
        var stage = fixture.stage()
        _ = AgentFixture.feed("{\"ts\":1,\"a\":1}\n", into: &stage)
        stage.advance(to: Self.later(60), wall: Self.wall(60))
        _ = AgentFixture.feed("{\"ts\":2,\"a\":1,\"b\":2}\n", into: &stage, at: Self.later(61))
        stage.advance(to: Self.later(121), wall: Self.wall(121))
        stage.finish(at: Self.later(121))
        let items = try fixture.items()
        #expect(items.map(\.header.kind) == [.table, .frame, .table, .frame])
        #expect(items.filter(\.isKey).count >= 2)
        #expect(try fixture.readings().count == 3)
    }

    @Test func fullSpoolHoldsTheInputAndLosesNothing() throws {
        let fixture = try AgentFixture(bytes: 3000)
        var settings = AgentSettings()
        settings.windows.frameBytes = 300
        var stage = fixture.stage(settings)
        var input = AgentFixture.feed(
            AgentFixture.text(rows: 2500, sensors: 7), into: &stage, piece: 1 << 16)
        do {
            let value = stage.isFull
            #expect(value)
        }
        do {
            let value = stage.isBlocked
            #expect(value)
        }
        #expect(input.hasChunk)
        var rounds = 0
        while input.hasChunk && rounds < 1000 {
            rounds += 1
            try acknowledgeAll(fixture)
            stage.advance(to: AgentFixture.start, wall: Self.wall)
            input.drain(into: &stage, at: AgentFixture.start)
        }
        while !stage.isEmpty && rounds < 1000 {
            rounds += 1
            try acknowledgeAll(fixture)
            stage.advance(to: AgentFixture.start, wall: Self.wall)
            stage.finish(at: AgentFixture.start)
        }
        do {
            let value = stage.isEmpty
            #expect(value)
        }
        let counts = fixture.shared.readingCounts
        #expect(counts.read == input.counts.lines * 7 - 7)
        #expect(counts.framed == counts.read)
        #expect(counts.isConserved)
    }

    /// What a link does, at once: each group is closed by the next, so the open one stays.
    private func acknowledgeAll(_ fixture: AgentFixture) throws {
        for frame in try fixture.frames() where !frame.isAcknowledged {
            let removed = try fixture.spool.with { spool in
                try spool.acknowledge(frame.header.frame.group)
            }
            if let removed { fixture.shared.count { $0.acknowledge(removed) } }
        }
        try fixture.spool.with { try $0.trim() }
    }

    @Test func sourceThatCannotWaitIsDroppedFromAndCounted() throws {
        let fixture = try AgentFixture(bytes: 2000)
        var settings = AgentSettings()
        settings.windows.frameBytes = 300
        var stage = fixture.stage(settings)
        var input = LineInput(.auto, canWait: false, hasMarks: false)
        let text = Array(AgentFixture.text(rows: 1500, sensors: 7).utf8)
        for (i, byte) in text.prefix(LineInput.chunkBytes).enumerated() { input.chunk[i] = byte }
        input.fill(min(text.count, LineInput.chunkBytes), arrival: Self.wall)
        input.drain(into: &stage, at: AgentFixture.start)
        #expect(!input.hasChunk)
        let counts = fixture.shared.readingCounts
        #expect(counts.dropped(.spoolFull) > 0)
        #expect(counts.isConserved)
        #expect(counts.read == (input.counts.lines - 1) * 7)
    }

    @Test func readingsOfAGroupWhoseSegmentBrokeGetANewGroup() throws {
        let fixture = try AgentFixture()
        var stage = fixture.stage()
        _ = AgentFixture.feed("time_ms,a\n1,2\n", into: &stage)
        stage.advance(to: Self.later(60), wall: Self.wall(60))
        fixture.spool.with { spool in
            // A failed sync: the spool answers the next chained frame with `.groupSealed`.
            if let ticket = spool.beginSync() { spool.failSync(ticket) }
        }
        _ = AgentFixture.feed("time_ms,a\n3,4\n5,6\n", into: &stage, at: Self.later(61))
        stage.advance(to: Self.later(121), wall: Self.wall(121))
        stage.advance(to: Self.later(123), wall: Self.wall(123))
        stage.finish(at: Self.later(123))
        let isEmpty = stage.isEmpty
        #expect(isEmpty)
        let frames = try fixture.frames()
        #expect(frames.map(\.header.frame.index) == [0, 0])
        #expect(frames.map(\.header.frame.group.group) == [5, 6])
        #expect(frames.map(\.header.firstTime) == [1_000_000, 3_000_000])
        #expect(try fixture.readings().map(\.value) == [2, 4, 6])
        #expect(fixture.shared.readingCounts.isConserved)
        #expect(fixture.shared.readingCounts.stored == 3)
    }

    @Test func brokersPacketLimitIsObeyed() throws {
        let fixture = try AgentFixture()
        var stage = fixture.stage()
        fixture.shared.setLink(LinkState(isConnected: true, frameLimit: 300))
        stage.advance(to: AgentFixture.start, wall: Self.wall)
        var text = "time_ms,a\n"
        var bits: UInt64 = 88
        for row in 0..<200 {
            // Noise in all digits, so that frames come out larger than was guessed.
            bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text += "\(1000 * row),\(Double(bits >> 11) / 1e3)\n"
        }
        _ = AgentFixture.feed(text, into: &stage)
        stage.finish(at: AgentFixture.start)
        let frames = try fixture.frames()
        #expect(frames.count > 4)
        #expect(frames.allSatisfy { $0.byteCount <= 300 })
        #expect(try fixture.readings().count == 200)
    }

    @Test func brokerWithATinyLimitCostsNoReadings() throws {
        let fixture = try AgentFixture()
        var stage = fixture.stage()
        fixture.shared.setLink(LinkState(isConnected: true, frameLimit: 20))
        stage.advance(to: AgentFixture.start, wall: Self.wall)
        _ = AgentFixture.feed("time_ms,a\n1,2\n2,3\n", into: &stage)
        stage.finish(at: AgentFixture.start)
        #expect(fixture.shared.readingCounts.stored == 2)
        #expect(fixture.shared.readingCounts.isConserved)
    }

    @Test func windowThatASerialPortOpenedKeepsTheMarkOfStdin() throws {
        var settings = AgentSettings()
        settings.sensors = [SensorSettings(name: "b")]
        (settings.sensors[0].rule.low, settings.sensors[0].rule.high) = (0, 10)
        let fixture = try AgentFixture(settings)
        var stage = fixture.stage(settings)
        var port = LineInput(.auto, canWait: false, hasMarks: false)
        let text = Array("time_ms,a\n1,2\n".utf8)
        for (i, byte) in text.enumerated() { port.chunk[i] = byte }
        port.fill(text.count, arrival: Self.wall)
        port.drain(into: &stage, at: AgentFixture.start)
        // The first line stays in the open window, the second is an alert.
        _ = AgentFixture.feed("time_ms,b\n1,2\n2,99\n", into: &stage)
        stage.endBatch(at: AgentFixture.start)
        #expect(fixture.shared.progress.progress.appended.lines == 1)
        stage.finish(at: AgentFixture.start)
        #expect(fixture.shared.progress.progress.appended.lines == 3)
    }

    @Test func stepOfTheClockBeginsAGroup() throws {
        let fixture = try AgentFixture()
        var stage = fixture.stage()
        stage.advance(to: Self.later(0), wall: Self.wall(0))
        _ = AgentFixture.feed("time_ms,a\n1,2\n", into: &stage)
        stage.advance(to: Self.later(60), wall: Self.wall(60))
        stage.advance(to: Self.later(61), wall: Self.wall(3661))
        #expect(fixture.log.all.contains("clock.step seconds=3600\n"))
        _ = AgentFixture.feed("time_ms,a\n1,2\n", into: &stage, at: Self.later(62))
        stage.finish(at: Self.later(62))
        #expect(try fixture.frames().map(\.header.frame.index) == [0, 0])
    }

    @Test func readingsForTheBrokerAreThoseOfTheFrames() throws {
        var settings = AgentSettings()
        settings.publishesReadings = true
        let fixture = try AgentFixture(settings)
        var stage = fixture.stage(settings)
        _ = AgentFixture.feed(AgentFixture.text(rows: 700), into: &stage)
        stage.finish(at: AgentFixture.start)
        var frames: [FrameIdentity] = []
        var count = 0
        while let batch = fixture.shared.readings?.take() {
            frames.append(batch.frame)
            count += batch.batch.count
        }
        #expect(count == 2100)
        #expect(try fixture.frames().map(\.header.frame) == frames)
    }
}
