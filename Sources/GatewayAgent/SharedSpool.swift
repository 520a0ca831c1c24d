// SPDX-License-Identifier: Apache-2.0

package import GatewayConfiguration
internal import GatewayCore
package import StoreAndForward
internal import Synchronization

/// The spool, as the agent's threads share it. The lock is held for reads and writes of records,
/// which the kernel answers from memory, and never for a sync.
package final class SharedSpool: Sendable {
    private let spool: Mutex<Spool<ChosenStorage>>

    /// Shares `spool`.
    package init(_ spool: consuming sending Spool<ChosenStorage>) { self.spool = Mutex(spool) }

    /// Works on the spool while no other thread does.
    package func with<Result: ~Copyable, Failure: Error>(
        _ body: (inout Spool<ChosenStorage>) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try spool.withLock { spool throws(Failure) in try body(&spool) }
    }
}

extension SpoolSettings {
    /// The bounds of the agent's spool.
    package init(_ bounds: SpoolBounds, isDurable: Bool) {
        self.init(
            maximumBytes: bounds.maximumBytes, segmentBytes: bounds.segmentBytes,
            historyBytes: bounds.historyBytes, isDurable: isDurable)
        evicts = true
        minimumFreeBytes = bounds.minimumFreeBytes
        minimumFreePercent = bounds.minimumFreePercent
        let lives = [bounds.lifeP1, bounds.lifeP2, bounds.lifeP3, bounds.lifeP4, bounds.lifeP5]
        for (i, life) in lives.enumerated() {
            timeToLive[i] = life.components.seconds * 1_000_000_000
        }
    }
}

extension SpoolBounds {
    /// Whether data frames wait for room, rather than make others go.
    func waits(for inputs: [InputSettings]) -> Bool {
        switch fullPolicy {
        case .auto: inputs.allSatisfy { $0.place == .standardInput }
        case .evict: false
        case .wait: true
        }
    }
}

extension AgentShared {
    /// Tells the counts what the spool gave up.
    func count(_ lost: LostReadings) {
        if lost.isEmpty { return }
        count { counts in
            for reason in LossReason.allCases {
                let amount = lost[reason]
                switch reason {
                case .evicted: counts.lose(amount.stored, deferred: amount.deferred, .evicted)
                case .expired: counts.lose(amount.stored, deferred: amount.deferred, .expired)
                case .quarantined: counts.quarantine(amount.readings)
                case .operatorRemoved:
                    counts.lose(amount.stored, deferred: amount.deferred, .operatorRemoved)
                case .damaged: counts.lose(amount.stored, deferred: amount.deferred, .damaged)
                }
            }
        }
    }
}
