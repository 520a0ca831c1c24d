// SPDX-License-Identifier: Apache-2.0

extension ReadingWindow {
    /// The first half of the readings and the rest, for a window whose frame came out too large.
    public consuming func halves() -> (ReadingWindow, ReadingWindow) {
        let middle = count / 2
        return (part(0..<middle), part(middle..<count))
    }

    /// Whether all times are multiples of `unit` nanoseconds.
    public func hasTimes(inMultiplesOf unit: Int64) -> Bool {
        readings.allSatisfy { $0.time % unit == 0 }
    }

    private func part(_ range: Range<Int>) -> ReadingWindow {
        var part = ReadingWindow()
        for i in range {
            let annotation = remarks.isEmpty ? .none : Annotation(code: remarks[i])
            // Cannot fail: it was in a window before.
            _ = part.append(readings[i], annotation: annotation)
        }
        return part
    }
}
