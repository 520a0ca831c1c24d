// SPDX-License-Identifier: Apache-2.0

/// What a reading costs on its way from the line to the spool, stage by stage.
enum AgentReport {
    /// Moments of twenty sensors in a pass: a million readings.
    private static let rows = 50_000

    static func run(folder: String, passes: Int) {
        for kind in AgentText.allCases {
            let text = kind.bytes(rows: rows)
            let runs = (0..<passes).map { pass in
                AgentRun(text, kind, folder: "\(folder)/\(kind)-\(pass)")
            }
            show(kind, text.count, runs)
        }
    }

    /// The text of `alec run`, for measuring the whole process.
    static func printText(_ kind: AgentText, rows: Int) {
        _ = Output.write(kind.bytes(rows: rows), to: 1)
    }

    private static func show(_ kind: AgentText, _ bytes: Int, _ runs: [AgentRun]) {
        let stages: [(String, KeyPath<AgentRun, Cost>)] = [
            ("split", \.split), ("parse", \.parse), ("window", \.window), ("encode", \.encode),
            ("append", \.append), ("between", \.between), ("whole", \.whole),
        ]
        for (name, path) in stages {
            let readings = Double(runs[0].readings)
            let times = runs.map { Double($0[keyPath: path].nanoseconds) / readings }.sorted()
            let requests = runs.map { $0[keyPath: path].allocations }.sorted()
            JSONLine.show([
                ("lines", .text(kind.rawValue)), ("stage", .text(name)),
                ("least", .number(times[0])), ("median", .number(times[times.count / 2])),
                ("most", .number(times[times.count - 1])),
                ("allocations", .count(requests[requests.count / 2])),
                ("readings", .count(runs[0].readings)),
                ("frames", .count(runs[0].frames)), ("frame_bytes", .count(runs[0].frameBytes)),
                ("text_bytes", .count(bytes)),
            ])
        }
    }
}
