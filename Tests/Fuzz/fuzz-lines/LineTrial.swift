// SPDX-License-Identifier: Apache-2.0

import Glibc
import LineProtocols

/// One stream through the splitter and a reader, with what must hold after each line.
struct LineTrial {
    /// What the first bytes of an input choose.
    struct Mode {
        static let byteCount = 4

        /// 0 finds the format out, the others are those of `LineFormat`.
        var format: LineFormat?
        var settings = LineReaderSettings()
        var chunkBytes: Int
        var hasArrival: Bool
        var maximumLength: Int

        init(_ bytes: [UInt8]) {
            let choice = Int(bytes[0] & 7)
            let formats = LineFormat.allCases
            format = choice == 0 ? nil : formats[(choice - 1) % formats.count]
            hasArrival = bytes[0] & 8 == 0
            maximumLength = bytes[0] & 16 == 0 ? LineSplitter.defaultMaximumLength : 48
            chunkBytes = Int(bytes[3]) + 1
            settings.format = format
            let bits = bytes[1]
            if bits & 1 != 0 { settings.prefix = "p." }
            if bits & 2 != 0 { settings.timeSource = .arrival }
            if bits & 4 != 0 { settings.hasChecksum = true }
            if bits & 8 != 0 { settings.readsNested = false }
            if bits & 16 != 0 { settings.timePath = "a.t" }
            if bits & 32 != 0 { settings.sensor = "s" }
            if bits & 64 != 0 { settings.plainTimeUnit = .seconds }
            if bits & 128 != 0 { Self.addTexts(to: &settings.texts) }
            let more = bytes[2]
            settings.delimiter = Array(",;\t ".utf8)[Int(more & 3)]
            if more & 4 != 0 { settings.timeUnit = TimeUnit(rawValue: more >> 3 & 3) }
            switch more >> 5 {
            case 1: settings.columns = ["a", "_", "time", "b"]
            case 2: settings.columns = ["GGA", "_", "lat:degrees", "_", "b"]
            case 3: settings.columns = ["time_ms", "a"]
            case 4: settings.columns = ["a", "a"]
            case 5: settings.columns = ["_", "time", "x:degrees"]
            default: break
            }
        }

        private static func addTexts(to texts: inout TextValues) {
            for (sensor, text) in [("a", "on"), ("p.*", "off"), ("*", "A"), ("s.2", "")] {
                precondition(texts.add(sensor: sensor, text: text, value: 7))
            }
        }
    }

    private let mode: Mode
    private var splitter: LineSplitter
    private var reader: LineReader
    private var names = SensorNames()
    private var readings = LineReadings()
    private var knownNames = 0
    private var expected: [[UInt8]] = []
    private var given = 0

    init(_ mode: Mode) {
        self.mode = mode
        splitter = LineSplitter(maximumLength: mode.maximumLength)
        reader = LineReader(settings: mode.settings)
    }

    mutating func run(_ stream: [UInt8]) {
        foresee(stream)
        var start = 0
        while start < stream.count {
            let end = min(stream.count, start + mode.chunkBytes)
            let chunk = Array(stream[start..<end])
            while let place = splitter.next(in: chunk.span) {
                switch place {
                case .chunk(let range): take(Array(chunk[range]))
                case .carried: take(splitter.carried)
                }
            }
            start = end
        }
        if splitter.finish() != nil { take(splitter.carried) }
        expect(given == expected.count, "all lines are given")
    }

    /// The lines of the stream, cut the simple way.
    private mutating func foresee(_ stream: [UInt8]) {
        var lines = stream.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        if lines.last == [] { lines.removeLast() }
        let isMarked = lines.first.map { $0.starts(with: [0xEF, 0xBB, 0xBF]) } ?? false
        let isFirstGood = lines.first.map { $0.count <= mode.maximumLength } ?? false
        expected = lines.filter { $0.count <= mode.maximumLength }
        if isMarked && isFirstGood { expected[0].removeFirst(3) }
    }

    private mutating func take(_ line: [UInt8]) {
        expect(given < expected.count && expected[given] == line, "the line is whole")
        given += 1
        if mode.format == nil { _ = FormatDetector.examine(line.span) }
        // What a reader remembers of a line makes the next one faster and no different.
        let first = read(line)
        let second = read(line)
        let isSame = readings.items[first.readings] == readings.items[second.readings]
        expect(
            isSame && first.outcome == second.outcome && first.error == second.error,
            "the same line gives the same readings")
        if readings.count > 64 { readings.removeAll() }
    }

    private struct Answer {
        var outcome: LineOutcome?
        var error: LineError?
        var readings: Range<Int>
    }

    private mutating func read(_ line: [UInt8]) -> Answer {
        let before = readings.count
        let last = readings.items.last
        let remarks = readings.remarks.count
        do throws(LineError) {
            let outcome = try reader.read(
                line.span, arrival: mode.hasArrival ? 77 : nil, names: &names, into: &readings)
            expect(readings.count == before + outcome.readings, "all are counted")
            expect(outcome.skipped >= 0 && outcome.absent >= 0, "counts count")
            for k in before..<readings.count {
                expect(readings[k].sensor < names.count, "sensors have names")
            }
            for remark in readings.remarks[remarks...] {
                expect(remark.position >= before, "remarks are on new readings")
                expect(remark.position < readings.count, "remarks are on readings")
            }
            checkNames()
            return Answer(outcome: outcome, error: nil, readings: before..<readings.count)
        } catch {
            expect(readings.count == before && readings.items.last == last, "nothing is added")
            expect(readings.remarks.count == remarks, "nor are remarks")
            expect((0...line.count).contains(Self.offset(error)), "offsets are in the line")
            checkNames()
            return Answer(outcome: nil, error: error, readings: before..<before)
        }
    }

    private mutating func checkNames() {
        while knownNames < names.count {
            let bytes = names.text[names.range(of: knownNames)]
            expect((1...SensorNames.maximumLength).contains(bytes.count), "names have bytes")
            expect(bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "and no controls")
            expect(String(validating: bytes, as: UTF8.self) != nil, "and are UTF-8")
            knownNames += 1
        }
    }

    private static func offset(_ error: LineError) -> Int {
        switch error {
        case .value(_, let at, _), .time(_, let at, _), .name(_, let at, _), .csv(_, let at, _),
            .json(_, let at), .influx(_, let at), .keyValue(_, let at), .nmea(_, let at),
            .checksum(_, let at):
            at
        case .format: 0
        }
    }

    /// Optimised code says nothing where it traps.
    private func expect(_ isSo: Bool, _ what: String) {
        guard !isSo else { return }
        print("not so:", what)
        fflush(nil)
        preconditionFailure(what)
    }
}
