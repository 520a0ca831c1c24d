// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import LineProtocols

@testable import GatewayReceiver

extension Simulation {
    /// What the receiver's file says.
    private struct Row {
        var frame: String
        var key: Feed.Key
    }

    /// Everything that was framed and kept is in the file once, and nothing else.
    func verify() throws {
        guard failures.isEmpty else { return }
        try excuseHeld()
        coverage.duplicates += receiver?.pipeline.counts.duplicates ?? 0
        coverage.rebuilt += receiver?.pipeline.counts.rebuilt ?? 0
        coverage.droppedHeld += receiver?.pipeline.held.dropped ?? 0
        let rows = rows()
        var counts: [String: Int] = [:]
        var seen: [Feed.Key: Int] = [:]
        for row in rows {
            counts[row.frame, default: 0] += 1
            seen[row.key, default: 0] += 1
        }
        for (frame, known) in ledger.frames {
            let found = counts.removeValue(forKey: Self.text(frame)) ?? 0
            if found != known.readings { judge(frame, known, found: found) }
        }
        for (frame, readings) in ledger.taken {
            let found = counts.removeValue(forKey: Self.text(frame)) ?? 0
            if found != 0 && found != readings { fail("\(found) of \(readings) of \(frame)") }
        }
        if let other = counts.first { fail("nobody made \(other.key)") }
        if plan.waitsForReceivers { verifyLines(seen) }
    }

    private func judge(_ frame: FrameIdentity, _ known: Ledger.Frame, found: Int) {
        guard !plan.waitsForReceivers, found == 0, let excuse = broker.unheard[known.bytes],
            ledger.accepted.contains(frame) || ledger.acknowledged.contains(frame.group)
        else {
            return fail("\(found) of \(known.readings) readings of \(frame) are in the file")
        }
        coverage.excused[excuse, default: 0] += 1
    }

    /// A feeder that goes on where the progress page says loses nothing, and doubles nothing but
    /// what a power cut or a mark in front of an alert makes it feed once more.
    private func verifyLines(_ seen: [Feed.Key: Int]) {
        let isExact = !plan.hasAlerts && !plan.hasPowerCuts
        for (i, line) in feed.lines.enumerated() {
            for reading in line.readings {
                let count = seen[Feed.Key(sensor: reading.sensor, time: reading.time)] ?? 0
                if count == 0 { fail("line \(i) was fed, and \(reading.sensor) did not arrive") }
                if isExact && count > 1 { fail("line \(i) arrived \(count) times") }
            }
        }
    }

    private func rows() -> [Row] {
        let text = String(decoding: receiverDisk.output.bytes, as: UTF8.self)
        var ids: Set<String> = []
        var portValues: Set<Double> = []
        var rows: [Row] = []
        for line in text.split(separator: "\n").dropFirst() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(
                String.init)
            guard cells.count == 7, let time = Int64(cells[0]), let value = Double(cells[3]) else {
                fail("a line of the file is `\(line)`")
                continue
            }
            if !ids.insert(cells[6]).inserted { fail("\(cells[6]) is in the file twice") }
            let key = Feed.Key(sensor: cells[2], time: time)
            if cells[2] == Self.port {
                // Its time is the clock's, so that the value says which reading it is.
                if value < 0 || value >= Double(portLines) || !portValues.insert(value).inserted {
                    fail("`\(line)` was not read, or is there twice")
                }
            } else if feed.bits[key] != value.bitPattern {
                fail("`\(line)` was never read")
            }
            rows.append(
                Row(
                    frame: cells[6].split(separator: ".").dropLast().joined(separator: "."),
                    key: key))
        }
        return rows
    }

    /// The sensor that the port brings.
    static let port = "p"

    static func text(_ frame: FrameIdentity) -> String {
        var text = TextBuffer(capacity: 32)
        frame.append(to: &text)
        return String(decoding: text.bytes, as: UTF8.self)
    }
}
