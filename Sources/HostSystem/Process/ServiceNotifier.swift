// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Tells the service manager how the service is, in systemd's protocol. Without a manager it does
/// nothing.
package struct ServiceNotifier: Sendable {
    private let socketPath: String?
    /// How often the manager wants to hear `watchdog()`; nil if it does not.
    package let watchdogNanoseconds: Int64?

    /// As the environment of the process says.
    package init() {
        self.init(
            socketPath: Environment.value("NOTIFY_SOCKET"),
            watchdogMicroseconds: Environment.value("WATCHDOG_USEC"),
            watchdogProcess: Environment.value("WATCHDOG_PID"))
    }

    /// As the variables say, with the names that systemd gives them.
    package init(
        socketPath: String?, watchdogMicroseconds: String? = nil, watchdogProcess: String? = nil
    ) {
        self.socketPath = socketPath.flatMap { $0.isEmpty ? nil : $0 }
        let isMeant = watchdogProcess.map { Int32($0) == getpid() } ?? true
        watchdogNanoseconds = watchdogMicroseconds.flatMap { Int64($0) }
            .flatMap { isMeant && $0 > 0 && $0 <= .max / 1000 ? $0 * 1000 : nil }
    }

    /// The service works from now on.
    @discardableResult
    package func ready() -> Bool { send("READY=1") }

    /// The service reads its settings again; `ready` says when it is done.
    @discardableResult
    package func reloading() -> Bool {
        send("RELOADING=1\nMONOTONIC_USEC=\(MonotonicClock.nanoseconds / 1000)")
    }

    /// One line for people, shown by `systemctl status`.
    @discardableResult
    package func status(_ line: String) -> Bool { send("STATUS=\(line)") }

    /// The service is ending.
    @discardableResult
    package func stopping() -> Bool { send("STOPPING=1") }

    /// The service is alive.
    @discardableResult
    package func watchdog() -> Bool { send("WATCHDOG=1") }

    /// True if the manager got it. A manager that does not listen is no reason to stop.
    private func send(_ message: String) -> Bool {
        guard let socketPath else { return false }
        let kind = CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let number = socket(AF_UNIX, kind, 0)
        guard number >= 0 else { return false }
        defer { close(number) }

        var path = Array(socketPath.utf8)
        // An at sign stands for the zero byte of an address without a file.
        if path[0] == UInt8(ascii: "@") { path[0] = 0 }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        // Fewer bytes than the field has, as just checked.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let bytes = Array(message.utf8)
        // `sendto` reads `length` bytes of the address and `count` of the message.
        let sent = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe sendto(
                    number, bytes, bytes.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT),
                    generic, length)
            }
        }
        return sent == bytes.count
    }
}
