// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatewayCore

/// What a port sends, as a script, and what becomes of it.
@Suite struct LineFramingTests {
    static let start = MonotonicInstant(nanoseconds: 7)

    /// Bytes in words: `a` bytes without a newline, `n` bytes with one, `.` 100 ms of nothing.
    /// In the answer `-` is kept bytes, `s` bytes to be skipped, `E`, `D`, `B` a silence that
    /// ends, drops, begins a line.
    static func answer(_ script: String, idle: Duration = .milliseconds(200)) -> String {
        var framing = LineFraming(idle: idle, at: start)
        var now = start
        var answer = ""
        for step in script {
            switch step {
            case ".":
                now = now + .milliseconds(100)
                switch framing.advance(to: now) {
                case nil: break
                case .endLine: answer += "E"
                case .dropLine: answer += "D"
                case .beginLine: answer += "B"
                }
                #expect(framing.advance(to: now) == nil)
            default:
                switch framing.took(hasNewline: step == "n", at: now) {
                case .keep: answer += "-"
                case .skip: answer += "s"
                }
            }
        }
        return answer
    }

    @Test(arguments: [
        // The first bytes come at once: a part of a line.
        ("n", "s"), ("an", "s-"), (".n", "s"), ("nnn", "s--"),
        // Silence first: a line from its beginning.
        ("..n", "-"), ("...an", "--"),
        // Newlines end lines: then no silence does, and the end of half a line is waited for.
        ("..na....an..", "---" + "-"), ("n..a.....n", "s--"),
        // A sketch that prints the name, measures for a while, and prints the value.
        ("..a...n..a...n", "-D---"), ("a..n", "sD-"),
        // No newline, ever: two silences tell, and then each ends a line.
        ("..a..a..a..a..", "-D-B-E-E"), ("a..a..a..", "sD-B-E"), ("..a.a.a..", "---D"),
        // A newline after all.
        ("..a..a..n...a...n", "-D-B---"), ("..a..a..a..a.n..a..", "-D-B-E---"),
        // Nothing is nothing.
        ("........", ""),
    ])
    func silencesAndNewlines(script: String, expected: String) {
        #expect(Self.answer(script) == expected, "\(script)")
    }

    @Test(arguments: [("..n", "s"), ("a....a....n", "s--"), ("....", "")])
    func withoutAnIdleTimeOnlyNewlinesCount(script: String, expected: String) {
        #expect(Self.answer(script, idle: .zero) == expected)
    }

    @Test func silenceIsToldWhenItIsDue() {
        var machine = SourceMachine(.serial, idle: .milliseconds(200), at: Self.start)
        machine.opened(at: Self.start)
        #expect(machine.deadline == nil)
        _ = machine.took(hasNewline: false, at: Self.start + .milliseconds(250))
        #expect(machine.deadline == Self.start + .milliseconds(450))
        #expect(machine.advance(to: Self.start + .milliseconds(449)) == nil)
        #expect(machine.advance(to: Self.start + .milliseconds(450)) == .dropLine)
        machine.droppedPart()
        _ = machine.took(hasNewline: false, at: Self.start + .milliseconds(500))
        #expect(machine.advance(to: Self.start + .milliseconds(700)) == .beginLine)
        _ = machine.took(hasNewline: false, at: Self.start + .milliseconds(900))
        #expect(machine.advance(to: Self.start + .milliseconds(1100)) == .endLine)
        #expect(machine.status.silentLines == 1 && machine.status.partialLines == 1)
        // After it was opened again nothing is known of it.
        _ = machine.lost(.hungUp, at: Self.start + .milliseconds(1200))
        machine.opened(at: Self.start + .milliseconds(1300))
        #expect(machine.took(hasNewline: false, at: Self.start + .milliseconds(1300)) == .skip)
    }
}
