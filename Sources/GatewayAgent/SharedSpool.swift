// SPDX-License-Identifier: Apache-2.0

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
