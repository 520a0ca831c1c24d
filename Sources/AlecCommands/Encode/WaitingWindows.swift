// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec

/// Windows that wait for a table, in their order.
///
/// A table holds all names, so one for each new sensor would cost more than the readings. Windows
/// with new sensors therefore wait until a table pays, and never take more than `byteLimit`.
struct WaitingWindows {
    /// The most memory of all that waits; more, and a table comes whether it pays or not.
    static let byteLimit = 8 << 20
    /// A reading, and its remark.
    private static let readingBytes = 25
    /// A window without its readings.
    private static let windowBytes = 128
    /// So many readings have to wait for each byte of names: tables then add little to a reading,
    /// and a sensor that comes late to a few others keeps them back for a few frames only.
    private static let readingsPerByte = 32

    private var windows: [ReadingWindow] = []
    private var readings = 0

    var isEmpty: Bool { windows.isEmpty }
    private var bytes: Int { Self.readingBytes * readings + Self.windowBytes * windows.count }

    mutating func append(_ window: consuming ReadingWindow) {
        readings += window.count
        windows.append(window)
    }

    /// Whether a table of `sensors` sensors, with `nameBytes` bytes of names, is to come now,
    /// where the last one had `known`: when their number has doubled, at once at the beginning.
    func isWorthATable(sensors: Int, nameBytes: Int, known: Int) -> Bool {
        sensors >= 2 * known || readings >= Self.readingsPerByte * nameBytes
            || bytes >= Self.byteLimit
    }

    /// Hands the windows out.
    mutating func take() -> [ReadingWindow] {
        let taken = windows
        self = WaitingWindows()
        return taken
    }
}
