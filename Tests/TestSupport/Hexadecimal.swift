// SPDX-License-Identifier: Apache-2.0

/// Bytes as pairs of hexadecimal digits.
public enum Hexadecimal {
    public static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// nil if `text` is not made of such pairs.
    public static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.map(\.hexDigitValue)
        guard digits.count % 2 == 0, !digits.contains(nil) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8((digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0))
        }
    }
}
