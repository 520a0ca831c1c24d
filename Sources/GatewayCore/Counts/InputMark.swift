// SPDX-License-Identifier: Apache-2.0

/// A place between two lines of an input.
package struct InputMark: Comparable, Hashable, Sendable {
    /// Lines before the place.
    package var lines: Int
    /// Bytes before the place, newlines included.
    package var bytes: Int

    /// Behind `lines` lines and `bytes` bytes.
    package init(lines: Int = 0, bytes: Int = 0) {
        self.lines = lines
        self.bytes = bytes
    }

    package static func < (a: InputMark, b: InputMark) -> Bool { a.lines < b.lines }

    /// The place up to which all readings are kept, where `open` tells for each open window the
    /// place before the line of its first reading. Windows close in any order, so a window that
    /// is still open holds back all that came after.
    package static func kept(read: InputMark, open: [InputMark?]) -> InputMark {
        open.reduce(read) { mark, first in first.map { min(mark, $0) } ?? mark }
    }
}
