// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import HostSystem
internal import LineProtocols

/// All that the program says on stderr. What went wrong, what probably caused it, what to do next;
/// nowhere else is text made of an error.
enum Notes {
    /// An error in three lines.
    static func message(_ what: String, cause: String? = nil, next: String) -> String {
        var text = what + "\n"
        if let cause { text += "  cause: " + cause + "\n" }
        return text + "  next:  " + next + "\n"
    }

    private static func message(_ words: RunText.Words) -> String {
        message(words.what, cause: words.cause, next: words.next)
    }

    private static func name(_ path: String?) -> String { path ?? "stdin" }

    private static func quoted(_ text: String) -> String { "\"" + text + "\"" }

    // MARK: errors that end a command

    static func text(_ error: CommandError) -> String {
        switch error {
        case .usage(let fault): usage(fault)
        case .cannotOpen(let path, let error): cannotOpen(path, error)
        case .cannotRead(let path, let error):
            message(
                "\(name(path)): cannot be read: \(system(error))",
                next: path == nil ? "check what feeds the pipe" : "check the file and its device")
        case .cannotWrite(let error):
            message(
                "stdout: cannot be written: \(system(error))",
                next: "make room, or write to another place; the output so far is incomplete")
        case .cannotCreate(let path, let error):
            message(
                "\(path): cannot be written: \(system(error))",
                next: error.isPresentFile
                    ? "name another file, or take that one away; nothing is overwritten"
                    : "name another file, or - to see it here")
        case .noAnswer(let path, let error): message(StatusText.noAnswer(path, error))
        case .badAnswer(let path):
            message(
                "alec: what answers at \(path) is no alec run of this version",
                next: "use the program that the agent runs")
        case .outputClosed: ""
        case .badLine(let fault): badLine(fault)
        case .damagedFile(let fault, let path): damagedFile(fault, path)
        case .configuration(let error): ConfigurationText.text(error)
        case .agent(let error): message(RunText.words(error))
        case .spool(let path, let error): message(RunText.spool(path, error))
        case .receiver(let error): ReceiverText.text(error)
        }
    }

    private static func usage(_ fault: UsageFault) -> String {
        switch fault {
        case .unknownCommand(let word):
            message(
                "alec: there is no command \(quoted(word))"
                    + hint(word, CommandName.allCases.map(\.rawValue)),
                next: "alec help")
        case .unknownOption(let option, let command):
            message(
                "alec \(command.rawValue): there is no option \(quoted(option))"
                    + hint(option, HelpText.options(of: command)),
                next: "alec help \(command.rawValue)")
        case .missingValue(let option, let command):
            message(
                "alec \(command.rawValue): \(option) needs a value",
                next: "alec help \(command.rawValue)")
        case .needlessValue(let option, let command):
            message(
                "alec \(command.rawValue): \(option) takes no value",
                next: "leave out what stands behind the \"=\"")
        case .badValue(let option, let value, let expected, let command):
            message(
                "alec \(command.rawValue): \(option) cannot be \(quoted(value))",
                cause: "it is \(expected)", next: "alec help \(command.rawValue)")
        case .twoFiles(let first, let second, let command):
            message(
                "alec \(command.rawValue): one file at a time, not \(quoted(first)) and "
                    + quoted(second),
                next: forSeveralFiles(command))
        case .needlessFile(let file, let command):
            message(
                "alec \(command.rawValue): it takes no file, so what is \(quoted(file))?",
                next: "alec help \(command.rawValue)")
        case .unknownAction(let action, let known, let command):
            message(
                "alec \(command.rawValue): "
                    + (action.map { "there is no action \(quoted($0))" } ?? "an action is missing"),
                cause: "it is " + known.joined(separator: " or "),
                next: "alec help \(command.rawValue)")
        case .outputIsTerminal:
            message(
                "alec encode: the output is binary and this is a terminal",
                next: "alec encode FILE > FILE.alec")
        }
    }

    private static func forSeveralFiles(_ command: CommandName) -> String {
        switch command {
        case .inspect, .decode: "join .alec files with cat and pipe them in"
        case .spool: "name one state directory"
        case .serial: "name one device"
        case .check, .`init`, .config: "name one file"
        case .encode, .classify, .run, .receive, .simulate, .help, .status, .reload:
            "pipe the files in, one behind the other"
        }
    }

    /// The word that was perhaps meant: the nearest, if it is near.
    private static func hint(_ word: String, _ known: [String]) -> String {
        nearest(word, known).map { "; is it \(quoted($0))?" } ?? ""
    }

    static func nearest(_ word: String, _ known: [String]) -> String? {
        let near = known.map { (word: $0, distance: EditDistance.between(word, $0)) }
            .min { $0.distance < $1.distance }
        guard let near, near.distance <= max(2, word.count / 3) else { return nil }
        return near.word
    }

