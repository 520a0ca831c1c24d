// SPDX-License-Identifier: Apache-2.0

internal import GatewayCore
internal import HostSystem
internal import StoreAndForward

/// The body of the sync thread: forces frames to the disk, so that a slow card stalls neither the
/// inputs nor the link.
package struct SyncStage {
    /// After a failed sync the next one comes so much later.
    private static let retryPause = Duration.seconds(1)

    private let spool: SharedSpool
    private let shared: AgentShared
    private var fault: SpoolError?

    /// Syncs `spool` as it is asked to by way of `shared`.
    package init(spool: SharedSpool, shared: AgentShared) {
        self.spool = spool
        self.shared = shared
    }

    /// Works until the agent has ended, and syncs a last time then.
    package mutating func run() {
        while shared.phase != .ended {
            let deadline = shared.syncDeadline
            let now = MonotonicClock.instant
            guard let deadline, now >= deadline else {
                var items = [PollItem(descriptor: shared.wakeSync.descriptor)]
                _ = try? Poller.wait(on: &items, until: deadline?.nanoseconds)
                shared.wakeSync.clear()
                continue
            }
            sync()
        }
        sync()
    }

    /// Forces all that was appended until now to the disk.
    package mutating func sync() {
        shared.syncBegins()
        // Before the ticket: what it says is appended is then in the spool that the ticket sees.
        let before = shared.progress.progress
        let (ticket, end) = spool.with { ($0.beginSync(), $0.endPlace) }
        guard let ticket else {
            settle(end: end)
            return
        }
        do throws(SpoolError) {
            try ticket.run()
            let synced = spool.with { spool in
                spool.endSync(ticket)
                return spool.syncedPlace
            }
            tidy()
            note(before, below: synced)
            if fault != nil { shared.log.info("spool.sync_resumed") }
            fault = nil
            shared.setSyncFault(false)
            settle(end: end)
        } catch {
            spool.with { $0.failSync(ticket) }
            if fault == nil { shared.log.error("spool.sync_failed", "error=\(error)") }
            fault = error
            shared.setSyncFault(true)
            shared.requestSync(within: Self.retryPause)
        }
    }

    /// Gives up what waited too long, and gives room back that is not needed any more.
    ///
    /// Here, as losses must be on the disk before what they speak of goes.
    private mutating func tidy() {
        let now = WallClock.nanoseconds
        do throws(SpoolError) {
            try spool.with { spool throws(SpoolError) in
                defer { shared.count(spool.takeLost()) }
                _ = try spool.expire(at: now)
                try spool.trim()
            }
            shared.roomMayHaveAppeared()
        } catch {
            shared.log.warning("spool.failed", "error=\(error)")
        }
    }

    /// Tells the progress page that all of `before` is on the disk, if that is so: after a failed
    /// sync a ticket may end before what could not be written again.
    private func note(_ before: AgentProgress, below synced: UInt64) {
        guard before.appendedPlace == 0 || before.appendedPlace < synced else { return }
        shared.progress.update { page in
            page.synced = max(page.synced, before.appended)
            page.syncedReadings = max(page.syncedReadings, before.appendedReadings)
            page.syncedPlace = max(page.syncedPlace, before.appendedPlace)
        }
    }

    /// Asks for one more sync where not all below `end` is on the disk, and tells the link.
    private func settle(end: UInt64) {
        if spool.with({ $0.syncedPlace }) < end { shared.requestSync(within: Self.retryPause) }
        shared.wakeLink.raise()
    }
}
