// SPDX-License-Identifier: Apache-2.0

/// Keeps one place that readings come from alive: when to open it, what the bytes of a half line
/// are, when to give it up and when to try again.
///
/// It never ends by itself, but for stdin, which ends once. Whoever holds the descriptor tells
/// what happened and does what is ordered.
package struct SourceMachine: Equatable, Sendable {
    /// What kind of place.
    package enum Kind: Equatable, Sendable, CaseIterable {
        /// stdin: open from the start, and over when it ends.
        case stream
        /// A device that comes and goes; its lines may begin and end in the middle.
        case serial
        /// A command that is started again when it ends.
        case command
    }

    /// What to do now.
    package enum Order: Equatable, Sendable {
        case open
        /// What came is a line, though it has no newline.
        case endLine
        /// What came is a part of a line; all up to the next newline is another one.
        case dropLine
        /// What came is a part of a line; the next byte begins one.
        case beginLine
        /// Ask the command to end.
        case terminate
        /// End the command.
        case kill
    }

    /// What to do with bytes that came.
    package enum Start: Equatable, Sendable {
        case keep
        /// They begin within a line: drop all up to the first newline.
        case skip
    }

    /// What becomes of a source that gives nothing more.
    package enum Loss: Equatable, Sendable {
        /// Close it: it is opened again when `advance` says so.
        case close
        /// The command's end is waited for: tell `ended`.
        case awaitEnd
        /// It was not open: nothing is to be done.
        case ignore
    }

    /// The times between attempts, and how long a command may take to end.
    package enum Limits {
        package static let firstPause = Duration.milliseconds(250)
        package static let longestPause = Duration.seconds(5)
        /// A source that was open for so long is sound: the pauses begin anew.
        package static let sound = Duration.seconds(5)
        /// Between attempts that a change of the folder of devices brings about.
        package static let leastPause = Duration.milliseconds(10)
        /// How long a command that closed its output may take to end, and again when asked to.
        package static let ending = Duration.seconds(2)
        /// So often in a row a source may wake and give nothing.
        package static let emptyWakes = 100
    }

    private enum State: Equatable, Sendable {
        case waiting(until: MonotonicInstant)
        case open
        /// `isAsked`: the command was told to end.
        case ending(until: MonotonicInstant, isAsked: Bool)
        case killed
        case over
    }

    /// How the source is.
    package var status: SourceStatus
    private let kind: Kind
    private let idle: Duration
    private var state: State
    private var framing: LineFraming
    private var pause = Limits.firstPause
    private var lastAttempt: MonotonicInstant?
    /// When the folder of devices last changed while the source was open.
    private var lastNotice: MonotonicInstant?
    private var emptyWakes = 0
    /// Told since it was last open.
    private var toldReason: SourceReason?

    /// A source that is not open yet, but for a stream. `idle` is how long nothing comes between
    /// two lines of a device that ends them by silence; zero where none does.
    package init(_ kind: Kind, idle: Duration, at now: MonotonicInstant) {
        self.kind = kind
        self.idle = kind == .serial ? idle : .zero
        framing = LineFraming(idle: self.idle, at: now)
        switch kind {
        case .stream:
            state = .open
            status = SourceStatus(state: .open, since: now)
            status.opens = 1
        case .serial, .command:
            state = .waiting(until: now)
            status = SourceStatus(state: .waiting, since: now)
        }
    }

    /// When `advance` has something to do; nil while only the source itself has.
    package var deadline: MonotonicInstant? {
        switch state {
        case .waiting(let until), .ending(let until, _): until
        case .open: framing.deadline
        case .killed, .over: nil
        }
    }

    /// What is due at `now`; to be asked until it answers nil.
    package mutating func advance(to now: MonotonicInstant) -> Order? {
        switch state {
        case .waiting(let until):
            guard now >= until else { return nil }
            lastAttempt = now
            // Whoever does not tell what came of it gets the order again, and not at once.
            state = .waiting(until: now + pause)
            return .open
        case .open:
            switch framing.advance(to: now) {
            case nil: return nil
            case .endLine:
                status.silentLines += 1
                return .endLine
            case .dropLine: return .dropLine
            case .beginLine: return .beginLine
            }
        case .ending(let until, let isAsked):
            guard now >= until else { return nil }
            state =
                isAsked ? .killed : .ending(until: now + Limits.ending, isAsked: true)
            return isAsked ? .kill : .terminate
        case .killed, .over:
            return nil
        }
    }

    /// The order to open succeeded.
    package mutating func opened(at now: MonotonicInstant) {
        guard case .waiting = state else { return }
        state = .open
        status.opens += 1
        emptyWakes = 0
        toldReason = nil
        framing = LineFraming(idle: idle, at: now)
        move(to: .open, at: now)
    }

    /// The order to open failed. True if that is worth a message: each reason once until the
    /// source is open again.
    package mutating func refused(_ reason: SourceReason, at now: MonotonicInstant) -> Bool {
        guard case .waiting = state else { return false }
        wait(at: now)
        status.reason = reason
        defer { toldReason = reason }
        return toldReason != reason
    }

    /// The folder of devices changed: what is not there is looked for at once.
    package mutating func noticed(at now: MonotonicInstant) {
        guard kind == .serial else { return }
        guard case .waiting(let until) = state else {
            lastNotice = now
            return
        }
        let earliest = lastAttempt.map { $0 + Limits.leastPause } ?? now
        state = .waiting(until: min(until, max(now, earliest)))
    }

    /// Bytes came, with a newline among them or not.
    package mutating func took(hasNewline: Bool, at now: MonotonicInstant) -> Start {
        emptyWakes = 0
        guard kind == .serial, state == .open else { return .keep }
        switch framing.took(hasNewline: hasNewline, at: now) {
        case .keep: return .keep
        case .skip: return .skip
        }
    }

    /// It was said to have bytes, and had none. The reason to give it up, if that is to be done:
    /// a dead descriptor wakes for ever.
    package mutating func wokeInVain(isHungUp: Bool) -> SourceReason? {
        if isHungUp { return .hungUp }
        emptyWakes += 1
        return emptyWakes >= Limits.emptyWakes ? .dead : nil
    }

    /// It gives nothing more.
    package mutating func lost(_ reason: SourceReason, at now: MonotonicInstant) -> Loss {
        guard state == .open else { return .ignore }
        status.reason = reason
        if now - status.since >= Limits.sound { pause = Limits.firstPause }
        switch kind {
        case .stream:
            state = .over
            move(to: .over, at: now)
            return .close
        case .serial:
            status.losses += 1
            wait(at: now)
            move(to: .waiting, at: now)
            // The device may have come back before its loss was seen.
            if let notice = lastNotice, now - notice < Limits.firstPause { noticed(at: now) }
            lastNotice = nil
            return .close
        case .command:
            status.losses += 1
            state = .ending(until: now + Limits.ending, isAsked: false)
            move(to: .ending, at: now)
            return .awaitEnd
        }
    }

    /// The command that was waited for ended.
    package mutating func ended(_ reason: SourceReason, at now: MonotonicInstant) {
        switch state {
        case .ending, .killed: break
        case .waiting, .open, .over: return
        }
        status.reason = reason
        wait(at: now)
        move(to: .waiting, at: now)
    }

    /// A part of a line was dropped.
    package mutating func droppedPart() { status.partialLines += 1 }

    /// The next attempt comes later each time.
    private mutating func wait(at now: MonotonicInstant) {
        state = .waiting(until: now + pause)
        pause = min(pause * 2, Limits.longestPause)
    }

    private mutating func move(to next: SourceStatus.State, at now: MonotonicInstant) {
        status.state = next
        status.since = now
    }
}
