// SPDX-License-Identifier: Apache-2.0

/// Words that some files may not use, each with what to do instead.
///
/// Only code counts: a comment may name what the code avoids.
struct WordRule: Sendable {
    /// The word, followed by `!` where the mark belongs to it, and the advice.
    var advice: [String: String]
    var applies: @Sendable (SourceFile) -> Bool

    func check(_ file: SourceFile) -> [Finding] {
        guard applies(file) else { return [] }
        return file.code.words.compactMap { word in
            let marked = word.after == UInt8(ascii: "!") ? word.text + "!" : word.text
            // A parameter label, as in `print(time: 1)`, is not the function of that name.
            guard let advice = advice[marked] ?? advice[word.text],
                word.after != UInt8(ascii: ":")
            else { return nil }
            return file.finding(word.line, "`\(marked)`: \(advice)")
        }
    }
}

extension WordRule {
    /// Targets that compute and do nothing else.
    static let pureTargets: Set = ["AlecCodec", "LineProtocols", "GatewayCore"]

    private static func isPure(_ file: SourceFile) -> Bool {
        file.isProduct && pureTargets.contains(file.target ?? "")
    }

    /// Clocks, waiting, output, threads and chance come from outside as arguments.
    static let pure = WordRule(
        advice: [
            "Date": "time comes in as an argument",
            "ContinuousClock": "time comes in as an argument",
            "SuspendingClock": "time comes in as an argument",
            "clock_gettime": "time comes in as an argument",
            "gettimeofday": "time comes in as an argument",
            "sleep": "give out a deadline, let the shell wait",
            "usleep": "give out a deadline, let the shell wait",
            "nanosleep": "give out a deadline, let the shell wait",
            "print": "return a value, let the shell tell",
            "debugPrint": "return a value, let the shell tell",
            "dump": "return a value, let the shell tell",
            "SystemRandomNumberGenerator": "take the generator as an argument",
            "Mutex": "one thread owns the value",
            "Task": "one thread owns the value",
            "async": "return orders, let the shell do them",
            "await": "return orders, let the shell do them",
            "any": "use a generic parameter; Embedded Swift has no existentials",
        ],
        applies: isPure
    )

    /// A dictionary needs a heap and a source of chance in Embedded Swift.
    static let codec = WordRule(
        advice: ["Dictionary": "use an array or a sorted table"],
        applies: { $0.isProduct && $0.target == "AlecCodec" }
    )

    /// Bytes from outside never trap the process.
    static let traps = WordRule(
        advice: [
            "try!": "handle the error or pass it on",
            "as!": "make the type known",
            "fatalError": "throw, or state a precondition that only our own misuse breaks",
        ],
        applies: \.isProduct
    )

    /// What brings the library of regular expressions along: a megabyte and a half of program.
    static let expressions = WordRule(
        advice: [
            "firstRange": "search by hand: regular expressions are 1.4 MB of program",
            "wholeMatch": "search by hand: regular expressions are 1.4 MB of program",
            "firstMatch": "search by hand: regular expressions are 1.4 MB of program",
            "trimmingPrefix": "search by hand: regular expressions are 1.4 MB of program",
            "replacing": "search by hand: regular expressions are 1.4 MB of program",
        ],
        applies: { $0.isProduct && $0.target != "alec-bench" }
    )

    /// A test that sleeps is slow on a fast machine and fails on a slow one.
    static let waiting = WordRule(
        advice: [
            "sleep": "virtual time, or wait for a condition in IntegrationTests",
            "usleep": "virtual time, or wait for a condition in IntegrationTests",
            "nanosleep": "virtual time, or wait for a condition in IntegrationTests",
        ],
        applies: { $0.isTest && $0.target != "IntegrationTests" }
    )
}
