// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Reads the small files that settings come from.
enum SettingsFile {
    /// All bytes of the file, at most `limit`.
    static func bytes(
        of path: String, limit: Int
    ) throws(ConfigurationFault.Reason) -> [UInt8] {
        // The copy of the path that Swift makes for the call outlives it.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, code: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            // The kernel writes at most as many bytes as the piece has.
            let count = unsafe piece.withUnsafeMutableBytes { target in
                unsafe read(descriptor, target.baseAddress, target.count)
            }
            if count == 0 { return bytes }
            if count < 0 {
                guard errno == EINTR else { throw .unreadable(path: path, code: errno) }
                continue
            }
            bytes += piece[..<count]
            guard bytes.count <= limit else { throw .tooLarge(path: path, limit: limit) }
        }
    }
}
