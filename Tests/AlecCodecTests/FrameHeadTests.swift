// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import AlecCodec

@Suite struct FrameHeadTests {
    private static func bytes(_ head: FrameHead) -> [UInt8] {
        var bytes: [UInt8] = []
        head.append(to: &bytes)
        return bytes + [0x78, 0x56, 0x34, 0x12]
    }

    private static let groups: [UInt32] = [
        0, 127, 128, 16_383, 16_384, (1 << 28) - 1, .max,
    ]
    private static let indexes: [UInt32] = [1, 127, 128, 16_383]

    @Test(arguments: groups, indexes)
    func aChainedHeadIsReadAsWritten(group: UInt32, index: UInt32) throws {
        for isAnnotated in [false, true] {
            let head = FrameHead(group: group, index: index, key: nil, isAnnotated: isAnnotated)
            let bytes = Self.bytes(head)
            let read = try FrameHead(bytes.span)
            #expect(read.group == group && read.index == index && !read.isKey)
            #expect(read.isAnnotated == isAnnotated)
            #expect(read.check == 0x1234_5678 && read.byteCount == bytes.count)
            #expect(bytes.count <= 12)
        }
    }

    @Test(arguments: Lane.allCases, Priority.allCases)
    func aKeyHeadIsReadAsWritten(lane: Lane, priority: Priority) throws {
        for predecessor in [
            nil, Predecessor(distance: 1, lastIndex: 0),
            Predecessor(distance: .max, lastIndex: 16_383),
        ] {
            let stream = StreamHead(
                id: StreamID(random: 0xFEDC_BA98_7654_3210), lane: lane, basePriority: priority,
                nodeHash: 0x8000_0001, tableID: 0xFFFF_FFFF)
            let head = FrameHead(
                group: (1 << 28) - 1, index: 0,
                key: KeyHead(stream: stream, predecessor: predecessor), isAnnotated: true)
            let bytes = Self.bytes(head)
            let read = try FrameHead(bytes.span)
            #expect(read.key == head.key && read.group == head.group && read.isKey)
            #expect(bytes.count <= FrameHead.byteLimit)
        }
    }

