// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
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

/// What is to leave the spool without being sent.
package enum SpoolRemoval: Equatable, Sendable {
    /// All that is pending. `{"verb":"spool-drop","all":true}`
    case all
    /// Groups that are older. `{"verb":"spool-drop","before_ms":1790000000000}`
    case before(WallTime)
    /// One group. `{"verb":"spool-drop","sid":"...","lane":"data","group":7}`
    case group(GroupIdentity)

    init(_ value: JSONValue) throws(ControlRequest.Fault) {
        if value["all"] == .boolean(true) {
            self = .all
        } else if let milliseconds = value["before_ms"]?.integer {
            let (nanoseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
            guard !overflow else { throw .badField }
            self = .before(WallTime(nanoseconds: nanoseconds))
        } else if let stream = value["sid"]?.text.flatMap({ StreamID(text: $0) }),
            let lane = value["lane"]?.text.flatMap({ Lane(text: $0) }),
            let group = value["group"]?.integer.flatMap({ UInt32(exactly: $0) })
        {
            self = .group(GroupIdentity(stream: stream, lane: lane, group: group))
        } else {
            throw .badField
        }
    }
}
