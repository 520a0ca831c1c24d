// SPDX-License-Identifier: Apache-2.0

internal import GatewayAgent
internal import HostSystem
internal import LineProtocols

/// Asks an agent that runs on this machine.
enum AgentQuestion {
    /// The answer to a verb, as text and read; and where it came from.
    struct Answer {
        var path: String
        var bytes: [UInt8]
        var value: JSONValue
    }

    static func ask<Host: CommandHost>(
        _ verb: String, _ place: Options.AgentPlace, on host: inout Host
    ) throws(CommandError) -> Answer {
        try ask(line: "{\"verb\":\"\(verb)\"}", place, on: &host)
    }

    /// The same for a verb with fields.
    static func ask<Host: CommandHost>(
        line text: String, _ place: Options.AgentPlace, on host: inout Host
    ) throws(CommandError) -> Answer {
        let line = Array((text + "\n").utf8)
        var failure: CommandError?
        for path in paths(place, host) {
            let bytes: [UInt8]
            do throws(SystemError) {
                bytes = try host.ask(path, line.span)
            } catch {
                failure = .noAnswer(path: path, error)
                // Whoever is there and does not answer is the one that was meant.
                if error.isMissingFile { continue }
                break
            }
            let text = bytes.last == 0x0A ? Array(bytes.dropLast()) : bytes
            guard let value = try? JSONValue.read(text.span), case .object = value else {
                throw .badAnswer(path: path)
            }
            return Answer(path: path, bytes: bytes, value: value)
        }
        throw failure ?? .badAnswer(path: "")
    }

    /// Where the socket may be: as said, or as a service and its directory have it.
    private static func paths<Host: CommandHost>(
        _ place: Options.AgentPlace, _ host: Host
    ) -> [String] {
        if let socket = place.socket { return [socket] }
        if let directory = place.stateDirectory ?? host.variable("ALEC_STATE_DIR") {
            return [StateDirectory(directory).control]
        }
        let usual = StateDirectory(Options.Spool().stateDirectory)
        let runtime = host.variable("RUNTIME_DIRECTORY") ?? "/run/alec"
        return [usual.control(runtimeDirectory: runtime), usual.control]
    }
}
