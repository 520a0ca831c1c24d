// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayAgent
import GatewayConfiguration
import GatewayCore
import StoreAndForward
import Testing

/// What the encoder does with readings by the settings of their sensors.
@Suite struct ReadingGateTests {
    private static let wall = WallTime(nanoseconds: 1_790_000_000_000_000_000)

    private static func settings(
        _ name: String = "a", _ change: (inout SensorSettings) -> Void
    ) -> AgentSettings {
        var sensor = SensorSettings(name: name)
        sensor.rule.watchesSurprise = false
        change(&sensor)
        var settings = AgentSettings()
        settings.sensors = [sensor]
        return settings
    }

    /// A line a second for sensor a.
    private static func text(_ values: [Double], from first: Int = 0) -> String {
        "time_ms,a\n"
            + values.enumerated().map { i, value in
                "\(1_790_000_000_000 + 1000 * (first + i)),\(value)\n"
            }.joined()
    }

    private static func equal<Value: Equatable>(
        _ actual: Value, _ expected: Value, at place: SourceLocation = #_sourceLocation
    ) {
        #expect(actual == expected, sourceLocation: place)
    }

    @Test func importantReadingsWaitForOthersAndCriticalOnesDoNot() throws {
        let settings = Self.settings { ($0.rule.high, $0.rule.limitPriority) = (10, .important) }
        let fixture = try AgentFixture(settings)
        var stage = fixture.stage(settings)
        _ = AgentFixture.feed(Self.text([1, 11, 12]), into: &stage)
        #expect(try fixture.frames(.alert).isEmpty)
        Self.equal(stage.deadline, AgentFixture.start + .milliseconds(250))
        stage.advance(to: AgentFixture.start + .milliseconds(250), wall: Self.wall)
        let frames = try fixture.frames(.alert)
        #expect(frames.count == 1)
        #expect(frames[0].header.priorities[1] == 2)
        #expect(frames[0].header.priorities[0] == 0)
        #expect(fixture.shared.readingCounts.isConserved)
        _ = AgentFixture.feed(
            Self.text([Double](repeating: 20, count: 64), from: 10), into: &stage)
        #expect(try fixture.frames(.alert).count == 2)
    }

    @Test func deferredReadingsAreFramesOfTheirOwn() throws {
        let settings = Self.settings { $0.rule.base = .deferred }
        let fixture = try AgentFixture(settings)
        var stage = fixture.stage(settings)
        _ = AgentFixture.feed(
            Self.text((0..<1500).map { Double($0 % 7) }), into: &stage)
        var counts = fixture.shared.readingCounts
        #expect((counts.deferred, counts.stored, counts.open) == (1024, 0, 476))
        #expect(counts.isConserved)
        stage.advance(to: AgentFixture.start + .seconds(30), wall: Self.wall)
        counts = fixture.shared.readingCounts
        #expect((counts.deferred, counts.open, counts.isConserved) == (1500, 0, true))
        let frames = try fixture.frames(.deferred)
        #expect(frames.map(\.header.readings) == [1024, 476])
        #expect(frames.allSatisfy { $0.header.frame.index == 0 })
        #expect(frames[0].header.priorities[3] == 1024)
        #expect(try fixture.readings(.deferred).count == 1500)
    }

    @Test func whatIsSuppressedIsCounted() throws {
        let settings = Self.settings { $0.deadband = 0.5 }
        let fixture = try AgentFixture(settings)
        var stage = fixture.stage(settings)
        _ = AgentFixture.feed(Self.text([1, 1.2, 1.4, 2, 2, 3]), into: &stage)
        stage.finish(at: AgentFixture.start)
        let counts = fixture.shared.readingCounts
        #expect(counts.suppressed(.deadband) == 3)
        #expect((counts.read, counts.stored, counts.isConserved) == (6, 3, true))
        #expect(try fixture.readings().map(\.value) == [1, 2, 3])
    }

