// SPDX-License-Identifier: Apache-2.0

/// Where the lines of a serial port begin and end, as far as newlines do not tell.
///
/// A port is opened in the middle of a line, unless it was silent first: then what comes is a line
/// from its beginning. A device that ends its lines by silence alone is known by two silences
/// without any newline before. One that sends newlines may pause within a line for as long as it
/// likes: half a number would be a wrong number.
struct LineFraming: Equatable, Sendable {
    /// What to do with bytes that came.
    enum Start: Equatable, Sendable {
        case keep
        /// They begin within a line: drop all up to the first newline.
        case skip
    }

    /// What a silence means.
    enum Silence: Equatable, Sendable {
        /// What came is a line.
        case endLine
        /// What came is a part of a line; what follows is one too, up to a newline.
        case dropLine
        /// What came last is a part of a line, and the next byte begins one.
        case beginLine
    }

    private enum State: Equatable, Sendable {
        /// Nothing came since it was opened.
        case quiet
        /// Bytes came, without a newline.
        case firstBytes
        /// Silence came after them.
        case firstSilence
        /// More bytes came, again without a newline.
        case moreBytes
        /// Newlines end the lines.
        case newlines
        /// Silence ends the lines.
        case silences
        /// The same, and a line has begun.
        case silencesInLine
    }

    /// So long nothing comes between two lines that have no newline; zero: they always have.
    private let idle: Duration
    private var state = State.quiet
    /// When it was opened, or gave the last byte.
    private var last: MonotonicInstant

    /// A port that was opened at `now`.
    init(idle: Duration, at now: MonotonicInstant) {
        self.idle = idle
        last = now
    }

    /// Bytes came, with a newline among them or not.
    mutating func took(hasNewline: Bool, at now: MonotonicInstant) -> Start {
        let isPartial = state == .quiet && (idle == .zero || now - last < idle)
        last = now
        switch state {
        case .quiet, .firstBytes: state = hasNewline ? .newlines : .firstBytes
        case .firstSilence, .moreBytes: state = hasNewline ? .newlines : .moreBytes
        case .silences, .silencesInLine: state = hasNewline ? .newlines : .silencesInLine
        case .newlines: break
        }
        return isPartial ? .skip : .keep
    }

    /// When a silence means something; nil while bytes are awaited, or newlines.
    var deadline: MonotonicInstant? {
        guard idle > .zero else { return nil }
        switch state {
        case .firstBytes, .moreBytes, .silencesInLine: return last + idle
        case .quiet, .firstSilence, .newlines, .silences: return nil
        }
    }

    /// What the silence until `now` means; nil while it means nothing.
    mutating func advance(to now: MonotonicInstant) -> Silence? {
        guard let deadline, now >= deadline else { return nil }
        switch state {
        case .firstBytes:
            state = .firstSilence
            return .dropLine
        case .moreBytes:
            state = .silences
            return .beginLine
        case .silencesInLine:
            state = .silences
            return .endLine
        case .quiet, .firstSilence, .newlines, .silences: return nil
        }
    }
}
