// SPDX-License-Identifier: Apache-2.0

/// Where something stands in a text; both count from 1, columns count characters.
package struct TextPlace: Equatable, Sendable {
    package var line: Int
    package var column: Int

    /// Column `column` of line `line`.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// A value with its key, and where both stand.
struct TomlNode: Equatable, Sendable {
    /// Empty at the top and in arrays.
    var key: String
    var keyPlace: TextPlace
    var place: TextPlace
    var value: TomlValue
}

/// What TOML knows, as far as settings need it.
enum TomlValue: Equatable, Sendable {
    case string(String)
    case integer(Int64)
    case float(Double)
    case boolean(Bool)
    /// No setting is a date.
    case date
    case array([TomlNode])
    /// In the order of the text.
    case table([TomlNode])
}

extension TomlValue {
    /// As it would stand in a file; a table is only named.
    var text: String {
        switch self {
        case .string(let text): Self.quoted(text)
        case .integer(let number): String(number)
        case .float(let number): "\(number)"
        case .boolean(let isTrue): isTrue ? "true" : "false"
        case .date: "a date"
        case .array(let nodes): "[" + nodes.map(\.value.text).joined(separator: ", ") + "]"
        case .table: "a table"
        }
    }

    /// A basic string of TOML.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