    private static func cannotOpen(_ path: String, _ error: SystemError) -> String {
        let next =
            error.isOfDevice
            ? "alec serial list tells what is plugged in"
            : error.isMissingFile
                ? "check the name, or leave it out to read stdin" : "check who may read it"
        return message("\(path): cannot be opened: \(system(error))", next: next)
    }

    private static func system(_ error: SystemError) -> String { error.name }

    private static func badLine(_ fault: LineFault) -> String {
        let place = "\(name(fault.path)):\(fault.line):\(fault.column): "
        let words = LineText.words(fault)
        return message(place + words.what, cause: words.cause, next: words.next)
    }

    private static func damagedFile(_ fault: StreamFault, _ path: String?) -> String {
        let words = FaultText.words(fault)
        return message(
            "\(name(path)): " + place(fault) + words.what, cause: words.cause, next: words.next)
    }

    private static func place(_ fault: StreamFault) -> String {
        switch fault.reason {
        case .header, .totals: ""
        case .noEndMark: "at byte \(fault.offset): "
        case .record, .frame, .missingFrames, .repeated, .missingTable:
            (fault.frame.map { "frame \($0) " } ?? "") + "at byte \(fault.offset): "
        }
    }

    // MARK: what is said while a command goes on

    static func firstRefused(_ fault: LineFault) -> String {
        let words = LineText.words(fault)
        return "\(name(fault.path)):\(fault.line):\(fault.column): \(words.what); "
            + "the line is left out, and so are others like it\n"
    }

    static func refusedLines(_ count: Int) -> String {
        "alec: " + CountText.counted(count, "line was", "lines were") + " left out\n"
    }

    static func skippedValues(_ count: Int) -> String {
        "alec: " + CountText.counted(count, "value was", "values were")
            + " left out: texts, lists and objects are no readings, and of remarks only q and p"
            + " are known\n"
    }

    static func absentValues(_ count: Int) -> String {
        "alec: " + CountText.counted(count, "null was", "nulls were")
            + " left out: a sensor without a value gives no reading\n"
    }

    static func unknownSensor(_ sensor: String) -> String {
        "alec: no sensor is called \(quoted(sensor)); what was said of it had no effect\n"
    }

    static func fault(_ fault: StreamFault, path: String?) -> String {
        "\(name(path)): " + place(fault) + FaultText.words(fault).what + "\n"
    }

    static func resumed(offset: Int, skipped: Int) -> String {
        "  goes on at byte \(offset), " + CountText.counted(skipped, "byte", "bytes") + " further\n"
    }

    /// That damage reaches to the end, as a clause.
    static func endLost(_ bytes: Int) -> String {
        "  nothing can be read in the " + CountText.counted(bytes, "byte", "bytes")
            + " from there to the end"
    }

    static func lostEnd(bytes: Int) -> String { endLost(bytes) + "\n" }

    static let uncountedLoss =
        "alec: the end mark is lost too: how many readings it took is not known\n"

    static func damage(faults: Int, skippedBytes: Int, lost: ContainerTotals) -> String {
        var text = "alec: " + CountText.counted(faults, "place was", "places were") + " damaged"
        if skippedBytes > 0 {
            text += ", " + CountText.counted(skippedBytes, "byte", "bytes") + " skipped"
        }
        if lost.frames > 0 || lost.readings > 0 {
            text += ", " + CountText.counted(Int(clamping: lost.frames), "frame", "frames")
            text += " with "
            text += CountText.counted(Int(clamping: lost.readings), "reading", "readings")
            text += " lost"
        }
        return text + "\n"
    }

    static func unknownFrames(_ count: Int) -> String {
        "alec: " + CountText.counted(count, "frame", "frames")
            + " of a later version left out; what it says is not in the output\n"
    }

    static func alteredNaNs(_ count: Int) -> String {
        "alec: " + CountText.counted(count, "NaN", "NaNs")
            + " lost the bits that tell it from others: JSON has no place for them, CSV has\n"
    }

    static func droppedReadings(_ count: Int, _ format: OutputFormat) -> String {
        let reason =
            format == .influx
            ? "Influx lines have no NaN, no infinities, and not every name"
            : "the sensors' names would make the header a long one"
        return "alec: " + CountText.counted(count, "reading was", "readings were")
            + " left out: \(reason); use --format csv\n"
    }

    static func priorities(_ counts: [Int]) -> String {
        var text = "alec: " + CountText.counted(counts.reduce(0, +), "reading", "readings")
        for (i, count) in counts.enumerated() where count > 0 {
            text += ", P\(i + 1) " + CountText.grouped(count)
        }
        return text + "\n"
    }
}

extension CommandError {
    /// What stderr says about it.
    var text: String { Notes.text(self) }
}
