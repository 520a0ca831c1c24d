// SPDX-License-Identifier: Apache-2.0

/// What a JSON line can say of a reading besides its time and value.
package struct JSONRemarks: Equatable, Sendable {
    /// 0 good, 1 uncertain, 2 bad, 3 stale, 4 time; good is not written.
    package var quality: UInt8 = 0
    /// 1 for P1 to 5 for P5; 0 is not written.
    package var priority: UInt8 = 0

    /// Nothing to say where nothing is given.
    package init(quality: UInt8 = 0, priority: UInt8 = 0) {
        self.quality = quality
        self.priority = priority
    }

    /// What stands for a value that is no number: the writer says so of each.
    static let badQuality: UInt8 = 2

    /// The word of each quality, which is its place.
    private static let words: InlineArray<5, StaticString> = [
        "good", "uncertain", "bad", "stale", "time",
    ]

    /// The word for a quality.
    static func word(_ quality: UInt8) -> StaticString {
        quality < words.count ? words[Int(quality)] : words[0]
    }

    /// The quality that `text` names in `bytes`, nil for none of them.
    static func quality(_ bytes: Span<UInt8>, _ text: JSONText) -> UInt8? {
        for i in words.indices where bytes.equals(words[i], from: text.start, to: text.end) {
            return UInt8(i)
        }
        return nil
    }
}
