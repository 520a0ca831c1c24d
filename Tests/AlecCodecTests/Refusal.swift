// SPDX-License-Identifier: Apache-2.0

import AlecCodec

/// What a decoder answers, as a word with a dot: what vectors list and tests compare.
enum Refusal {
    static func of(_ frame: [UInt8], by decoder: inout FrameDecoder) -> String {
        var batch = ReadingBatch()
        return of(frame, by: &decoder, into: &batch)
    }

    static func of(
        _ frame: [UInt8], by decoder: inout FrameDecoder, into batch: inout ReadingBatch
    ) -> String {
        do {
            switch try decoder.decode(frame.span, into: &batch) {
            case .decoded: return "decoded"
            case .duplicate: return "duplicate"
            case .needsKey: return "needsKey"
            }
        } catch {
            return name(error)
        }
    }

    static func name(_ error: DecodeError) -> String {
        switch error {
        case .truncated: "truncated"
        case .unsupported(let what, _): "unsupported." + Self.word("\(what)")
        case .malformed(let what, _): "malformed.\(what)"
        case .badCheck: "badCheck"
        case .limit(let what, _): "limit." + Self.word("\(what)")
        }
    }

    /// Without what a case carries.
    private static func word(_ text: String) -> String {
        String(text.prefix { $0 != "(" })
    }
}
