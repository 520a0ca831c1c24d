// SPDX-License-Identifier: Apache-2.0

/// `0000000001.seg`: ten digits, so that names sort like numbers.
package enum SegmentName {
    private static let digits = 10
    private static let suffix = ".seg"

    /// Behind the name of a segment that was set aside.
    static let asideSuffix = ".bad"

    /// The name of the file of segment `number`.
    package static func name(of number: UInt32) -> String {
        let text = String(number)
        return String(repeating: "0", count: digits - text.utf8.count) + text + suffix
    }

    /// The number in a name; nil for other files.
    package static func number(in name: String) -> UInt32? {
        guard name.hasSuffix(suffix), name.utf8.count == digits + suffix.utf8.count,
            name.utf8.prefix(digits).allSatisfy({ 48...57 ~= $0 }),
            let number = UInt32(name.prefix(digits)), number > 0
        else { return nil }
        return number
    }
}
