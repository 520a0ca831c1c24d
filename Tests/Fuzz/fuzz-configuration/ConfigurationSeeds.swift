// SPDX-License-Identifier: Apache-2.0

import GatewayConfiguration
import Glibc

/// The sample files, table by table, as they are and with all settings in force.
enum ConfigurationSeeds {
    static func write(to folder: String) {
        for (whose, sample) in [(UInt8(0), SampleFile.agent), (1, SampleFile.receiver)] {
            var parts = [sample]
            var part = ""
            for line in sample.split(separator: "\n", omittingEmptySubsequences: false) {
                if line.isEmpty {
                    parts.append(part)
                    part = ""
                } else {
                    part += line + "\n"
                }
            }
            for (number, part) in parts.enumerated() {
                save([whose] + Array(part.utf8), "\(folder)/\(whose)-\(number)")
                save([whose] + Array(inForce(part).utf8), "\(folder)/\(whose)-\(number)-set")
            }
        }
    }

    /// Without remarks, and without the `#` before settings.
    private static func inForce(_ text: String) -> String {
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("# ") }
        return lines.map { ($0.hasPrefix("#") ? $0.dropFirst() : $0) + "\n" }.joined()
    }

    private static func save(_ bytes: [UInt8], _ path: String) {
        guard let file = fopen(path, "wb") else {
            preconditionFailure("no file can be made at \(path)")
        }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }
}
