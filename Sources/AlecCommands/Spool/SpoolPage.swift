// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayAgent
internal import GatewayCore
internal import StoreAndForward

/// What `alec spool ls` prints.
enum SpoolPage {
    /// What a feeder may go on behind.
    static func input(_ progress: AgentProgress) -> String {
        "input sid=\(progress.stream.string) kept_lines=\(progress.appended.lines) "
            + "kept_bytes=\(progress.appended.bytes) kept_readings=\(progress.appendedReadings) "
            + "synced_lines=\(progress.synced.lines) synced_bytes=\(progress.synced.bytes)\n"
    }

    static func summary(_ recovery: SpoolRecovery) -> String {
        "spool segments=\(recovery.segments) pending_groups=\(recovery.pendingGroups) "
            + "pending_frames=\(recovery.pendingFrames) "
            + "pending_readings=\(recovery.pendingReadings) torn_bytes=\(recovery.tornBytes) "
            + "bad_records=\(recovery.badRecords)\n"
    }

    static let head =
        "     place kind  sid      lane          group index readings  bytes  first_ms      state\n"

    static func line(_ item: SpoolItem) -> String {
        let frame = item.header.frame
        let isTable = item.header.kind == .table
        let place =
            CountText.right("\(Place.segment(of: item.place))", 4) + ":"
            + CountText.left("\(Place.offset(of: item.place))", 8)
        let time = WallTime(nanoseconds: item.header.firstTime).milliseconds
        let columns = [
            place, CountText.left(isTable ? "table" : "frame", 5), frame.group.stream.string,
            CountText.left(isTable ? "-" : "\(frame.group.lane)", 8),
            CountText.right(
                isTable ? CountText.hexadecimal(frame.group.group) : "\(frame.group.group)", 10),
            CountText.right(isTable ? "-" : "\(frame.index)", 5),
            CountText.right("\(item.header.readings)", 8), CountText.right("\(item.byteCount)", 6),
            CountText.left(isTable ? "-" : "\(time)", 14),
            item.isAcknowledged ? "history" : "pending",
        ]
        return columns.joined(separator: " ") + "\n"
    }

    static func damaged(_ place: UInt64) -> String {
        CountText.right("\(Place.segment(of: place))", 4) + ":\(Place.offset(of: place)) damaged\n"
    }
}
