// SPDX-License-Identifier: Apache-2.0

/// The annotated file that shows every setting with its default.
///
/// `# ` begins a remark and `#` alone a line that would change nothing, or is an example.
package enum SampleFile {
    /// The settings of `alec run`.
    package static var agent: String {
        let head = [
            "Settings of alec run, the gateway. Every setting is here, with its default.",
            "Take away the # in front of a line, and of the [table] above it, to change it; "
                + "then: alec check FILE",
            "Flags of the command line go before variables, and these before this file. A key has "
                + "its variable: ALEC_DRAIN, ALEC_WINDOWS_AGE; only lists of tables have none.",
            "Paths begin with /. Spans of time: ms, s, min, h, d. Sizes: B, KiB, MiB, GiB.",
            "SIGHUP, or alec reload, reads the file again; what is wrong changes nothing.",
        ]
        return text(AgentConfiguration.table, head)
    }

    /// The settings of `alec receive`.
    package static var receiver: String {
        let head = [
            "Settings of alec receive, the receiver. Every setting is here, with its default.",
            "Take away the # in front of a line to change it; then: alec check --receiver FILE",
            "Flags of the command line and variables (ALEC_BROKER, ALEC_SINK, ...) go before "
                + "this file.",
            "Paths begin with /. Spans of time: ms, s, min, h, d. Sizes: B, KiB, MiB, GiB.",
        ]
        return text(ReceiverConfiguration.table, head)
    }

    private static let columns = 80

    private static func text<Settings>(
        _ table: ConfigurationTable<Settings>, _ head: [String]
    ) -> String {
        let head = head.map { remark($0) }.joined()
        return head + table.sections.map { "\n" + text($0) }.joined()
    }

    private static func text<Settings>(_ section: Section<Settings>) -> String {
        let mark = section.isNeeded ? "" : "#"
        var text = ""
        if !section.name.isEmpty {
            text += remark(section.help)
            let header =
                section.form == .once ? "[\(section.name)]" : "[[\(section.name)]]"
            text += mark + header + "\n"
        }
        for (i, row) in section.rows.enumerated() {
            if i > 0 && section.name.isEmpty { text += "\n" }
            text += remark(row.help)
            // In a table that must be there, its examples are where a reader begins.
            let isShown = section.isNeeded && row.isRequired
            text += (isShown ? "" : "#") + row.name + " = " + row.shown + "\n"
        }
        return text
    }

    /// A remark, broken into lines.
    private static func remark(_ text: String) -> String {
        var lines: [String] = []
        var line = "#"
        for word in text.split(separator: " ") {
            if line.count + 1 + word.count > columns, line != "#" {
                lines.append(line)
                line = "#"
            }
            line += " " + word
        }
        return (lines + [line]).map { $0 + "\n" }.joined()
    }
}
