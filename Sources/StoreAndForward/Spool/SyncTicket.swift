// SPDX-License-Identifier: Apache-2.0

/// What has to be forced to the disk now; to be run outside of the spool's lock.
///
/// A ticket that is dropped leaves all as it was: the next one contains the same again.
package struct SyncTicket: Sendable {
    /// Everything below is on the disk when `run` has succeeded.
    package let place: UInt64
    /// The segments, each with its bytes when the ticket was made.
    let files: [(number: UInt32, byteCount: Int)]
    /// Which change of the directory was the last.
    let directoryChange: Int
    let barrier: SyncBarrier

    /// Waits until it is on the disk.
    package func run() throws(SpoolError) { try barrier() }
}
