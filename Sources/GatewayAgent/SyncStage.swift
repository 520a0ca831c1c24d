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
        // Before the ticket: what it says is appended is then covered by it.
        let before = shared.progress.progress
        let ticket = spool.with { $0.beginSync() }
        guard let ticket else { return }
        do throws(SpoolError) {
            try ticket.run()
            spool.with { $0.endSync(ticket) }
            shared.progress.update { page in
                page.synced = max(page.synced, before.appended)
                page.syncedReadings = max(page.syncedReadings, before.appendedReadings)
                page.syncedPlace = max(page.syncedPlace, before.appendedPlace)
            }
            if fault != nil { shared.log.info("spool.sync_resumed") }
            fault = nil
            shared.setSyncFault(false)
            shared.wakeLink.raise()
        } catch {
            spool.with { $0.failSync(ticket) }
            if fault == nil { shared.log.error("spool.sync_failed", "error=\(error)") }
            fault = error
            shared.setSyncFault(true)
            shared.requestSync(within: Self.retryPause)
        }
    }
}
