// SPDX-License-Identifier: Apache-2.0

import AlecCommands
import Foundation
import TestSupport
import Testing

/// Texts that are compared with files, so that a change of them is seen and meant.
enum Golden {
    /// Compares with `Golden/<name>.txt`; `ALEC_UPDATE_GOLDEN=1` writes it instead.
    static func check(_ text: String, _ name: String) throws {
        let url = Project.root.appending(path: "Tests/AlecCommandsTests/Golden/\(name).txt")
        let environment = ProcessInfo.processInfo.environment
        if environment["ALEC_UPDATE_GOLDEN"] == "1" {
            try #require(environment["CI"] == nil, "golden files are not written where CI runs")
            try text.write(to: url, atomically: true, encoding: .utf8)
            return
        }
        let expected = try String(contentsOf: url, encoding: .utf8)
        #expect(text == expected, "differs from \(url.lastPathComponent)")
    }

    /// A command line with all that it says.
    static func transcript(_ line: String, _ host: TestHost) -> String {
        var host = host
        let status = host.run(line)
        // The bytes of a file are no text, and their number is enough.
        let isText = String(validating: host.output, as: UTF8.self) != nil
        var text = "$ alec \(line)\n"
        text += isText ? host.outputText : "(\(host.output.count) bytes)\n"
        for message in host.messageText.split(separator: "\n", omittingEmptySubsequences: false)
        where !message.isEmpty {
            text += "! \(message)\n"
        }
        return text + "= \(status.rawValue)\n\n"
    }
}
