// SPDX-License-Identifier: Apache-2.0

/// Why the spool did not do it. It can be asked again afterwards, whatever the error was.
package enum SpoolError: Error, Equatable, Sendable {
    /// `maximumBytes` are pending: wait until something was acknowledged.
    case full
    /// The disk has no space left (ENOSPC, EDQUOT); what is in the spool stays as it is.
    case noSpace
    /// The operating system refused with this `errno`.
    case storage(code: Int32)
    /// The segment of this group is not written any more: begin a new group.
    case groupSealed
    /// The body or the prefix is longer than a record may hold.
    case tooLarge(byteCount: Int)
    /// The record at this place does not have its check any more.
    case damaged(at: UInt64)
    /// The segment of this place was removed.
    case removed(UInt64)
    /// A newer program wrote this directory.
    case unsupportedVersion(UInt16, segment: UInt32)
    /// Another process has the directory.
    case inUse
    /// The directory was opened for reading only.
    case readOnly
}