    @Test func aggregatesAreChannelsOfTheirOwn() throws {
        let settings = Self.settings {
            ($0.rule.base, $0.aggregate, $0.unit) = (.disposable, .seconds(10), "V")
        }
        let fixture = try AgentFixture(settings)
        var stage = fixture.stage(settings)
        _ = AgentFixture.feed(Self.text((0..<25).map { Double($0 % 10) }), into: &stage)
        stage.finish(at: AgentFixture.start)
        let readings = try fixture.readings()
        let means = readings.filter { $0.sensor == "a.mean" }.map(\.value)
        #expect(means == [4.5, 4.5, 2])
        #expect(
            readings.filter { $0.sensor == "a.count" }.map(\.value) == [10, 10, 5])
        #expect(readings.allSatisfy { $0.sensor != "a" })
        let counts = fixture.shared.readingCounts
        #expect(counts.suppressed(.aggregated) == 25)
        #expect((counts.read, counts.stored, counts.isConserved) == (25 + 12, 12, true))
        let entries = try #require(fixture.shared.table?.table.entries)
        #expect(
            entries.map { String(decoding: $0.name, as: UTF8.self) }
                == ["a", "a.mean", "a.min", "a.max", "a.count"])
        #expect(entries[1].aggregate == Channel.Aggregate(of: 0, function: .mean))
        #expect(entries[1].unit == Array("V".utf8))
        #expect(entries[4].unit.isEmpty)
    }

    @Test func invalidReadingsAreDroppedOrFlaggedAndTheLastIsKept() throws {
        let settings = Self.settings {
            ($0.validity.high, $0.validity.invalid) = (50, .drop)
        }
        let fixture = try AgentFixture(settings)
        var stage = fixture.stage(settings)
        _ = AgentFixture.feed(Self.text([1, 60, 2, 70]) + "5,x\n", into: &stage)
        stage.finish(at: AgentFixture.start)
        let counts = fixture.shared.readingCounts
        #expect(counts.dropped(.invalid) == 2)
        #expect((counts.read, counts.stored, counts.isConserved) == (4, 2, true))
        let source = try #require(fixture.shared.validation.sources.first)
        #expect(source.counts[.range] == 2)
        #expect(source.counts[.parse] == 1)
        #expect(source.counts.lastSample?.value == 70)
        #expect(source.counts.seen == 5)
    }

    @Test func aNoisySourceRaisesAnAlarm() throws {
        let settings = Self.settings { $0.validity.high = 50 }
        let fixture = try AgentFixture(settings)
        var stage = fixture.stage(settings)
        let values = (0..<100).map { $0 < 10 ? 99.0 : 1 }
        _ = AgentFixture.feed(Self.text(values), into: &stage)
        stage.finish(at: AgentFixture.start)
        #expect(
            fixture.log.all.contains("input.rejects input=\"stdin\" per_mille=100 range=10\n"))
        #expect(fixture.shared.validation.sources.first?.isAlarmed == true)
        // Flagged and not dropped.
        #expect(fixture.shared.readingCounts.stored == 100)
    }

    @Test func quotaSparesAlerts() throws {
        var settings = Self.settings { $0.rule.high = 50 }
        settings.inputs[0].quota = 10
        let fixture = try AgentFixture(settings)
        var stage = fixture.stage(settings)
        let values = [Double](repeating: 1, count: 50) + [60, 61]
        _ = AgentFixture.feed(Self.text(values), into: &stage)
        stage.finish(at: AgentFixture.start)
        let counts = fixture.shared.readingCounts
        #expect((counts.read, counts.dropped(.quota), counts.stored) == (52, 30, 22))
        #expect(counts.isConserved)
        #expect(try fixture.readings(.alert).map(\.value) == [60, 61])
    }

    @Test func onlyNamedSensors() throws {
        var settings = Self.settings { _ in }
        settings.hasStrictSensors = true
        let fixture = try AgentFixture(settings)
        var stage = fixture.stage(settings)
        _ = AgentFixture.feed("time_ms,a,b\n1,2,3\n", into: &stage)
        stage.finish(at: AgentFixture.start)
        #expect(try fixture.readings().map(\.sensor) == ["a"])
        #expect(fixture.shared.validation.sources.first?.counts[.unknownSensor] == 1)
        #expect(fixture.shared.readingCounts.isConserved)
    }

    @Test func silentSensorsAreTold() throws {
        let fixture = try AgentFixture()
        var stage = fixture.stage()
        _ = AgentFixture.feed(Self.text([1, 2, 3]), into: &stage)
        stage.advance(to: AgentFixture.start + .seconds(10), wall: Self.wall)
        #expect(fixture.shared.validation.staleSensors == 0)
        stage.advance(to: AgentFixture.start + .seconds(12), wall: Self.wall)
        #expect(fixture.shared.validation.staleSensors == 1)
        #expect(fixture.log.all.contains("sensor.stale sensor=\"a\" silent_s=12\n"))
        _ = AgentFixture.feed(
            Self.text([4], from: 3), into: &stage, at: AgentFixture.start + .seconds(20))
        #expect(fixture.log.all.contains("sensor.back sensor=\"a\" silent_s=20\n"))
    }

    @Test func liftsAreLoggedOnceWithTheirReason() throws {
        let settings = Self.settings { $0.rule.high = 10 }
        let fixture = try AgentFixture(settings)
        var stage = fixture.stage(settings)
        _ = AgentFixture.feed(Self.text([11, 12, 13]), into: &stage)
        stage.finish(at: AgentFixture.start)
        let lines = fixture.log.all.filter { $0.hasPrefix("sensor.lifted") }
        #expect(
            lines == ["sensor.lifted sensor=\"a\" priority=1 reason=tooHigh value=11.0 count=1\n"])
        let i = LiftReason.tooHigh.rawValue
        #expect(fixture.shared.validation.lifts[i] == 3)
    }

    @Test func otherSettingsHoldWhileReadingsWait() throws {
        let fixture = try AgentFixture()
        var stage = fixture.stage()
        _ = AgentFixture.feed(Self.text([1, 99]), into: &stage)
        var settings = Self.settings { ($0.rule.high, $0.unit) = (50, "V") }
        settings.windows.age = .seconds(1)
        stage.apply(settings, at: AgentFixture.start)
        _ = AgentFixture.feed(Self.text([99], from: 2), into: &stage)
        #expect(try fixture.frames(.alert).count == 1)
        stage.finish(at: AgentFixture.start)
        #expect(try fixture.readings().count == 2)
        #expect(fixture.shared.table?.table.entries.first?.unit == Array("V".utf8))
        #expect(fixture.shared.readingCounts.isConserved)
    }
}
