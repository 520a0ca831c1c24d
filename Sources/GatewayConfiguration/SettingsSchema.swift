// SPDX-License-Identifier: Apache-2.0

/// The settings as a JSON Schema, for editors that know TOML and for programs that write settings.
/// What only several keys together can have wrong is beyond it: `alec check` has the last word.
package enum SettingsSchema {
    /// The settings of `alec run`.
    package static var agent: String { text(AgentConfiguration.table, "Settings of alec run") }

    /// The settings of `alec receive`.
    package static var receiver: String {
        text(ReceiverConfiguration.table, "Settings of alec receive")
    }

    private static func text<Settings>(
        _ table: ConfigurationTable<Settings>, _ title: String
    ) -> String {
        var properties = table.sections[0].rows.map { property($0) }
        for section in table.sections.dropFirst() {
            properties.append(quoted(section.name) + ": " + schema(of: section))
        }
        let members = [
            "\"$schema\": \"https://json-schema.org/draft/2020-12/schema\"",
            "\"title\": " + quoted(title), "\"type\": \"object\"",
            "\"additionalProperties\": false",
            "\"properties\": " + object(properties, depth: 1),
        ]
        return object(members, depth: 0) + "\n"
    }

    private static func schema<Settings>(of section: Section<Settings>) -> String {
        let depth = section.form == .once ? 3 : 4
        var members = [
            "\"type\": \"object\"", "\"additionalProperties\": false",
            "\"properties\": " + object(section.rows.map { property($0) }, depth: depth),
        ]
        let required = section.rows.filter(\.isRequired).map { quoted($0.name) }
        if !required.isEmpty {
            members.append("\"required\": [" + required.joined(separator: ", ") + "]")
        }
        let description = "\"description\": " + quoted(section.help)
        switch section.form {
        case .once:
            return object([description] + members, depth: 2)
        case .repeated(let limit):
            let outer = [
                description, "\"type\": \"array\"", "\"maxItems\": \(limit)",
                "\"items\": " + object(members, depth: 3),
            ]
            return object(outer, depth: 2)
        }
    }

    private static func property<Settings>(_ row: Section<Settings>.Row) -> String {
        var members = ["\"description\": " + quoted(row.help)] + constraints(row.expectation)
        if let standard = row.standard, !standard.hasSuffix("inf") {
            members.append("\"default\": " + standard)
        }
        return quoted(row.name) + ": {" + members.joined(separator: ", ") + "}"
    }

    private static func constraints(_ expectation: ExpectedValue) -> [String] {
        let string = "\"type\": \"string\""
        switch expectation {
        case .text(let most): return [string, "\"minLength\": 1", "\"maxLength\": \(most)"]
        case .topicLevel(let most, let orAny):
            let level = "[A-Za-z0-9_.-]{1,\(most)}"
            return [string, pattern(orAny ? "^(\\+|\(level))$" : "^\(level)$")]
        case .path: return [string, pattern("^/")]
        case .word(let words):
            return ["\"enum\": [" + words.map { quoted($0) }.joined(separator: ", ") + "]"]
        case .boolean: return ["\"type\": \"boolean\""]
        case .integer(let range): return ["\"type\": \"integer\""] + bounds(range)
        case .number: return ["\"type\": \"number\""]
        case .amount: return ["\"type\": \"number\"", "\"minimum\": 0"]
        case .percent:
            return ["\"type\": \"number\"", "\"minimum\": 0", "\"maximum\": 100"]
        case .remark(let most): return [string, "\"maxLength\": \(most)"]
        case .mapping: return [string, pattern("^.+=[^=]+$")]
        case .duration: return [string, pattern("^[0-9]+(ms|s|min|h|d)$")]
        case .size(let range):
            let text = "{" + string + ", " + pattern("^[0-9]+(B|KiB|MiB|GiB|TiB)$") + "}"
            let number = (["{\"type\": \"integer\""] + bounds(range)).joined(separator: ", ") + "}"
            return ["\"anyOf\": [\(text), \(number)]"]
        case .address, .inputPlace: return [string, "\"minLength\": 1"]
        case .sink(let fromRoot):
            let file = fromRoot ? "(-|/.*)" : ".+"
            return [string, pattern("^(mqtt|(jsonl|csv):\(file))$")]
        case .credential: return [string, pattern("^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,254}$")]
        case .variable: return [string, pattern("^[A-Za-z0-9_]{1,255}$")]
        case .list(let element):
            let items = constraints(element).joined(separator: ", ")
            return ["\"type\": \"array\"", "\"items\": {\(items)}"]
        case .table: return ["\"type\": \"object\""]
        case .listOfTables: return ["\"type\": \"array\""]
        }
    }

    private static func bounds(_ range: ClosedRange<Int>) -> [String] {
        ["\"minimum\": \(range.lowerBound)", "\"maximum\": \(range.upperBound)"]
    }

    private static func pattern(_ text: String) -> String { "\"pattern\": " + quoted(text) }

    /// What TOML quotes is right in JSON too.
    private static func quoted(_ text: String) -> String { TomlValue.quoted(text) }

    private static func object(_ members: [String], depth: Int) -> String {
        let space = String(repeating: "  ", count: depth)
        return "{\n" + members.map { space + "  " + $0 }.joined(separator: ",\n") + "\n"
            + space + "}"
    }
}
