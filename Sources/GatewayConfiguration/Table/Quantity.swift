// SPDX-License-Identifier: Apache-2.0

/// Numbers with units, as people write them into settings: "10s", "256MiB".
package enum Quantity {
    /// The larger before the smaller.
    private static let sizes: [(unit: String, bytes: Int)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1),
    ]
    private static let durations: [(unit: String, milliseconds: Int)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000), ("ms", 1),
    ]

    /// Bytes; nil for anything but a whole number with one of the units.
    static func size(_ text: String) -> Int? {
        guard let (number, unit) = split(text),
            let bytes = sizes.first(where: { $0.unit == unit })?.bytes
        else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: bytes)
        return overflow ? nil : product
    }

    /// A span of time; nil for anything but a whole number with one of the units.
    static func duration(_ text: String) -> Duration? {
        guard let (number, unit) = split(text),
            let milliseconds = durations.first(where: { $0.unit == unit })?.milliseconds
        else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: milliseconds)
        return overflow ? nil : .milliseconds(product)
    }

    /// With the largest unit that needs no fraction.
    package static func text(size bytes: Int) -> String {
        let (unit, scale) = sizes.first { bytes % $0.bytes == 0 && bytes != 0 } ?? ("B", 1)
        return String(bytes / scale) + unit
    }

    /// With the largest unit that needs no fraction; whole milliseconds at the least.
    package static func text(duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
        let fitting = durations.first { milliseconds % $0.milliseconds == 0 && milliseconds != 0 }
        let (unit, scale) = fitting ?? ("s", 1000)
        return String(milliseconds / scale) + unit
    }

    private static func split(_ text: String) -> (number: Int, unit: Substring)? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return nil }
        return (number, text[digits.endIndex...])
    }
}
