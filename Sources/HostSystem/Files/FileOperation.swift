// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What is done to files and folders by their path.
package enum FileOperation {
    /// Puts `bytes` in place of a small file: after a power cut it holds either the old or the new
    /// content, whole. Only one thread may replace the same file at a time.
    package static func replace(_ path: String, with bytes: Span<UInt8>) throws(SystemError) {
        let temporary = path + ".new"
        let file = try FileDescriptor.creating(temporary)
        try file.write(bytes)
        try file.synchronize()
        // Both paths are copies that outlive the call.
        guard unsafe rename(temporary, path) == 0 else { throw .last }
        try synchronizeFolder(folder(of: path))
    }

    /// The content of a small file, at most `limit` bytes of it; nil if there is no file.
    package static func content(_ path: String, limit: Int) throws(SystemError) -> [UInt8]? {
        let file: FileDescriptor
        do throws(SystemError) {
            file = try .reading(path)
        } catch {
            guard error.code == ENOENT else { throw error }
            return nil
        }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while content.count < limit {
            let count = try file.read(into: &buffer)
            if count == 0 { break }
            content += buffer.prefix(min(count, limit - content.count))
        }
        return content
    }

    /// Removes a file; false if there was none.
    @discardableResult
    package static func remove(_ path: String) throws(SystemError) -> Bool {
        // The copy of the path outlives the call.
        if unsafe unlink(path) == 0 { return true }
        guard errno == ENOENT else { throw .last }
        return false
    }

    /// Makes a folder and those above it where they are missing.
    package static func createFolder(_ path: String) throws(SystemError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += part + "/"
            // The copy of the path outlives the call.
            guard unsafe mkdir(made, 0o750) != 0, errno != EEXIST else { continue }
            let error = SystemError.last
            // A read-only or foreign folder that is already there is no obstacle.
            guard isFolder(made) else { throw error }
        }
        guard isFolder(path) else { throw SystemError(code: ENOTDIR) }
    }

    /// The names in a folder, sorted by their bytes, without `.` and `..`.
    package static func list(_ folder: String) throws(SystemError) -> [String] {
        // Opened here and closed below.
        guard let stream = unsafe opendir(folder) else { throw .last }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else { break }
            // The entry lives until the next `readdir`; its name ends with a zero byte.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw .last }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Waits until the names in a folder are on the disk.
    package static func synchronizeFolder(_ folder: String) throws(SystemError) {
        let folder = try FileDescriptor.opening(folder, O_RDONLY | O_DIRECTORY)
        while fsync(folder.number) != 0 {
            guard errno == EINTR else { throw .last }
        }
    }

    /// The folder that relative paths begin at.
    package static func currentFolder() throws(SystemError) -> String {
        // The library takes the memory, and it is given back below.
        guard let path = unsafe getcwd(nil, 0) else { throw .last }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }

    /// The folder in which a file of this path lies.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Whether there is a folder at `path`.
    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        // The kernel fills in a local.
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
