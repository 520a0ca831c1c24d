// SPDX-License-Identifier: Apache-2.0

internal import GatewayAgent
internal import GatewayCore
internal import LineProtocols
internal import StoreAndForward

/// `alec spool drop`: gives groups of a spool up. A running agent does it itself, when asked.
enum SpoolDrop {
    static func run<Host: CommandHost>(
        _ options: Options.Spool, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        let state = StateDirectory(options.stateDirectory)
        guard options.isConfirmed else {
            try host.print("nothing is dropped without --yes\n")
            return .usage
        }
        let removed: (groups: Int, readings: Int)
        do throws(SpoolError) {
            // The lock of the directory: a running agent has it.
            var spool = try Spool(PosixStorage(directory: state.spool), SpoolSettings())
            removed = try spool.remove { group in
                if let priority = options.dropPriority, group.priority != priority { return false }
                if let before = options.dropBefore, group.lastTime >= before { return false }
                if let number = options.dropGroup, group.identity.group != UInt32(number) {
                    return false
                }
                return true
            }
            if let ticket = spool.beginSync() {
                try ticket.run()
                spool.endSync(ticket)
            }
        } catch {
            guard error == .inUse else { throw .spool(path: state.spool, error) }
            return try ask(options, on: &host)
        }
        try host.print("dropped groups=\(removed.groups) readings=\(removed.readings)\n")
        return .success
    }

    /// The agent that has the spool drops it.
    private static func ask<Host: CommandHost>(
        _ options: Options.Spool, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        var fields = ["\"verb\":\"spool-drop\""]
        if let priority = options.dropPriority { fields.append("\"priority\":\(priority)") }
        if let before = options.dropBefore { fields.append("\"before_ms\":\(before / 1_000_000)") }
        if let group = options.dropGroup { fields.append("\"group\":\(group)") }
        if fields.count == 1 { fields.append("\"all\":true") }
        let place = Options.AgentPlace(stateDirectory: options.stateDirectory)
        let answer = try AgentQuestion.ask(
            line: "{" + fields.joined(separator: ",") + "}", place, on: &host)
        guard answer.value["ok"]?.boolean == true, let groups = answer.value["groups"]?.integer,
            let readings = answer.value["readings"]?.integer
        else { throw .badAnswer(path: answer.path) }
        try host.print("dropped groups=\(groups) readings=\(readings)\n")
        return .success
    }
}
