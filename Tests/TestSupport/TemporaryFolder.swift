// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A folder that goes with the value, and with it everything in it.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let path: String

    /// A new and empty folder.
    public init() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "alec-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        path = url.path(percentEncoded: false)
    }

    deinit {
        // What a failed test leaves is in the way of nobody.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Where `name` is or would be in it.
    public func path(of name: String) -> String { path + "/" + name }

    /// What the file `name` says; empty where there is none.
    public func text(_ name: String) -> String {
        (try? String(contentsOfFile: path(of: name), encoding: .utf8)) ?? ""
    }

    /// Makes or replaces the file `name`.
    public func write(_ text: String, _ name: String) throws {
        try text.write(toFile: path(of: name), atomically: true, encoding: .utf8)
    }

    /// Whether there is something called `name`.
    public func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: path(of: name))
    }
}
