// SPDX-License-Identifier: Apache-2.0

/// One life of an encoder: forty random bits, drawn when it starts.
public struct StreamID: Equatable, Hashable, Sendable {
    /// Bytes on the wire.
    static let byteCount = 5
    /// Characters in text.
    public static let textLength = 8

    /// The forty bits.
    public let rawValue: UInt64

    /// The low forty of `random` bits.
    public init(random: UInt64) { rawValue = random & 0xFF_FFFF_FFFF }

    /// The id that `text` gives; nil if that is not eight lower-case base32 characters.
    public init?(text: Span<UInt8>) {
        guard text.count == Self.textLength else { return nil }
        var value: UInt64 = 0
        for i in text.indices {
            switch text[i] {
            case 97...122: value = value << 5 | UInt64(text[i] - 97)
            case 50...55: value = value << 5 | UInt64(text[i] - 24)
            default: return nil
            }
        }
        rawValue = value
    }

    /// Eight lower-case base32 characters, most significant bits first.
    public var text: InlineArray<8, UInt8> {
        var result = InlineArray<8, UInt8>(repeating: 0)
        for i in 0..<Self.textLength {
            let digit = UInt8(truncatingIfNeeded: rawValue >> UInt64(35 - 5 * i) & 31)
            result[i] = digit < 26 ? 97 + digit : 24 + digit
        }
        return result
    }
}

/// Which of a node's three streams a frame belongs to.
public enum Lane: UInt8, CaseIterable, Sendable {
    /// P3 and aggregates of P5: the only lane whose frames build on each other.
    case data = 0
    /// P1 and P2.
    case alert = 1
    /// P4.
    case deferred = 2

    /// Whether a frame of the lane may build on the one before. An alert never waits for an older
    /// frame, and what is deferred is fetched one by one.
    public var chains: Bool { self == .data }
}

/// What a key frame says of its stream.
public struct StreamHead: Equatable, Sendable {
    /// This life of the encoder.
    public var id: StreamID
    /// Which of the node's streams it is.
    public var lane: Lane
    /// The priority of every reading without a remark of its own.
    public var basePriority: Priority
    /// The check of the node's name; 0 where there is no node.
    public var nodeHash: UInt32
    /// The id of the channel table that gives the sensors their names; 0 for none.
    public var tableID: UInt32

    /// A stream of `lane`; P3 in the data lane, P1 for alerts, P4 for what is deferred.
    public init(
        id: StreamID, lane: Lane = .data, basePriority: Priority? = nil, nodeHash: UInt32 = 0,
        tableID: UInt32 = 0
    ) {
        self.id = id
        self.lane = lane
        switch lane {
        case .data: self.basePriority = basePriority ?? .normal
        case .alert: self.basePriority = basePriority ?? .critical
        case .deferred: self.basePriority = basePriority ?? .deferred
        }
        self.nodeHash = nodeHash
        self.tableID = tableID
    }
}

extension StreamHead {
    /// What stands in heads for the node whose name, `site/node`, has these bytes of UTF-8.
    public static func nodeHash(of name: Span<UInt8>) -> UInt32 { Checksum.value(of: name) }
}

/// The group before, in the same lane: tells a receiver whether it missed its end.
public struct Predecessor: Equatable, Sendable {
    /// How much lower its number is.
    public var distance: UInt32
    /// The index of its last frame.
    public var lastIndex: UInt32

    /// The group `distance` before, whose last frame had `lastIndex`.
    public init(distance: UInt32, lastIndex: UInt32) {
        self.distance = distance
        self.lastIndex = lastIndex
    }
}
