// SPDX-License-Identifier: Apache-2.0

internal import HostSystem
package import LineProtocols

/// Lines on stderr: an event and its fields, as `event key=value`.
///
/// Under systemd each line begins with its level, which the journal takes off again.
package final class AgentLog: Sendable {
    /// How much a line matters; the numbers are those of syslog.
    package enum Level: Int, Comparable, Sendable {
        /// Readings are lost, or a person is needed.
        case error = 3
        /// Degraded, and recovering by itself.
        case warning = 4
        /// The life of the program.
        case info = 6
        /// Every frame.
        case debug = 7

        package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    }

    private let isJournal: Bool
    private let most: Level
    private let sink: @Sendable ([UInt8]) -> Void
    /// Says in words what is wrong with a line that begins so: texts are made by the commands.
    let words: @Sendable (LineError, [UInt8]) -> String

    /// A log on stderr that leaves out what matters less than `most`.
    package convenience init(
        most: Level = .info, words: @escaping @Sendable (LineError, [UInt8]) -> String
    ) {
        self.init(isJournal: JournalStream.isStandardError, most: most, words: words) { line in
            // There is no other place to complain about it.
            try? FileDescriptor.standardError.write(line.span)
        }
    }

    /// A log whose lines go to `sink`, each with its newline.
    package init(
        isJournal: Bool, most: Level,
        words: @escaping @Sendable (LineError, [UInt8]) -> String = { error, _ in "\(error)" },
        sink: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.isJournal = isJournal
        self.most = most
        self.words = words
        self.sink = sink
    }

    /// One line. `fields` is `key=value` pairs; what may hold spaces goes through `quoted`.
    package func write(_ level: Level, _ event: String, _ fields: String = "") {
        guard level <= most else { return }
        let text = (isJournal ? "<\(level.rawValue)>" : "") + event
        // In one write, so that lines of several threads do not mix.
        sink(Array((text + (fields.isEmpty ? "" : " " + fields) + "\n").utf8))
    }

    package func error(_ event: String, _ fields: String = "") { write(.error, event, fields) }
    package func warning(_ event: String, _ fields: String = "") { write(.warning, event, fields) }
    package func info(_ event: String, _ fields: String = "") { write(.info, event, fields) }
    package func debug(_ event: String, _ fields: String = "") { write(.debug, event, fields) }

    /// A value in quotes, without what would end the line or the quotes.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for character in text.unicodeScalars {
            switch character {
            case "\"": result += "'"
            case "\\": result += "/"
            default: result.unicodeScalars.append(character.value < 0x20 ? "?" : character)
            }
        }
        return result + "\""
    }
}
