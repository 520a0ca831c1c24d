// SPDX-License-Identifier: Apache-2.0

internal import GatewayAgent
internal import HostSystem
internal import StoreAndForward

/// `alec spool ls`: what a state directory holds. Only looks, also beside an agent that runs.
enum SpoolCommand {
    static func run<Host: CommandHost>(
        _ options: Options.Spool, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        let state = StateDirectory(options.stateDirectory)
        var spool = try open(state)
        try host.print(input(state, &spool) + SpoolPage.summary(spool.recovery) + SpoolPage.head)
        var place: UInt64 = 0
        var text = ""
        while let next = try line(&spool, &place, state) {
            text += next
            guard text.utf8.count >= Host.chunkBytes else { continue }
            try host.print(text)
            text = ""
        }
        try host.print(text)
        return .success
    }

    private static func open(
        _ state: StateDirectory
    ) throws(CommandError) -> Spool<PosixStorage> {
        do throws(SpoolError) {
            return try Spool(
                PosixStorage(directory: state.spool, access: .reading), SpoolSettings())
        } catch {
            throw .spool(path: state.spool, error)
        }
    }

    /// What the first record at or behind `place` is; `place` is then behind it.
    private static func line(
        _ spool: inout Spool<PosixStorage>, _ place: inout UInt64, _ state: StateDirectory
    ) throws(CommandError) -> String? {
        do throws(SpoolError) {
            guard let item = try spool.next(from: place, includingHistory: true) else { return nil }
            place = item.place + 1
            return SpoolPage.line(item)
        } catch {
            guard case .damaged(let damaged) = error else {
                throw .spool(path: state.spool, error)
            }
            place = damaged + 1
            return SpoolPage.damaged(damaged)
        }
    }

    /// How much of the input the spool holds, by the page of progress and the spool together.
    private static func input(
        _ state: StateDirectory, _ spool: inout Spool<PosixStorage>
    ) -> String {
        // Without a page, as in a copy of the spool alone, there is nothing to say.
        guard let page = (try? StateDirectory.progress(at: state.progress)) ?? nil else {
            return ""
        }
        return SpoolPage.input(page.resolved(in: &spool))
    }
}
