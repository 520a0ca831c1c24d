// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import HostSystem
import Testing

/// A real mosquitto on a port of the loopback that can be killed and started again there.
final class RestartableBroker {
    private static let program = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Where continuous integration runs, a missing broker is a failure and nothing to skip.
    static let isExpected = program != nil || ProcessInfo.processInfo.environment["CI"] != nil

    private(set) var port: UInt16 = 0
    private let file: URL
    private var process: Process?

    /// On a port that nobody has: one that is taken ends the broker at once.
    init(in folder: TemporaryFolder) throws {
        file = URL(fileURLWithPath: folder.path).appending(path: "mosquitto.conf")
        for _ in 0..<20 {
            port = UInt16.random(in: 20_000..<32_000)
            let lines = [
                "listener \(port) 127.0.0.1", "allow_anonymous true", "persistence false",
                "log_type none",
            ]
            try Data(lines.joined(separator: "\n").utf8).write(to: file)
            try start()
            if !wait(0.2, until: { process?.isRunning == false }) { return }
        }
        Issue.record("no port is free")
    }

    deinit { kill() }

    func start() throws {
        let process = Process()
        process.executableURL = URL(
            fileURLWithPath: try #require(Self.program, "mosquitto is not installed"))
        process.arguments = ["-c", file.path]
        try process.run()
        self.process = process
    }

    /// Ends this one process, as a power cut would.
    func kill() {
        guard let process else { return }
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        self.process = nil
    }
}

/// A folder that goes with the value.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "alec-integration-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        path = url.path
    }

    deinit {
        // What a failed test leaves is in the way of nobody.
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Waits for a condition, at most `limit` seconds; false if it did not come.
func wait(_ limit: Double = 30, until condition: () -> Bool) -> Bool {
    let end = Date().addingTimeInterval(limit)
    while !condition() {
        if Date() > end { return false }
        usleep(500)
    }
    return true
}
