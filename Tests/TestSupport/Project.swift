// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// Where the tests find files of the project.
public enum Project {
    /// The folder of the package.
    public static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Findings that came before the project, where they are at hand: not part of it.
    public static let laboratory = root.deletingLastPathComponent()
        .appending(path: "shared/codec")

    public static func exists(_ url: URL) -> Bool {
        FileManager.default.fileExists(atPath: url.path)
    }
}
