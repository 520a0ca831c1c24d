// SPDX-License-Identifier: Apache-2.0

import LineProtocols
import Testing

/// SplitMix64: the same numbers for the same seed, everywhere.
struct LineTestGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A reading with its sensor's name, to be compared in tables.
struct Named: Equatable, CustomStringConvertible {
    var name: String
    var time: Int64
    var bits: UInt64

    init(_ name: String, _ time: Int64, _ value: Double) {
        self.name = name
        self.time = time
        bits = value.bitPattern
    }

    var description: String { "\(name)@\(time)=\(Double(bitPattern: bits))" }
}

/// What reading some lines gave.
struct ReadLines: Equatable {
    var readings: [Named] = []
    var errors: [LineError] = []
    var outcome = LineOutcome()
}

/// Reads lines with one reader, as a program would.
func readLines(
    _ lines: [String],
    format: LineFormat?,
    arrival: Int64? = nil
) -> ReadLines {
    readLines(lines.map { Array($0.utf8) }, format: format, arrival: arrival)
}

func readLines(
    _ lines: [[UInt8]],
    format: LineFormat?,
    arrival: Int64? = nil
) -> ReadLines {
    readLines(lines, LineReader(format: format), arrival: arrival)
}

func readLines(_ lines: [[UInt8]], _ reader: LineReader, arrival: Int64?) -> ReadLines {
    var reader = reader
    var names = SensorNames()
    var readings = LineReadings()
    var result = ReadLines()
    for line in lines {
        do throws(LineError) {
            let before = readings.count
            let outcome = try reader.read(
                line.span, arrival: arrival, names: &names, into: &readings)
            #expect(readings.count == before + outcome.readings)
            result.outcome.readings += outcome.readings
            result.outcome.skipped += outcome.skipped
            result.outcome.absent += outcome.absent
        } catch {
            result.errors.append(error)
        }
    }
    result.readings = readings.items.map { reading in
        let bytes = Array(names.text[names.range(of: reading.sensor)])
        return Named(String(decoding: bytes, as: UTF8.self), reading.time, reading.value)
    }
    return result
}

/// The error that a text gives, nil if it is accepted.
func errorOf(_ body: () throws(LineError) -> Void) -> LineError? {
    do throws(LineError) {
        try body()
        return nil
    } catch {
        return error
    }
}

func string(_ text: TextBuffer) -> String { String(decoding: text.bytes, as: UTF8.self) }
