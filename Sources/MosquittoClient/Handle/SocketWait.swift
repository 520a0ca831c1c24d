// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What the connection's socket is ready for.
struct SocketState {
    var isReadable = false
    var isWritable = false
}

/// Waits for the socket, the wake descriptor and the time.
struct SocketWait {
    /// The library wants to look at its timers once a second.
    private static let longestNanoseconds: Int64 = 1_000_000_000

    private let milliseconds: CInt

    /// Until the monotonic clock shows `deadline`.
    init(until deadline: Int64, isConnection: Bool) {
        var time = timespec()
        // Fails only for clocks that do not exist; the pointer is to a local.
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        let now = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        let span = deadline > now ? deadline.subtractingReportingOverflow(now).partialValue : 0
        let bounded = isConnection ? min(span, Self.longestNanoseconds) : span
        // Rounded up, as whoever wakes a little early would only wait again.
        milliseconds = CInt(clamping: bounded / 1_000_000 + (bounded % 1_000_000 == 0 ? 0 : 1))
    }

    /// Negative descriptors are left out.
    func wait(
        socket: CInt, wantsWrite: Bool, wake: CInt
    ) throws(ClientError) -> SocketState {
        try Self.poll(socket, wantsWrite, wake, milliseconds)
    }

    /// What the socket is ready for now.
    static func look(socket: CInt, wantsWrite: Bool) throws(ClientError) -> SocketState {
        try poll(socket, wantsWrite, -1, 0)
    }

    private static func poll(
        _ socket: CInt, _ wantsWrite: Bool, _ wake: CInt, _ milliseconds: CInt
    ) throws(ClientError) -> SocketState {
        var list = [
            pollfd(fd: socket, events: CShort(POLLIN | (wantsWrite ? POLLOUT : 0)), revents: 0),
            pollfd(fd: wake, events: CShort(POLLIN), revents: 0),
        ]
        // The kernel writes into as many elements as it is told that there are.
        let count = unsafe Glibc.poll(&list, nfds_t(list.count), milliseconds)
        guard count >= 0 || errno == EINTR else { throw .system(code: errno) }
        let came = count > 0 ? CInt(list[0].revents) : 0
        // An error is learned by reading.
        return SocketState(
            isReadable: came & (POLLIN | POLLHUP | POLLERR | POLLNVAL) != 0,
            isWritable: came & POLLOUT != 0)
    }
}
