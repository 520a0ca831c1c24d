// SPDX-License-Identifier: Apache-2.0

/// Why a source gives nothing, or stopped to.
package enum SourceReason: Equatable, Sendable {
    /// Nothing is plugged in, or there is no such program.
    case absent
    /// Another process reads it.
    case busy
    /// The rights of this process do not suffice.
    case denied
    /// The device cannot do the speed.
    case unsupportedRate
    /// The other side is gone: unplugged, or a pipe that ended.
    case hungUp
    /// It claimed to have bytes again and again, and gave none.
    case dead
    /// A command ended with this status.
    case exited(Int32)
    /// A command was ended by this signal.
    case killed(Int32)
    /// A call failed with this `errno`.
    case system(Int32)
}

/// How a source is, for pages that people look at.
package struct SourceStatus: Equatable, Sendable {
    /// What it is doing.
    package enum State: Equatable, Sendable, CaseIterable {
        /// It is not there, and tried again and again.
        case waiting
        case open
        /// A command gives nothing any more, and its end is waited for.
        case ending
        /// It ended for good.
        case over
    }

    package internal(set) var state: State
    /// When the state began.
    package internal(set) var since: MonotonicInstant
    /// Why it is not open, or was not before; nil as long as nothing ever went wrong.
    package internal(set) var reason: SourceReason?
    /// How often it was opened.
    package internal(set) var opens = 0
    /// How often it was lost after that.
    package internal(set) var losses = 0
    /// Lines whose beginning or end is missing, which were dropped.
    package internal(set) var partialLines = 0
    /// Lines that ended by silence and not by a newline.
    package internal(set) var silentLines = 0
    /// Lines longer than a line may be, which were dropped.
    package var overlongLines = 0

    /// A source that has been in `state` since the moment.
    package init(state: State, since: MonotonicInstant) {
        self.state = state
        self.since = since
    }
}
