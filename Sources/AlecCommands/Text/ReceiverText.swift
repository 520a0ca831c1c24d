// SPDX-License-Identifier: Apache-2.0

internal import GatewayReceiver
internal import HostSystem
internal import StoreAndForward

/// Why a receiver cannot start, in words.
enum ReceiverText {
    static func text(_ error: ReceiverError) -> String {
        switch error {
        case .inUse(let path):
            return Notes.message(
                "alec receive: another receiver works in this state directory",
                cause: "\(path) is locked", next: "give each receiver a --state-dir of its own")
        case .file(let path, let error):
            return Notes.message(
                "alec receive: \(path): \(error.name)", next: "check the path and who may write it")
        case .journal(let path, let error):
            return Notes.message(
                "alec receive: the journal \(path) cannot be used: \(words(error))",
                next: "check the disk; what is in the journal is not lost")
        case .checkpoint(let path, .unsupportedVersion):
            return Notes.message(
                "alec receive: \(path) was written by a later version",
                next: "use that version, or another --state-dir")
        case .checkpoint(let path, .damaged(let line)):
            return Notes.message(
                "alec receive: \(path):\(line): the checkpoint is damaged",
                cause: "without it readings could be written twice",
                next: "begin with another --state-dir and other files")
        case .system(let error):
            return Notes.message(
                "alec receive: threads or signals are not to be had: \(error.name)",
                next: "check the limits of the process")
        }
    }

    private static func words(_ error: SpoolError) -> String {
        switch error {
        case .noSpace: "no space left"
        case .storage(let code): SystemError(code: code).name
        case .inUse: "another process has it"
        case .unsupportedVersion: "a later version wrote it"
        case .damaged, .removed: "it is damaged"
        case .full, .groupSealed, .tooLarge, .readOnly: "it takes nothing"
        }
    }
}
