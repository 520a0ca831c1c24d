// SPDX-License-Identifier: Apache-2.0

internal import GatewayAgent
internal import GatewayCore
internal import HostSystem
internal import StoreAndForward

/// What `alec run` says of its end.
enum RunText {
    typealias Words = (what: String, cause: String?, next: String)

    /// The fields of the last line.
    static func summary(_ outcome: AgentOutcome) -> String {
        let (readings, lines) = (outcome.readings, outcome.lines)
        var fields = [
            "verdict=\(outcome.verdict)", "lines=\(lines.lines)", "refused=\(lines.refused)",
            "input_bytes=\(lines.bytes)", "readings=\(readings.read)",
            "recovered=\(readings.recovered)", "framed=\(readings.framed)",
            "acknowledged=\(readings.acknowledged)", "pending=\(outcome.pendingReadings)",
            "dropped=\(readings.dropped)",
        ]
        for reason in RefusalReason.allCases where lines.refused(reason) > 0 {
            fields.append("refused_\(reason)=\(lines.refused(reason))")
        }
        for reason in DropReason.allCases where readings.dropped(reason) > 0 {
            fields.append("dropped_\(reason)=\(readings.dropped(reason))")
        }
        if lines.skipped > 0 { fields.append("skipped_values=\(lines.skipped)") }
        if readings.open > 0 { fields.append("lost_open=\(readings.open)") }
        fields.append("frames=\(outcome.frames)")
        fields.append("frame_bytes=\(outcome.frameBytes)")
        if readings.framed > 0 {
            let each = Double(outcome.frameBytes) / Double(readings.framed)
            fields.append("bytes_per_reading=\(CountText.fixed(each, places: 3))")
        }
        return fields.joined(separator: " ")
    }

    /// Why the agent did not start.
    static func words(_ error: AgentError) -> Words {
        switch error {
        case .stateDirectory(let path, let error):
            (
                "\(path): the state directory cannot be used: \(error.name)", nil,
                "make it, or give another with --state-dir"
            )
        case .stateInUse(let path):
            (
                "\(path): the state directory is in use", "another alec run has it",
                "stop that one, or give this one another directory with --state-dir"
            )
        case .spool(let path, let error): spool(path, error)
        case .system(let error):
            ("alec run: the system gives no more: \(error.name)", nil, "free what others hold")
        }
    }

    static func spool(_ path: String, _ error: SpoolError) -> Words {
        switch error {
        case .storage(let code):
            (
                "\(path): the spool cannot be opened: \(SystemError(code: code).name)", nil,
                SystemError(code: code).isMissingFile
                    ? "name the state directory that alec run was given"
                    : "check the disk and who may read and write there"
            )
        case .noSpace:
            ("\(path): the spool has no space left", "the disk is full", "make room on it")
        case .unsupportedVersion(let version, let segment):
            (
                "\(path): segment \(segment) has version \(version) of the format",
                "a newer alec wrote it", "use that one"
            )
        case .inUse:
            (
                "\(path): the spool is in use", "another process has it", "stop that one"
            )
        case .full, .groupSealed, .tooLarge, .damaged, .removed, .readOnly:
            (
                "\(path): the spool cannot be read: \(error)", nil,
                "alec spool ls shows what it holds"
            )
        }
    }
}
