// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayAgent
internal import GatewayCore
internal import StoreAndForward

/// `alec spool verify`: checks every byte and names every loss.
enum SpoolVerify {
    static func run<Host: CommandHost>(
        _ options: Options.Spool, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        let state = StateDirectory(options.stateDirectory)
        var reports: [SegmentReport] = []
        let losses: [Loss]
        do throws(SpoolError) {
            var spool = try Spool(
                PosixStorage(directory: state.spool, access: .reading), SpoolSettings())
            try spool.verify { reports.append($0) }
            losses = spool.losses
        } catch {
            throw .spool(path: state.spool, error)
        }
        var isDamaged = false
        for report in reports {
            for damage in report.damages {
                isDamaged = true
                try host.print(line(damage, in: report.number))
            }
            if let error = report.error {
                isDamaged = true
                try host.print("segment=\(report.number) unreadable error=\(error)\n")
            }
            // The newest may have a torn tail; that is how a power cut ends a file.
            if report.tornBytes > 0, report.number != reports.last?.number {
                isDamaged = true
                try host.print("segment=\(report.number) torn_bytes=\(report.tornBytes)\n")
            }
        }
        for loss in losses { try host.print(line(loss)) }
        let sum = reports.reduce(into: (records: 0, frames: 0, readings: 0, torn: 0)) {
            $0.records += $1.records
            $0.frames += $1.frames
            $0.readings += $1.readings
            $0.torn += $1.tornBytes
        }
        try host.print(
            "\(isDamaged ? "damaged" : "sound") segments=\(reports.count) records=\(sum.records) "
                + "frames=\(sum.frames) readings=\(sum.readings) torn_bytes=\(sum.torn)\n")
        return isDamaged ? .damagedData : .success
    }

    static func line(_ damage: SegmentDamage, in segment: UInt32) -> String {
        "segment=\(segment) offset=\(damage.range.lowerBound) bytes=\(damage.range.count) "
            + "lost_frames_at_least=\(damage.heads) lost_readings_at_least=\(damage.readings)\n"
    }

    static func line(_ loss: Loss) -> String {
        let priorities = loss.priorities.indices.map { "p\($0 + 1)=\(loss.priorities[$0])" }
        return "lost reason=\(loss.reason) sid=\(loss.first.stream.string) lane=\(loss.first.lane) "
            + "groups=\(loss.first.group)..\(loss.last) count=\(loss.groups) "
            + priorities.joined(separator: " ") + " first_ns=\(loss.firstTime) "
            + "last_ns=\(loss.lastTime)\n"
    }
}
