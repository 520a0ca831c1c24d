// SPDX-License-Identifier: Apache-2.0

internal import LineProtocols

/// The state of a breaker as it is kept over a restart of the process.
///
///     {"boot":"0b6a…","at":81230000000,"state":"open","until":81260000000,"openings":2}
///
/// Times are those of the monotonic clock and mean something within one boot only. A file of
/// another boot is passed over: a wall clock that jumped could keep a breaker open for years.
package struct SavedBreaker: Equatable, Sendable {
    /// Older than this it only says that the first attempt is a probe.
    package static let ageLimit = Duration.seconds(600)
    /// No file of ours is larger.
    package static let byteLimit = 1024

    /// The boot in which it was written.
    package var boot: String
    /// When.
    package var savedAt: MonotonicInstant
    /// What the breaker did.
    package var mode: CircuitBreaker.Mode
    /// Until when it was open; without meaning in other states.
    package var until: MonotonicInstant
    /// Openings since it was last closed for long.
    package var openingsInARow: Int

    /// A state.
    package init(
        boot: String, savedAt: MonotonicInstant, mode: CircuitBreaker.Mode,
        until: MonotonicInstant, openingsInARow: Int
    ) {
        self.boot = boot
        self.savedAt = savedAt
        self.mode = mode
        self.until = until
        self.openingsInARow = openingsInARow
    }

    /// Reads a file; nil for anything that is not wholly understood, as a guess could only harm.
    package init?(_ bytes: Span<UInt8>) {
        guard bytes.count <= Self.byteLimit, let object = try? Message.read(bytes).value,
            let boot = object["boot"]?.text, let at = object["at"]?.integer,
            let mode = object["state"]?.text.flatMap(CircuitBreaker.Mode.init(rawValue:)),
            let until = object["until"]?.integer,
            let openings = object["openings"]?.integer, (0...64).contains(openings)
        else { return nil }
        self.init(
            boot: boot, savedAt: MonotonicInstant(nanoseconds: at), mode: mode,
            until: MonotonicInstant(nanoseconds: until), openingsInARow: Int(openings))
    }

    /// The file.
    package var payload: [UInt8] {
        var writer = MessageWriter()
        writer.key("boot")
        writer.value(Array(boot.utf8))
        writer.key("at")
        writer.value(savedAt.nanoseconds)
        writer.key("state")
        writer.value(Array(mode.rawValue.utf8))
        writer.key("until")
        writer.value(until.nanoseconds)
        writer.key("openings")
        writer.value(Int64(openingsInARow))
        return writer.finish()
    }
}
