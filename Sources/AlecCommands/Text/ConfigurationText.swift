// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration
internal import HostSystem

/// What is wrong with settings, in words: a line for each fault, and what to do next.
enum ConfigurationText {
    static func allIsWell(_ path: String?) -> String { (path ?? "stdin") + ": all is well\n" }

    static func text(_ error: ConfigurationError) -> String {
        let text = sentences(error).map { $0 + "\n" }.joined()
        return text + "  next:  " + next(error) + "\n"
    }

    /// A line for each fault.
    static func sentences(_ error: ConfigurationError) -> [String] {
        error.faults.map { fault in
            place(fault.origin, error.path) + words(fault.reason, error.path)
        }
    }

    private static func place(_ origin: ConfigurationFault.Origin, _ path: String?) -> String {
        let file = path ?? "stdin"
        return switch origin {
        case .file(let place): "\(file):\(place.line):\(place.column): "
        case .everywhere: path.map { $0 + ": " } ?? "alec: "
        case .flag, .environment: "alec: "
        }
    }

    private static func words(
        _ reason: ConfigurationFault.Reason, _ path: String?
    ) -> String {
        switch reason {
        case .syntax(let text): clean(text)
        case .unknownKey(let key, let known):
            "unknown key \"\(key)\"; " + suggestion(key, known)
        case .misplacedKey(let key, let table):
            "\"\(key)\" belongs "
                + (table.isEmpty ? "above the first table" : "below [\(table)]")
        case .badValue(let key, let found, let expectation):
            "\(key) cannot be \(found): it is \(words(expectation))"
        case .missingKey(let key): "\(key) is missing"
        case .tooMany(let key, let limit): "more of \(key) than \(CountText.grouped(limit))"
        case .repeated(let key, let value): "\(key) \(value) is there twice"
        case .exceeds(let key, let other): "\(key) is larger than \(other)"
        case .together(let key, let other): "\(key) and \(other): only one of them"
        case .noCredentials(let name):
            "there is no credential \"\(name)\": systemd makes them from LoadCredential= in the "
                + "unit, and sets CREDENTIALS_DIRECTORY"
        case .noVariable(let name): "there is no variable \(name), or it is empty"
        case .unreadable(let file, let code):
            (file == path ? "" : file + " ") + "cannot be read: \(SystemError(code: code).name)"
        case .tooLarge(let file, let limit):
            (file == path ? "" : (file ?? "it") + " ")
                + "has more than \(CountText.grouped(limit)) bytes"
        case .tooManyDots(let limit): "there are more than \(CountText.grouped(limit)) points"
        }
    }

    /// What was perhaps meant, or all that is possible.
    private static func suggestion(_ key: String, _ known: [String]) -> String {
        if let near = Notes.nearest(key, known) { return "did you mean \"\(near)\"?" }
        return "there are " + known.joined(separator: ", ")
    }

    private static func words(_ expectation: ExpectedValue) -> String {
        switch expectation {
        case .text(let most): "a text in quotes of 1 to \(most) bytes"
        case .topicLevel(let most, let orAny):
            "1 to \(most) letters, digits or any of _.-" + (orAny ? ", or +" : "") + ", in quotes"
        case .path: "a path that begins with /, in quotes"
        case .word(let words):
            words.map { "\"\($0)\"" }.joined(separator: ", ") + ": one of these"
        case .boolean: "true or false"
        case .integer(let range):
            "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number: "a number"
        case .amount: "a number that is not below 0"
        case .percent: "a number from 0 to 100"
        case .remark(let most): "a text in quotes of at most \(most) bytes"
        case .duration(let range):
            "a time like \"10s\", from \(Quantity.text(duration: range.lowerBound)) to "
                + Quantity.text(duration: range.upperBound)
        case .size(let range):
            "a size like \"4KiB\", from \(Quantity.text(size: range.lowerBound)) to "
                + Quantity.text(size: range.upperBound)
        case .address: "HOST or HOST:PORT, in quotes"
        case .inputPlace:
            "\"-\" for stdin, a device like \"/dev/ttyUSB0@9600\" or \"usb:0403:6001@9600\", "
                + "or a command like \"exec:/usr/bin/sensor\""
        case .sink(let fromRoot):
            "\"mqtt\", or jsonl, csv, csv-wide, influx with a file, as \"jsonl:FILE\""
                + (fromRoot ? ", where FILE begins with / or is -" : "")
        case .credential: "the name of a credential of systemd: letters, digits or any of _.-"
        case .variable: "the name of a variable: letters, digits or _"
        case .mapping: "a text and its number like \"open=1\""
        case .list(let element): "a list in [ ]; each is " + words(element)
        case .table: "a table: a line in [ ] above its keys"
        case .listOfTables: "a list of tables: a line in [[ ]] above the keys of each"
        }
    }

    /// The parser says what it was doing before it says what is wrong.
    private static func clean(_ text: String) -> String {
        guard text.hasPrefix("Error while parsing "), let colon = text.firstIndex(of: ":") else {
            return text
        }
        return String(text[text.index(colon, offsetBy: 1)...].drop { $0 == " " })
    }

    private static func next(_ error: ConfigurationError) -> String {
        if error.faults.count == 1, let fault = error.faults.first {
            switch fault.reason {
            case .missingKey("broker") where fault.origin == .everywhere:
                return "name one with --broker HOST, or in the settings below [[broker]]"
            case .unreadable(error.path, let code):
                return SystemError(code: code).isMissingFile
                    ? "check the name; alec init makes a file to begin with"
                    : "check who may read it"
            case .syntax, .unknownKey, .misplacedKey, .badValue, .missingKey, .tooMany, .repeated,
                .exceeds, .together, .noCredentials, .noVariable, .unreadable, .tooLarge,
                .tooManyDots:
                break
            }
        }
        let count = CountText.counted(error.faults.count, "fault", "faults")
        return "mend the \(count); alec check --sample shows every setting"
    }
}
