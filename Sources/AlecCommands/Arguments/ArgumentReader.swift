// SPDX-License-Identifier: Apache-2.0

/// Takes the arguments of one command apart: `--name value`, `--name=value`, one file, `--`.
struct ArgumentReader {
    enum Item: Equatable {
        /// With its dashes.
        case option(String)
        case file(String)
    }

    let command: CommandName
    private var rest: ArraySlice<String>
    /// What stood behind `=`, until someone asks for it.
    private var attached: String?
    private var lastOption = ""
    private var isOptionsOver = false
    /// The one file; nil for stdin.
    private(set) var path: String?
    /// The same, but `-` for stdin if that was said.
    private(set) var file: String?

    init(_ arguments: ArraySlice<String>, of command: CommandName) {
        self.command = command
        rest = arguments
    }

    /// The next option; files are kept aside.
    mutating func nextOption() throws(UsageFault) -> String? {
        if attached != nil { throw .needlessValue(option: lastOption, command) }
        while let argument = rest.popFirst() {
            if isOptionsOver || !argument.hasPrefix("-") || argument == "-" {
                if let file { throw .twoFiles(file, argument, command) }
                file = argument
                path = argument == "-" ? nil : argument
            } else if argument == "--" {
                isOptionsOver = true
            } else {
                return split(argument)
            }
        }
        return nil
    }

    /// The value of the option last given out.
    mutating func value() throws(UsageFault) -> String {
        if let value = attached {
            attached = nil
            return value
        }
        guard let value = rest.popFirst() else {
            throw .missingValue(option: lastOption, command)
        }
        return value
    }

    /// The value as a whole number within `range`.
    mutating func number(in range: ClosedRange<Int>) throws(UsageFault) -> Int {
        let text = try value()
        guard let number = Int(text), range.contains(number) else {
            throw bad(text, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The value as one of the words that `choose` knows.
    mutating func choice<Choice>(
        _ words: String, _ choose: (String) -> Choice?
    ) throws(UsageFault) -> Choice {
        let text = try value()
        guard let choice = choose(text) else { throw bad(text, words) }
        return choice
    }

    /// The value as `NAME=…`. Names may have `=` in them, what follows has not.
    mutating func setting<Value>(
        _ expected: String, _ parse: (Substring) -> Value?
    ) throws(UsageFault) -> SensorSetting<Value> {
        let text = try value()
        guard let equals = text.lastIndex(of: "="), equals > text.startIndex,
            let value = parse(text[text.index(after: equals)...])
        else { throw bad(text, expected) }
        return SensorSetting(sensor: String(text[..<equals]), value: value)
    }

    private func bad(_ value: String, _ expected: String) -> UsageFault {
        .badValue(option: lastOption, value: value, expected: expected, command)
    }

    private mutating func split(_ argument: String) -> String {
        guard argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") else {
            lastOption = argument
            return argument
        }
        attached = String(argument[argument.index(after: equals)...])
        lastOption = String(argument[..<equals])
        return lastOption
    }
}
