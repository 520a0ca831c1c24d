// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What a thread waits for on one descriptor, and what came.
package struct PollItem: Equatable, Sendable {
    /// Negative: ignored, so that a place can stay in the list without its source.
    package var descriptor: CInt
    /// Waits for data, or for the end of it.
    package var wantsRead: Bool
    /// Waits for room.
    package var wantsWrite: Bool
    /// Data, or its end, can be read.
    package var isReadable = false
    /// There is room to write.
    package var isWritable = false
    /// The other side is gone or the descriptor failed; there may still be data to read.
    package var isHungUp = false

    /// Waits on `descriptor`.
    package init(descriptor: CInt, wantsRead: Bool = true, wantsWrite: Bool = false) {
        self.descriptor = descriptor
        self.wantsRead = wantsRead
        self.wantsWrite = wantsWrite
    }
}

/// Waits for descriptors and for a moment.
package enum Poller {
    /// Waits until an item is ready or the monotonic clock shows `deadlineNanoseconds`; nil for
    /// ever, a moment that has passed not at all. How many items are ready: 0 when the time came,
    /// or when a signal was handled.
    @discardableResult
    package static func wait(
        on items: inout [PollItem], until deadlineNanoseconds: Int64?
    ) throws(SystemError) -> Int {
        var list = items.map { item in
            pollfd(
                fd: item.descriptor,
                events: CShort((item.wantsRead ? POLLIN : 0) | (item.wantsWrite ? POLLOUT : 0)),
                revents: 0)
        }
        let timeout = milliseconds(until: deadlineNanoseconds)
        // The kernel writes into as many elements as it is told that there are.
        let count = unsafe poll(&list, nfds_t(list.count), timeout)
        guard count >= 0 || errno == EINTR else { throw .last }
        for i in items.indices {
            let came = count > 0 ? CInt(list[i].revents) : 0
            items[i].isReadable = came & POLLIN != 0
            items[i].isWritable = came & POLLOUT != 0
            items[i].isHungUp = came & (POLLHUP | POLLERR | POLLNVAL) != 0
        }
        return max(0, Int(count))
    }

    /// Rounded up, as whoever wakes a little early would only poll again.
    private static func milliseconds(until deadline: Int64?) -> CInt {
        guard let deadline else { return -1 }
        let now = Int64(clamping: MonotonicClock.nanoseconds)
        guard deadline > now else { return 0 }
        let (span, overflow) = deadline.subtractingReportingOverflow(now)
        guard !overflow else { return .max }
        return CInt(clamping: span / 1_000_000 + (span % 1_000_000 == 0 ? 0 : 1))
    }
}
