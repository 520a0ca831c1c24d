// SPDX-License-Identifier: Apache-2.0

import Testing

/// One place that breaks a rule, and what to do about it.
struct Finding: Equatable, CustomStringConvertible {
    var path: String
    /// 0 where the file as a whole is meant.
    var line: Int
    var message: String

    var description: String {
        line == 0 ? "\(path): \(message)" : "\(path):\(line): \(message)"
    }
}

/// Fails the running test once for each finding.
func expectNone(_ findings: [Finding], at location: SourceLocation = #_sourceLocation) {
    for finding in findings {
        Issue.record("\(finding)", sourceLocation: location)
    }
}
