// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a frame that can be decoded. `at` is an offset in the frame.
public enum DecodeError: Error, Equatable, Sendable {
    /// The bytes end within the head.
    case truncated(at: Int)
    /// Made by a later version, or for another purpose. Frames that stand outside the groups are
    /// called this only if they are whole.
    case unsupported(Unsupported, at: Int)
    /// Not written by any encoder.
    case malformed(Malformation, at: Int)
    /// Damaged, or the frame of another stream.
    case badCheck(at: Int)
    /// Larger than this receiver allows.
    case limit(DecodeLimit, at: Int)
}

/// What a frame asks for that this version does not know.
public enum Unsupported: Equatable, Sendable {
    case anchoredFrame
    case compactIntegrity
    case anchorMark
    case profile(UInt8)
    /// A first byte above 0xC1, or else the kind in the second byte.
    case extendedFrame(UInt8)
    case preload
    case reservedBits
    case fileVersion(UInt8)
    case timeUnit(UInt8)
}

/// Which limit a frame exceeds.
public enum DecodeLimit: Equatable, Sendable {
    case frameBytes(Int)
    case channels(Int)
    case readings(Int)
}
