// SPDX-License-Identifier: Apache-2.0

internal import GatewayAgent
internal import GatewayCore
internal import StoreAndForward

/// `alec spool drop`: gives groups of a stopped agent's spool up.
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
            throw .spool(path: state.spool, error)
        }
        try host.print("dropped groups=\(removed.groups) readings=\(removed.readings)\n")
        return .success
    }
}
