// SPDX-License-Identifier: Apache-2.0

/// Why readings left the spool without an acknowledgement.
package enum LossReason: UInt8, CaseIterable, Sendable {
    /// Readings that matter more, or newer ones, needed the room.
    case evicted = 1
    /// They waited longer than readings of their priority may.
    case expired = 2
    /// Brokers refuse the group; it is kept aside.
    case quarantined = 3
    /// An operator removed it.
    case operatorRemoved = 4
    /// The disk does not give it back.
    case damaged = 5
}
