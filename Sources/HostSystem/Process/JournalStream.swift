// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Whether what the process says goes straight into the journal of systemd.
package enum JournalStream {
    /// True where stderr is the stream that the journal gave to this process.
    package static var isStandardError: Bool {
        guard let value = Environment.value("JOURNAL_STREAM") else { return false }
        var status = stat()
        // The kernel fills in a local.
        guard unsafe fstat(2, &status) == 0 else { return false }
        return value == "\(status.st_dev):\(status.st_ino)"
    }
}
