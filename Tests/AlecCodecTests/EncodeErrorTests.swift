// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import Testing

@Suite struct EncodeErrorTests {
    private var encoder = FrameEncoder.stream(channels: 2)
    private var window = ReadingWindow()
    private var frame: [UInt8] = []

    /// What encoding the window throws, if anything.
    private mutating func encode(_ role: FrameRole = .key(group: 1)) -> EncodeError? {
        do {
            _ = try encoder.value.encode(&window, as: role, into: &frame)
            return nil
        } catch {
            return error
        }
    }

    private mutating func append(sensor: Int, time: Int64 = 0, value: Double = 1) -> Bool {
        window.append(Reading(sensor: sensor, time: time, value: value))
    }

    @Test mutating func emptyWindowIsNoFrame() {
        let error = encode()
        #expect(error == .emptyWindow)
        #expect(frame.isEmpty)
    }

    @Test mutating func sensorOutsideTheChannelsIsNamedAndNothingIsLost() {
        _ = append(sensor: 2)
        let error = encode()
        #expect(error == .unknownSensor(2))
        #expect(window.count == 1)
    }

    @Test mutating func chainedFrameNeedsAGroup() {
        _ = append(sensor: 0)
        let chained = encode(.chained)
        #expect(chained == .needsKey)
        let key = encode()
        #expect(key == nil)
        #expect(window.isEmpty)
    }

    @Test(arguments: [Lane.alert, .deferred])
    mutating func onlyTheDataLaneChains(lane: Lane) {
        encoder = FrameEncoder.stream(channels: 2, lane: lane)
        var errors: [EncodeError?] = []
        _ = append(sensor: 0)
        errors.append(encode())
        let canChain = encoder.value.canChain
        #expect(!canChain)
        _ = append(sensor: 0)
        errors.append(encode(.chained))
        #expect(window.count == 1)
        errors.append(encode(.key(group: 2)))
        #expect(errors == [nil, .needsKey, nil])
    }

    @Test mutating func groupNumbersRise() {
        var errors: [EncodeError?] = []
        _ = append(sensor: 0)
        errors.append(encode(.key(group: 7)))
        let count = frame.count
        _ = append(sensor: 0)
        for group: UInt32 in [7, 6, 0] { errors.append(encode(.key(group: group))) }
        let seven = EncodeError.groupNotRising(after: 7)
        #expect(errors == [nil, seven, seven, seven])
        #expect(frame.count == count && window.count == 1)
        // The group that was open still is.
        errors = [encode(.chained)]
        for group: UInt32 in [.max, .max, 0] {
            _ = append(sensor: 0)
            errors.append(encode(.key(group: group)))
        }
        let last = EncodeError.groupNotRising(after: .max)
        #expect(errors == [nil, nil, last, last])
    }

    @Test mutating func samplesOfASensorAreCounted() {
        for i in 0..<65_536 {
            _ = append(sensor: 1, time: Int64(i))
        }
        let error = encode()
        #expect(error == .tooManySamples(sensor: 1))
        #expect(window.count == 65_536)
    }

    /// Random doubles at random times take about 18 bytes each: 65,535 of them exceed a frame.
    @Test mutating func frameTooLargeLeavesNothingBehindAndAsksForAKey() {
        var state: UInt64 = 1
        func random() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
        for _ in 0..<65_535 {
            _ = append(
                sensor: 0, time: Int64(bitPattern: random()), value: Double(bitPattern: random()))
        }
        guard case .frameTooLarge(let size) = encode() else {
            Issue.record("the frame was not too large")
            return
        }
        #expect(size > 1 << 20)
        #expect(frame.isEmpty)
        #expect(window.count == 65_535)
        window.removeAll()
        _ = append(sensor: 0)
        let chained = encode(.chained)
        #expect(chained == .needsKey)
        let key = encode(.key(group: 2))
        #expect(key == nil)
    }

    @Test mutating func windowRefusesIndexesThatNoTableHas() {
        let negative = append(sensor: -1)
        let beyond = append(sensor: 4096)
        #expect(!negative && !beyond)
        #expect(window.isEmpty)
    }
}

/// An encoder that a suite can store: suites are copied, encoders are not.
private final class EncoderBox {
    var value: FrameEncoder
    init(_ value: consuming FrameEncoder) { self.value = value }
}

extension FrameEncoder {
    fileprivate static func stream(channels: Int, lane: Lane = .data) -> EncoderBox {
        EncoderBox(
            FrameEncoder(
                stream: StreamHead(id: StreamID(random: 9), lane: lane), channels: channels))
    }
}