    /// Written down digit by digit from the format page.
    @Test func theBytesAreThoseOfTheFormat() {
        let stream = StreamHead(
            id: StreamID(random: 0x01_0203_0405), lane: .alert, nodeHash: 0x0A0B_0C0D,
            tableID: 0x1112_1314)
        let head = FrameHead(
            group: 300, index: 0,
            key: KeyHead(stream: stream, predecessor: Predecessor(distance: 2, lastIndex: 130)),
            isAnnotated: false)
        #expect(
            Hexadecimal.text(Self.bytes(head))
                == "41ac0200" + "0504030201" + "05" + "0d0c0b0a" + "14131211" + "02" + "8201"
                + "78563412")
    }

    @Test func laneAloneGivesTheBasePriority() {
        let id = StreamID(random: 1)
        #expect(StreamHead(id: id).basePriority == .normal)
        #expect(StreamHead(id: id, lane: .alert).basePriority == .critical)
        #expect(StreamHead(id: id, lane: .deferred).basePriority == .deferred)
    }

    @Test(arguments: [
        (0, "aaaaaaaa"), (1, "aaaaaaab"), (31, "aaaaaaa7"), (0xFF_FFFF_FFFF, "77777777"),
        (26, "aaaaaaa2"), (0x01_2345_6789, "aerukz4j"),
    ])
    func aStreamIDIsEightLetters(value: UInt64, text: String) {
        let letters = StreamID(random: value).text
        #expect(String(decoding: (0..<8).map { letters[$0] }, as: UTF8.self) == text)
        #expect("\(StreamID(random: value))" == text)
        #expect(StreamID(text) == StreamID(random: value))
        #expect(StreamID(text: Array(text.utf8).span) == StreamID(random: value))
    }

    @Test(arguments: [
        "", "aaaaaaa", "aaaaaaaaa", "aaaaaaa1", "aaaaaaa8", "aaaaaaaA", "aaaaaa-a", "aaaaaaä",
    ])
    func noOtherTextIsAStreamID(text: String) {
        #expect(StreamID(text) == nil)
    }

    @Test func lanesHaveNames() {
        #expect(Lane.allCases.map(\.description) == ["data", "alert", "deferred"])
        for lane in Lane.allCases { #expect(Lane("\(lane)") == lane) }
        #expect(Lane("Data") == nil && Lane("") == nil)
        #expect(Lane.allCases.filter(\.chains) == [.data])
    }

    @Test func aNodeIsTheCheckOfItsName() {
        #expect(StreamHead.nodeHash(of: Array("123456789".utf8).span) == 0xE306_9283)
        #expect(StreamHead.nodeHash(of: [UInt8]().span) == 0)
    }

    @Test func aStreamIDHasFortyBits() {
        #expect(StreamID(random: .max).rawValue == 0xFF_FFFF_FFFF)
    }

    /// A varint may be as large as its limit and no larger, and as short as possible.
    @Test(arguments: [
        (0, "00"), (127, "7f"), (128, "8001"), (0xFFFF_FFFF, "ffffffff0f"),
    ])
    func varintsAreReadAsWritten(value: UInt64, text: String) throws {
        let bytes = try #require(Hexadecimal.bytes(text))
        var cursor = ByteCursor(end: bytes.count)
        #expect(try cursor.varint(bytes.span, limit: 0xFFFF_FFFF) == value)
        #expect(cursor.isAtEnd)
        var written: [UInt8] = []
        ByteWriter.appendVarint(value, to: &written)
        #expect(written == bytes)
    }

    @Test(arguments: [
        ("8000", DecodeError.malformed(.varint, at: 0)), ("ff8000", .malformed(.varint, at: 0)),
        ("8080808010", .malformed(.varint, at: 0)), ("80", .truncated(at: 1)),
        ("", .truncated(at: 0)), ("ffffffffffffffffff01", .malformed(.varint, at: 0)),
        ("80808080", .truncated(at: 4)), ("8080808080", .malformed(.varint, at: 0)),
        ("808080808001", .malformed(.varint, at: 0)), ("8180808000", .malformed(.varint, at: 0)),
    ])
    func varintsOfAnotherFormAreRefused(text: String, error: DecodeError) throws {
        let bytes = try #require(Hexadecimal.bytes(text))
        #expect(throws: error) {
            var cursor = ByteCursor(end: bytes.count)
            _ = try cursor.varint(bytes.span, limit: 0xFFFF_FFFF)
        }
    }

    /// Counts and periods have up to 63 bits in nine bytes.
    @Test func longVarintsHaveNineBytes() throws {
        func read(_ text: String) -> Result<UInt64, DecodeError> {
            let bytes = Hexadecimal.bytes(text) ?? []
            var cursor = ByteCursor(end: bytes.count)
            return Result { () throws(DecodeError) in
                try cursor.varint(bytes.span, limit: UInt64(Int64.max))
            }
        }
        #expect(read("ffffffffffffffff7f") == .success(UInt64(Int64.max)))
        #expect(read("808080808001") == .success(1 << 35))
        #expect(read("8080808080808080") == .failure(.truncated(at: 8)))
        #expect(read("808080808080808080") == .failure(.malformed(.varint, at: 0)))
        #expect(read("80808080808080808001") == .failure(.malformed(.varint, at: 0)))
        #expect(read("808080808000") == .failure(.malformed(.varint, at: 0)))
    }

    @Test func integersAreLittleEndian() throws {
        var bytes: [UInt8] = []
        ByteWriter.append(0x0102_0304_0506_0708, count: 8, to: &bytes)
        #expect(bytes == [8, 7, 6, 5, 4, 3, 2, 1])
        var cursor = ByteCursor(end: 8)
        #expect(try cursor.integer(bytes.span, count: 5) == 0x04_0506_0708)
        try cursor.skip(2)
        #expect(throws: DecodeError.truncated(at: 8)) { try cursor.skip(2) }
        #expect(throws: DecodeError.truncated(at: 8)) {
            _ = try cursor.integer(bytes.span, count: 2)
        }
    }
}
