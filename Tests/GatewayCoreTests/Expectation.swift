// SPDX-License-Identifier: Apache-2.0

import Testing

/// Expects two values to be equal. The macro cannot call what changes a value; this can.
func equal<Value: Equatable>(
    _ actual: Value, _ expected: Value, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(actual == expected, sourceLocation: sourceLocation)
}
