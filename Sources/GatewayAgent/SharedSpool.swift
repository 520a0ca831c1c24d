// SPDX-License-Identifier: Apache-2.0

package import StoreAndForward
internal import Synchronization

/// The spool, as the agent's threads share it. The lock is held for reads and writes of records,
/// which the kernel answers from memory, and never for a sync.
package final class SharedSpool: Sendable {
    private let spool: Mutex<Spool<PosixStorage>>

    /// Shares `spool`.
    package init(_ spool: consuming sending Spool<PosixStorage>) { self.spool = Mutex(spool) }

    /// Works on the spool while no other thread does.
    package func with<Result: ~Copyable, Failure: Error>(
        _ body: (inout Spool<PosixStorage>) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try spool.withLock { spool throws(Failure) in try body(&spool) }
    }
}
