// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import HostSystem
import MosquittoClient
import Testing

/// A real mosquitto on a port of the loopback, ended with the value.
final class Broker {
    private static let program = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Where continuous integration runs, a missing broker is a failure and nothing to skip.
    static let isExpected = program != nil || ProcessInfo.processInfo.environment["CI"] != nil

    let port: UInt16
    private let folder: URL
    private var process: pid_t = 0

    init() throws {
        let program = try #require(Self.program, "mosquitto is not installed")
        // Somebody may take the port before the broker does; then connecting fails loudly.
        port = try ScriptedPeer().port
        folder = FileManager.default.temporaryDirectory
            .appending(path: "alec-broker-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "mosquitto.conf")
        let lines = [
            "listener \(port) 127.0.0.1", "allow_anonymous true", "persistence false",
            "user root", "log_type none", "max_packet_size 100000",
        ]
        try Data(lines.joined(separator: "\n").utf8).write(to: file)
        let words: [String] = [program, "-c", file.path(percentEncoded: false)]
        let arguments = words.map { strdup($0) }
        defer { for argument in arguments { free(argument) } }
        let code = posix_spawn(&process, program, nil, nil, arguments + [nil], nil)
        #expect(code == 0)
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Ends this one process. It inherited from the thread of the test that all signals but this
    /// one are blocked.
    func stop() {
        guard process > 0 else { return }
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
        process = 0
    }
}
