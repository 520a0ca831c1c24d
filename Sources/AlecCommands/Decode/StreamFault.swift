// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec

/// What is wrong at one place of an `.alec` file.
struct StreamFault: Error, Equatable {
    enum Reason: Equatable {
        /// The file begins with no header that this version reads.
        case header(DecodeError)
        /// No frame is where one should be.
        case record(DecodeError)
        /// A frame or table that cannot be read; the offset inside counts from its first byte.
        case frame(DecodeError)
        /// Frames that this one builds on are missing.
        case missingFrames
        /// A frame that was there already.
        case repeated
        /// The channel table with this id did not come before the frame.
        case missingTable(UInt32)
        /// The end mark counts other frames and readings than were found.
        case totals(expected: ContainerTotals, found: ContainerTotals)
        /// The file ends without an end mark.
        case noEndMark
    }

    var reason: Reason
    /// In the file.
    var offset: Int
    /// The number of the frame in the file; nil where there is none.
    var frame: Int?
}
