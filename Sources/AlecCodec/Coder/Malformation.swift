// SPDX-License-Identifier: Apache-2.0

/// Why bytes that passed their check cannot have been written by an encoder.
public enum Malformation: UInt8, Equatable, Sendable {
    case numberTooLong
    case codeExhausted
    case channelCount
    case sampleCount
    case noChannel
    case tooManyReadings
    case unknownKind
    case divisor
    case lattice
    case reference
    case rank
    case correction
    case exponent
    case annotation
    case varint
    case index
    case lane
    case basePriority
    case tableEntry
    case tableName
    case tableText
    case trailingBytes
    case fileMark
    case recordLength
    /// More channels than the table that the frame names.
    case unnamedChannels
}
