// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A real mosquitto on a port of the loopback that can be killed and started again there. It ends
/// with the value.
public final class BrokerProcess {
    private static let program = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Where continuous integration runs, a missing broker is a failure and nothing to skip.
    public static let isExpected =
        program != nil || ProcessInfo.processInfo.environment["CI"] != nil

    /// Why there is no broker.
    public enum Fault: Error {
        case notInstalled
        case noPort
        case notStarted(code: CInt)
    }

    /// Where it listens, a moment after it was started.
    public let port: UInt16
    private let folder: TemporaryFolder
    private var process: pid_t = 0

    /// Starts a broker that keeps nothing over a kill. `lines` are further lines of its settings.
    public init(_ lines: [String] = []) throws {
        // Somebody may take the port before the broker does; then connecting fails loudly.
        port = try Self.freePort()
        folder = try TemporaryFolder()
        let all = [
            "listener \(port) 127.0.0.1", "allow_anonymous true", "persistence false",
            "user root", "log_type none",
        ]
        try folder.write((all + lines).joined(separator: "\n") + "\n", "mosquitto.conf")
        try start()
    }

    deinit { kill() }

    /// Starts it again on its port.
    public func start() throws {
        kill()
        guard let program = Self.program else { throw Fault.notInstalled }
        let words: [String] = [program, "-c", folder.path(of: "mosquitto.conf")]
        let arguments = words.map { strdup($0) }
        defer { for argument in arguments { free(argument) } }
        let code = posix_spawn(&process, program, nil, nil, arguments + [nil], nil)
        guard code == 0 else { throw Fault.notStarted(code: code) }
    }

    /// Ends this one process, as a power cut would. No other signal may reach it, as it inherited
    /// from the thread of the test which ones are blocked.
    public func kill() {
        guard process > 0 else { return }
        Glibc.kill(process, SIGKILL)
        waitpid(process, nil, 0)
        process = 0
    }

    /// A port that was free a moment ago.
    private static func freePort() throws -> UInt16 {
        let probe = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(probe) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isKnown = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(probe, $0, length) == 0 && getsockname(probe, $0, &length) == 0
            }
        }
        guard isKnown else { throw Fault.noPort }
        return UInt16(bigEndian: address.sin_port)
    }
}
