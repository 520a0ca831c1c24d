// SPDX-License-Identifier: Apache-2.0

package import GatewayCore
internal import LineProtocols

/// What somebody on this machine asks of the agent: a line with a JSON object, as
/// `{"verb":"status"}`.
package enum ControlRequest: Equatable, Sendable {
    /// How everything is.
    case status
    /// The inputs alone.
    case sources
    /// The spool alone.
    case spool
    /// Removes what waits in the spool.
    case dropFromSpool(SpoolRemoval)
    /// Reads the settings again.
    case reload

    /// The longest line.
    package static let byteLimit = 4096

    /// Why a line is no request.
    package enum Fault: String, Error, Equatable, Sendable {
        case tooLong = "too_long"
        case noJSON = "no_json"
        case unknownVerb = "unknown_verb"
        /// A field is missing, or not what it must be.
        case badField = "bad_field"
    }

    /// What the line asks for.
    package init(_ line: Span<UInt8>) throws(Fault) {
        guard line.count <= Self.byteLimit else { throw .tooLong }
        guard let value = try? JSONValue.read(line), let verb = value["verb"]?.text else {
            throw .noJSON
        }
        switch verb {
        case "status": self = .status
        case "sources": self = .sources
        case "spool": self = .spool
        case "spool-drop": self = .dropFromSpool(try SpoolRemoval(value))
        case "reload": self = .reload
        default: throw .unknownVerb
        }
    }
}

/// Which groups are to leave the spool without being sent: those that fit all that is given.
///
///     {"verb":"spool-drop","priority":5,"before_ms":1790000000000}
///     {"verb":"spool-drop","group":7}
///     {"verb":"spool-drop","all":true}
package struct SpoolRemoval: Equatable, Sendable {
    /// The best priority in the group, 1 to 5.
    package var priority: Int?
    /// All readings of the group are older.
    package var before: WallTime?
    package var group: UInt32?

    /// All groups.
    package init() {}

    init(_ value: JSONValue) throws(ControlRequest.Fault) {
        priority = try Self.number(value["priority"], in: 1...5).map { Int($0) }
        before = try Self.number(value["before_ms"], in: 0...(.max / 1_000_000)).map {
            WallTime(nanoseconds: $0 * 1_000_000)
        }
        group = try Self.number(value["group"], in: 0...Int64(UInt32.max)).map { UInt32($0) }
        // To leave out what was meant is not to mean everything.
        let isAll = self == SpoolRemoval()
        guard isAll == (value["all"]?.boolean ?? false) else { throw .badField }
    }

    private static func number(
        _ value: JSONValue?, in range: ClosedRange<Int64>
    ) throws(ControlRequest.Fault) -> Int64? {
        guard let value else { return nil }
        guard let number = value.integer, range.contains(number) else { throw .badField }
        return number
    }

    /// Whether a group goes.
    package func takes(priority: Int, lastTime: Int64, group: UInt32) -> Bool {
        if let wanted = self.priority, wanted != priority { return false }
        if let before, lastTime >= before.nanoseconds { return false }
        if let wanted = self.group, wanted != group { return false }
        return true
    }
}
