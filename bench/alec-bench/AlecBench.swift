// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Measures the codec and the agent: `alec-bench sizes|speed|costs|agent`. Prints one JSON object
/// a line.
@main
enum AlecBench {
    static let help = """
        Measures the codec on series of readings. Every frame is decoded again and compared.
        Measures the agent between the line and the spool.

          alec-bench sizes --data DIR               bytes of each set, five ways of framing
          alec-bench speed --data DIR [--passes N]  ns per reading of each set, best of N passes
          alec-bench costs [--passes N]             single messages, emitters, many channels,
                                                    allocations, memory; needs no data
          alec-bench agent --state DIR [--passes N] ns and requests for memory of a reading on its
                                                    way from the line to the spool, each stage
          alec-bench lines KIND --rows N            the lines of it: csvWide, csvLong, jsonWide or
                                                    jsonLong, of 20 sensors each

        --data DIR holds CSV files, wide or long; in --state DIR spools are made, which stay.
        One JSON object is printed a line.

        """

    static func main() {
        var arguments = CommandLine.arguments.dropFirst()
        guard let command = arguments.popFirst() else { return finish(help, status: 64) }
        if command == "lines", let kind = arguments.popFirst() {
            return printLines(kind, Array(arguments))
        }
        var directory: String?
        var state: String?
        var passes = 5
        while let option = arguments.popFirst() {
            let value = arguments.popFirst()
            switch (option, value) {
            case ("--data", let path?): directory = path
            case ("--state", let path?): state = path
            case ("--passes", let text?) where Int(text).map({ $0 > 0 }) ?? false:
                passes = Int(text) ?? passes
            default:
                return finish(
                    "\(option) is not an option, or lacks its value\n\n\(help)", status: 64)
            }
        }
        switch (command, directory, state) {
        case ("sizes", let path?, nil): measureSizes(path)
        case ("speed", let path?, nil): measureSpeed(path, passes: passes)
        case ("costs", nil, nil): CostReport.run(passes: passes)
        case ("agent", nil, let path?): AgentReport.run(folder: path, passes: passes)
        case ("help", _, _), ("--help", _, _): finish(help, status: 0)
        default: finish(help, status: 64)
        }
    }

    private static func printLines(_ name: String, _ options: [String]) {
        let kind = AgentText.allCases.first { "\($0)" == name }
        guard let kind, options.count == 2, options[0] == "--rows", let rows = Int(options[1])
        else { return finish(help, status: 64) }
        AgentReport.printText(kind, rows: rows)
    }

    private static func measureSizes(_ directory: String) {
        for set in load(directory) {
            for (n, k) in [(60, 50), (10, 50), (1, 50), (60, 1), (10, 1)] {
                let run = FrameRun(set, samples: n, framesPerGroup: k)
                JSONLine.show([
                    ("set", .text(set.name)), ("n", .count(n)), ("k", .count(k)),
                    ("readings", .count(run.readings)), ("frames", .count(run.frames)),
                    ("payload_bytes", .count(run.payloadBytes)),
                    ("head_bytes", .count(run.headBytes)),
                ])
            }
        }
    }

    private static func measureSpeed(_ directory: String, passes: Int) {
        for set in load(directory) {
            for (n, k) in [(60, 50), (10, 50), (1, 50), (60, 1)] {
                var best = FrameRun(set, samples: n, framesPerGroup: k)
                for _ in 1..<passes {
                    let run = FrameRun(set, samples: n, framesPerGroup: k)
                    best.encodeTime = min(best.encodeTime, run.encodeTime)
                    best.decodeTime = min(best.decodeTime, run.decodeTime)
                }
                let readings = Double(best.readings)
                JSONLine.show([
                    ("set", .text(set.name)), ("n", .count(n)), ("k", .count(k)),
                    ("encode_ns", .number(Double(best.encodeTime) / readings)),
                    ("decode_ns", .number(Double(best.decodeTime) / readings)),
                ])
            }
        }
    }

    private static func load(_ directory: String) -> [DataSet] {
        let sets = DataSet.all(in: directory)
        if sets.isEmpty { finish("no readable CSV file in \(directory)\n", status: 66) }
        return sets
    }

    private static func finish(_ text: String, status: Int32) {
        _ = Output.write(text, to: status == 0 ? STDOUT_FILENO : STDERR_FILENO)
        exit(status)
    }
}
