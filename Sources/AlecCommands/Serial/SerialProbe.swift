// SPDX-License-Identifier: Apache-2.0

internal import LineProtocols

/// Which speed a device has: the one at which lines are readings.
struct SerialProbe {
    /// In the order of how many devices have them.
    static let rates = [
        115_200, 9600, 57_600, 38_400, 19_200, 4800, 230_400, 2400, 1200, 460_800, 921_600,
    ]
    /// Whole lines after which a speed is told.
    static let enoughLines = 5
    /// The same for bytes that are no lines.
    static let enoughBytes = 4096

    /// What came at a speed.
    struct Attempt: Equatable {
        enum Outcome: Equatable {
            case unsupported
            case silent
            /// So many bytes.
            case noise(Int)
            /// So many lines.
            case text(Int)
            case readings(Int, lines: Int, LineFormat)
        }

        var baud: Int
        var outcome: Outcome
    }

    private(set) var attempts: [Attempt] = []

    /// The speed at which there are readings; nil while none is known.
    var found: (baud: Int, format: LineFormat)? {
        for attempt in attempts {
            if case .readings(_, _, let format) = attempt.outcome { return (attempt.baud, format) }
        }
        return nil
    }

    /// The speed at which there is text at least.
    var text: Int? {
        attempts.first { if case .text = $0.outcome { true } else { false } }?.baud
    }

    var isSilent: Bool {
        attempts.allSatisfy { $0.outcome == .silent || $0.outcome == .unsupported }
    }

    mutating func add(_ attempt: Attempt) { attempts.append(attempt) }
}

/// Counts what comes at one speed.
struct ProbeTally {
    private(set) var bytes = 0
    private(set) var lines = 0
    private var textLines = 0
    private var readings = 0

    mutating func take(bytes count: Int) { bytes += count }

    mutating func take(_ line: [UInt8], _ finding: LineTrace.Finding) {
        guard finding != .part else { return }
        lines += 1
        if Self.isText(line) { textLines += 1 }
        if case .readings(let count) = finding { readings += count }
    }

    var isEnough: Bool {
        lines >= SerialProbe.enoughLines || bytes >= SerialProbe.enoughBytes
    }

    func outcome(_ format: LineFormat?) -> SerialProbe.Attempt.Outcome {
        if bytes == 0 { return .silent }
        if readings > 0, let format { return .readings(readings, lines: lines, format) }
        return lines > 0 && textLines == lines ? .text(lines) : .noise(bytes)
    }

    private static func isText(_ line: [UInt8]) -> Bool {
        line.allSatisfy { $0 >= 0x20 || $0 == 0x09 || $0 == 0x0D }
            && String(validating: line, as: UTF8.self) != nil
    }
}
