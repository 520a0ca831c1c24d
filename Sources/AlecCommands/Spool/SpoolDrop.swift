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
        guard options.hasChoice else {
            host.tell(
                Notes.message(
                    "alec spool drop: it was not said what to drop",
                    next: "--all, --priority P, --before S or --group N"))
            return .usage
        }
        guard options.isConfirmed else { return try foretell(options, on: &host) }
        let removed: (groups: Int, readings: Int)
        do throws(SpoolError) {
            // The lock of the directory: a running agent has it.
            var spool = try Spool(PosixStorage(directory: state.spool), SpoolSettings())
            removed = try spool.remove {
                isWanted($0.identity.group, $0.priority, $0.lastTime, options)
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

    private static func isWanted(
        _ group: UInt32, _ priority: Int, _ lastTime: Int64, _ options: Options.Spool
    ) -> Bool {
        if let wanted = options.dropPriority, priority != wanted { return false }
        if let before = options.dropBefore, lastTime >= before { return false }
        if let number = options.dropGroup, group != UInt32(number) { return false }
        return true
    }

    /// Says what would go, and leaves it.
    private static func foretell<Host: CommandHost>(
        _ options: Options.Spool, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        var walk = try SpoolWalk(options, includesHistory: false)
        var groups: [GroupIdentity: (priority: Int?, readings: Int, lastTime: Int64)] = [:]
        while let step = try walk.next() {
            guard case .item(let item) = step, item.header.kind == .frame else { continue }
            let header = item.header
            let urgency = header.priorities.indices.first { header.priorities[$0] > 0 }
            var sum = groups[header.frame.group] ?? (nil, 0, .min)
            if let urgency { sum.priority = min(sum.priority ?? 5, urgency + 1) }
            sum.readings += Int(header.readings)
            sum.lastTime = max(sum.lastTime, header.lastTime)
            groups[header.frame.group] = sum
        }
        let wanted = groups.filter {
            isWanted($0.key.group, $0.value.priority ?? 3, $0.value.lastTime, options)
        }
        let readings = wanted.values.reduce(0) { $0 + $1.readings }
        host.tell(
            Notes.message(
                "alec spool drop: groups=\(wanted.count) readings=\(readings) would be dropped; "
                    + "nothing was",
                next: "the same with --yes drops them"))
        return .usage
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
        // As a service, the agent of the usual directory has its socket elsewhere.
        let isUsual = options.stateDirectory == Options.Spool().stateDirectory
        let isSearched = isUsual && host.variable("ALEC_STATE_DIR") == nil
        let place = Options.AgentPlace(stateDirectory: isSearched ? nil : options.stateDirectory)
        let answer = try AgentQuestion.ask(
            line: "{" + fields.joined(separator: ",") + "}", place, on: &host)
        guard answer.value["ok"]?.boolean == true, let groups = answer.value["groups"]?.integer,
            let readings = answer.value["readings"]?.integer
        else { throw .badAnswer(path: answer.path) }
        try host.print("dropped groups=\(groups) readings=\(readings)\n")
        return .success
    }
}
