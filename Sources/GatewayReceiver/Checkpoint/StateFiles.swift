// SPDX-License-Identifier: Apache-2.0

internal import HostSystem

/// The small files beside a receiver's journal: each is replaced as a whole, and is then on the
/// disk. Tests bring some in memory.
protocol StateFiles {
    /// nil if there is no such file.
    func content(_ name: String, limit: Int) throws(SystemError) -> [UInt8]?
    /// After a power cut it holds either the old or the new content.
    func replace(_ name: String, with bytes: Span<UInt8>) throws(SystemError)
    func remove(_ name: String) throws(SystemError)
    /// All names, oldest file first.
    func names() throws(SystemError) -> [String]
}

/// The files of a folder.
struct FolderFiles: StateFiles {
    let path: String

    /// Makes the folder if there is none.
    init(_ path: String) throws(SystemError) {
        try FileOperation.createFolder(path)
        self.path = path
    }

    func content(_ name: String, limit: Int) throws(SystemError) -> [UInt8]? {
        try FileOperation.content(path + "/" + name, limit: limit)
    }

    func replace(_ name: String, with bytes: Span<UInt8>) throws(SystemError) {
        try FileOperation.replace(path + "/" + name, with: bytes)
    }

    func remove(_ name: String) throws(SystemError) {
        try FileOperation.remove(path + "/" + name)
    }

    func names() throws(SystemError) -> [String] { try FileOperation.list(path) }
}
