// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec

/// Damage of `.alec` files in words.
enum FaultText {
    typealias Words = (what: String, cause: String?, next: String)

    private static let goOn = "alec decode --keep-going skips damage and goes on"

    static func words(_ fault: StreamFault) -> Words {
        switch fault.reason {
        case .header(let error): header(error)
        case .record(let error):
            (
                "no frame begins here (\(reason(error)))",
                "bytes were changed, lost or added on the way", goOn
            )
        case .frame(let error): frame(error)
        case .missingFrames:
            (
                "frames that it builds on are missing",
                "a part of the file was cut out, or its frames were put in another order", goOn
            )
        case .repeated:
            (
                "its number was there before",
                "a part of the file was copied twice, or bytes were changed", goOn
            )
        case .missingTable(let id):
            (
                "the table \(CountText.hexadecimal(id)) that names its sensors did not come "
                    + "before it",
                "the table was damaged or cut off",
                "alec decode --keep-going goes on and calls the sensors ?0, ?1 and so on"
            )
        case .totals(let expected, let found):
            (
                "the end mark counts \(expected.frames) frames with \(expected.readings) readings, "
                    + "but there are \(found.frames) with \(found.readings)",
                "frames were cut out of the file", "take the file from its source again"
            )
        case .noEndMark:
            (
                "the file ends without an end mark: the last frames may be missing",
                "it is still being written, or the writing or copying was cut short",
                "what came out until here is right; take the file from its source again"
            )
        }
    }

    private static func header(_ error: DecodeError) -> Words {
        switch error {
        case .truncated(let at):
            (
                at == 0 ? "the input is empty" : "the input ends inside the file header", nil,
                "check what writes it; an .alec file without readings has 23 bytes"
            )
        case .unsupported(.fileVersion(let version), _):
            (
                "it has version \(version) of the file format, and this program reads version 1",
                "it was made by a later version of alec", "use that version"
            )
        case .badCheck:
            (
                "the file header is damaged", "bytes were changed on the way",
                "take the file from its source again"
            )
        case .unsupported, .malformed, .limit:
            (
                "this is no .alec file", "it is text, or packed, or something else",
                "alec encode makes .alec files of CSV, JSON lines and Influx lines"
            )
        }
    }

    private static func frame(_ error: DecodeError) -> Words {
        switch error {
        case .unsupported:
            (
                "made by a later version (\(reason(error)))", nil,
                "use that version, or --keep-going to leave such frames out"
            )
        case .truncated, .malformed, .badCheck, .limit:
            (reason(error), "bytes were changed or lost on the way", goOn)
        }
    }

    /// The reason by itself, as a clause.
    static func reason(_ error: DecodeError) -> String {
        switch error {
        case .truncated: "the frame is too short"
        case .unsupported(let what, _): unsupported(what)
        case .malformed(let what, _): malformed(what)
        case .badCheck: "the check differs"
        case .limit(let what, _): limit(what)
        }
    }

    private static func unsupported(_ what: Unsupported) -> String {
        switch what {
        case .anchoredFrame, .anchorMark: "anchored frames are not known yet"
        case .compactIntegrity: "short checks are not known yet"
        case .profile(let number): "profile \(number) is not known"
        case .extendedFrame(let kind): "frames of kind \(kind) are not known"
        case .preload: "preloads are not known yet"
        case .reservedBits: "reserved bits are set"
        case .fileVersion(let version): "version \(version) is not known"
        case .timeUnit(let unit): "time unit \(unit) is not known"
        }
    }

    private static func malformed(_ what: Malformation) -> String {
        switch what {
        case .recordLength: "the length makes no sense"
        case .fileMark: "no file begins here"
        case .varint: "a number in the head is not written as numbers are"
        case .index: "the index makes no sense"
        case .lane: "the lane does not exist"
        case .basePriority: "the base priority does not exist"
        case .tableEntry: "an entry of the table makes no sense"
        case .tableName: "a name of the table cannot be one"
        case .tableText: "a unit of the table cannot be one"
        case .trailingBytes: "bytes are left over"
        case .unnamedChannels: "it has more sensors than its table names"
        case .numberTooLong, .codeExhausted, .channelCount, .sampleCount, .noChannel,
            .tooManyReadings, .unknownKind, .divisor, .lattice, .reference, .rank, .correction,
            .exponent, .annotation:
            "no encoder writes this payload (fault \(what.rawValue))"
        }
    }

    private static func limit(_ what: DecodeLimit) -> String {
        switch what {
        case .frameBytes(let count): "\(count) bytes are too many for a frame"
        case .channels(let count): "\(count) channels are too many"
        case .readings(let count): "\(count) readings are too many for so few bytes"
        }
    }
}
