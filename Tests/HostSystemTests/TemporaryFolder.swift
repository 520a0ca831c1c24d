// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostSystem

/// A folder that goes with the value, and with it everything in it.
final class TemporaryFolder {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appending(path: "alec-host-\(UUID().uuidString)").path(percentEncoded: false)
        try FileOperation.createFolder(path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func path(of name: String) -> String { path + "/" + name }
}
