// SPDX-License-Identifier: Apache-2.0

internal import GatewayCore
internal import LineProtocols

/// What comes from a port, line by line, and what becomes of each.
struct LineTrace {
    /// A line, or a part of one.
    enum Finding: Equatable {
        /// Its beginning or its end is missing.
        case part
        case tooLong
        /// A header, a comment, or nothing.
        case nothing
        case readings(Int)
        case refused(LineError)
    }

    private static let millisecond: Int64 = 1_000_000

    private(set) var findings: [Finding] = []
    private(set) var readings = LineReadings()
    private(set) var names = SensorNames()
    private var reader: LineReader
    private var machine: SourceMachine
    private var pending: [UInt8] = []
    /// `pending` begins within a line.
    private var isPart = false

    /// A trace of a port that was opened at `now`.
    init(_ format: LineFormat?, idle: Duration, at now: MonotonicInstant) {
        reader = LineReader(format: format)
        machine = SourceMachine(.serial, idle: idle, at: now)
        machine.opened(at: now)
    }

    /// The format, once a line told it.
    var format: LineFormat? { reader.format }

    /// When `advance` has something to say.
    var deadline: MonotonicInstant? { machine.deadline }

    /// Takes bytes that came, and gives each line with what it is to `tell`.
    mutating func take(
        _ bytes: ArraySlice<UInt8>, at now: MonotonicInstant, wall: WallTime,
        tell: (LineTrace, [UInt8], Finding) -> Void
    ) {
        let newline = UInt8(ascii: "\n")
        switch machine.took(hasNewline: bytes.contains(newline), at: now) {
        case .keep: break
        case .skip: isPart = true
        }
        for byte in bytes {
            guard byte == newline else {
                pending.append(byte)
                if pending.count > LineSplitter.defaultMaximumLength {
                    end(.tooLong, tell)
                    isPart = true
                }
                continue
            }
            end(isPart ? .part : nil, wall: wall, tell)
            isPart = false
        }
    }

    /// Does what silence means.
    mutating func advance(
        to now: MonotonicInstant, wall: WallTime, tell: (LineTrace, [UInt8], Finding) -> Void
    ) {
        while let order = machine.advance(to: now) {
            switch order {
            case .endLine: end(nil, wall: wall, tell)
            case .dropLine:
                end(.part, tell)
                isPart = true
            case .beginLine:
                end(.part, tell)
                isPart = false
            case .open, .terminate, .kill: break
            }
        }
    }

    private mutating func end(
        _ finding: Finding?, wall: WallTime = WallTime(nanoseconds: 0),
        _ tell: (LineTrace, [UInt8], Finding) -> Void
    ) {
        let line = pending
        pending.removeAll(keepingCapacity: true)
        readings.removeAll()
        let finding = finding ?? read(line, wall)
        findings.append(finding)
        if findings.count > Self.findingLimit { findings.removeFirst() }
        tell(self, line, finding)
    }

    /// A trace may run for days.
    private static let findingLimit = 1000

    private mutating func read(_ line: [UInt8], _ wall: WallTime) -> Finding {
        do throws(LineError) {
            let arrival = wall.nanoseconds - wall.nanoseconds % Self.millisecond
            let outcome = try reader.read(
                line.span, arrival: arrival, names: &names, into: &readings)
            return outcome.readings > 0 ? .readings(outcome.readings) : .nothing
        } catch {
            return .refused(error)
        }
    }
}
