// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatewayCore
import StoreAndForward
import TestSupport
import Testing

/// A large backlog: how soon it is open and how much memory that takes.
///
/// `ALEC_BACKLOG_MIB` says how large; without it a small one keeps the code right.
@Suite struct BacklogTests {
    @Test func backlogOpensByItsIndexes() throws {
        let environment = ProcessInfo.processInfo.environment
        let size = (environment["ALEC_BACKLOG_MIB"].flatMap { Int($0) } ?? 8) << 20
        let directory = try TemporaryFolder()
        let path = directory.path + "/spool"
        let settings = SpoolSettings(maximumBytes: 2 * size, segmentBytes: 1 << 20)
        let written = try Self.fill(path, settings, size)

        let start = ContinuousClock.now
        var spool = try Spool(try PosixStorage(directory: path), settings)
        let opened = ContinuousClock.now
        let first = try spool.next(from: 0, includingHistory: false)
        let read = ContinuousClock.now
        #expect(first != nil)
        #expect(spool.recovery.pendingReadings == written)
        #expect(spool.recovery.badRecords == 0)
        #expect(spool.statistics.loads == 1)
        print(
            "backlog MiB=\(size >> 20) open=\(opened - start) first=\(read - opened)",
            "rss_kB=\(Self.residentKilobytes())")
    }

    private static func fill(_ path: String, _ settings: SpoolSettings, _ size: Int) throws -> Int {
        var spool = try Spool(try PosixStorage(directory: path), settings)
        var group: UInt32 = 0
        var readings = 0
        while spool.statistics.pendingBytes < size {
            for index in 0..<8 as Range<UInt32> {
                let frame = SpoolFrame(group, index, count: 4000)
                try spool.append(frame)
                readings += frame.readings
            }
            group += 1
            if group % 64 == 0 { spool.sync() }
        }
        for _ in 0..<4 { spool.sync() }
        return readings
    }

    private static func residentKilobytes() -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
            return 0
        }
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS") } ?? ""
        return line.split(separator: " ").compactMap { Int($0) }.first ?? 0
    }
}
