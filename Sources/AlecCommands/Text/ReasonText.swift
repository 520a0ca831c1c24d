// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import LineProtocols

/// Why a reading got its priority, in words without commas.
enum ReasonText {
    static func append(_ reason: Classification.Reason, to text: inout TextBuffer) {
        switch reason {
        case .base: text.append("as usual")
        case .notANumber: text.append("not a number")
        case .infinite: text.append("infinite")
        case .tooLow(_, let limit): append("below the limit ", limit, to: &text)
        case .tooHigh(_, let limit): append("above the limit ", limit, to: &text)
        case .stillLow(_, let clearsAt): append("not yet back at ", clearsAt, to: &text)
        case .stillHigh(_, let clearsAt): append("not yet back at ", clearsAt, to: &text)
        case .step(let size, let maximum):
            append("a step of ", size, to: &text)
            append(" where ", maximum, to: &text)
            text.append(" is allowed")
        case .rate(let perSecond, let maximum):
            append("a change of ", perSecond, to: &text)
            append(" per second where ", maximum, to: &text)
            text.append(" is allowed")
        case .change(let old): append("another value than ", old, to: &text)
        case .held(let nanoseconds):
            append("still lifted after seconds: ", Double(nanoseconds) / 1e9, to: &text)
        case .surprise(let ratio, let expected):
            text.append(Array(CountText.fixed(ratio, places: 1).utf8).span)
            append(" times the usual distance from ", expected, to: &text)
        }
    }

    private static func append(
        _ words: StaticString, _ number: Double, to text: inout TextBuffer
    ) {
        text.append(words)
        NumberText.appendForCSV(number, to: &text)
    }
}
