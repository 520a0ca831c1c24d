// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A directory that goes with the value.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("alec-spool-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        path = url.path
    }

    deinit {
        // What a failed test leaves is in the way of nobody.
        try? FileManager.default.removeItem(atPath: path)
    }
}
