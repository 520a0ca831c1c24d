// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import HostSystem
import Testing

@testable import AlecCommands

@Suite struct DamageTests {
    private static let text = TestHost.wideText(rows: 60)
    private static let file = TestHost.encoded(text, "--frame 5 --group 3")

    private func decode(_ bytes: [UInt8], _ options: String = "") -> (CommandStatus, TestHost) {
        var host = TestHost(input: bytes)
        let status = host.run("decode --format csv-wide " + options)
        return (status, host)
    }

    @Test func damageEndsTheCommandAndNamesFrameAndReason() {
        var bytes = Self.file
        bytes[300] ^= 1
        let (status, host) = decode(bytes)
        #expect(status == .damagedData)
        #expect(host.messageText.contains("stdin: frame "))
        #expect(host.messageText.contains("the check differs"))
        #expect(Self.text.hasPrefix(host.outputText))
    }

    @Test func keepGoingLosesOneGroupAtMost() {
        for at in stride(from: 20, to: Self.file.count, by: 7) {
            var bytes = Self.file
            bytes[at] ^= 0x10
            let (status, host) = decode(bytes, "--keep-going")
            #expect(status == .dropped, "byte \(at)")
            let rows = host.outputText.split(separator: "\n").filter { !$0.hasPrefix("time") }
            // The rest of one group of three frames of five rows.
            #expect(rows.count >= 45, "byte \(at)")
            #expect(host.messageText.contains("damaged"), "byte \(at)")
        }
    }

    @Test func lostReadingsAreCountedByTheEndMark() {
        var bytes = Self.file
        bytes[bytes.count - 12] ^= 1
        let (_, host) = decode(bytes, "--keep-going")
        #expect(host.messageText.contains("1 frame with 15 readings lost"))
    }

    @Test func missingEndIsTold() {
        let (status, host) = decode(Array(Self.file.dropLast(8)))
        #expect(status == .damagedData)
        #expect(host.messageText.contains("the last frames may be missing"))
        #expect(host.outputText == Self.text)
    }

    @Test func damageThatReachesTheEndIsCounted() throws {
        // The last group and the end mark; the group before stays.
        let start = try #require(lastKeyFrame())
        for (range, bytes) in [
            (start..<Self.file.count, Self.file.count - start),
            ((Self.file.count - 4)..<Self.file.count, 8),
        ] {
            var damaged = Self.file
            for i in range { damaged[i] ^= 0x55 }
            let (status, host) = decode(damaged, "--keep-going")
            #expect(status == .dropped)
            #expect(host.messageText.contains("in the \(bytes) bytes from there to the end"))
            #expect(host.messageText.contains("1 place was damaged, \(bytes) bytes skipped"))
            #expect(host.messageText.contains("how many readings it took is not known"))
            var inspector = TestHost(input: damaged)
            #expect(inspector.run("inspect --json") == .dropped)
            #expect(inspector.outputText.contains("\"damaged_bytes\":\(bytes),"))
            #expect(inspector.outputText.contains("\"complete\":false"))
            inspector = TestHost(input: damaged)
            #expect(inspector.run("inspect") == .dropped)
            #expect(inspector.outputText.contains("in the \(bytes) bytes from there to the end"))
        }
    }

    private func lastKeyFrame() -> Int? {
        var stream = FrameStream()
        stream.append(Self.file.span)
        stream.finish()
        var offset: Int?
        while true {
            switch stream.next() {
            case .frame(let head, let record): if head.isKey { offset = record.offset }
            case .finished: return offset
            case .needsBytes, .header, .table, .ignored, .fault, .resumed, .lostEnd, .end: continue
            }
        }
    }

    @Test func bytesOfAFileThatWasCutAreCounted() {
        let (_, host) = decode(Array(Self.file.dropLast(10)), "--keep-going")
        // The end mark has eight bytes: the frame before it lost two of its own.
        #expect(host.messageText.contains("from there to the end"))
        #expect(host.messageText.contains("bytes skipped"))
    }

    @Test func missingTableGivesNamesOfItsOwn() {
        var bytes = Self.file
        bytes[20] ^= 1
        let (status, host) = decode(bytes, "--keep-going")
        #expect(status == .dropped)
        #expect(host.outputText.hasPrefix("time_ms,?0,?1,?2\n"))
        #expect(host.outputText.split(separator: "\n").count == 61)
    }

    /// A frame outside the groups of a kind that this version does not know, with its check.
    private static func unknownFrame() -> [UInt8] {
        var frame: [UInt8] = [0xC1, 200, 1, 2, 3]
        let check = Checksum.value(of: frame.span)
        for i in 0..<4 { frame.append(UInt8(truncatingIfNeeded: check >> UInt32(8 * i))) }
        return frame
    }

    /// A file whose table names `names` sensors and whose only frame has `channels`.
    private static func file(
        names: Int, channels: Int, extra: [UInt8] = []
    ) throws -> [UInt8] {
        let table = try ChannelTable((0..<names).map { Channel(name: [97 + UInt8($0)]) })
        let stream = StreamHead(id: StreamID(random: 1), tableID: table.id)
        var bytes: [UInt8] = []
        var writer = ContainerWriter()
        writer.begin(ContainerHeader(timeUnit: .seconds), into: &bytes)
        var frame: [UInt8] = []
        ChannelTableFrame(stream: stream.id, table: table).append(to: &frame)
        writer.append(frame.span, readings: 0, into: &bytes)
        if !extra.isEmpty { writer.append(extra.span, readings: 0, into: &bytes) }
        var encoder = FrameEncoder(stream: stream, channels: channels)
        var window = ReadingWindow()
        _ = window.append(Reading(sensor: 0, time: 1_000_000_000, value: 7))
        frame.removeAll()
        let summary = try encoder.encode(&window, as: .key(group: 1), into: &frame)
        writer.append(frame.span, readings: summary.readings, into: &bytes)
        writer.end(into: &bytes)
        return bytes
    }

    @Test func sensorsThatNoTableNamesAreDamage() throws {
        var host = TestHost(input: try Self.file(names: 2, channels: 2))
        #expect(host.run("decode --format csv") == .success)
        #expect(host.outputText == "time_s,sensor,value\n1,a,7\n")
        host = TestHost(input: try Self.file(names: 2, channels: 3))
        #expect(host.run("decode --format csv") == .damagedData)
        #expect(host.messageText.contains("frame 2 at byte "))
        #expect(host.messageText.contains("it has more sensors than its table names"))
        #expect(host.outputText == "time_s,sensor,value\n")
        host = TestHost(input: try Self.file(names: 2, channels: 3))
        #expect(host.run("decode --format csv --keep-going") == .dropped)
        #expect(host.messageText.contains("1 frame with 1 reading lost"))
    }

    @Test func framesOfLaterVersionsArePassedOverAndCounted() throws {
        let unknown = Self.unknownFrame()
        let file = try Self.file(names: 1, channels: 1, extra: unknown)
        var host = TestHost(input: file)
        #expect(host.run("decode --format csv") == .success)
        #expect(host.outputText == "time_s,sensor,value\n1,a,7\n")
        #expect(host.messageText.hasPrefix("alec: 1 frame of a later version left out"))
        let start = try #require(
            file.indices.first { file[$0...].starts(with: unknown) })
        // A damaged one is none of these.
        for at in start + 1..<start + unknown.count {
            var damaged = file
            damaged[at] ^= 0x10
            host = TestHost(input: damaged)
            #expect(host.run("decode --format csv") == .damagedData, "byte \(at)")
            #expect(host.messageText.contains("the check differs"), "byte \(at)")
        }
    }

    @Test func otherFilesAreRefused() {
        #expect(decode(Array("time_ms,a\n".utf8)).0 == .damagedData)
        #expect(decode([]).0 == .damagedData)
        #expect(decode(Array(Self.file.dropFirst()), "--keep-going").0 == .damagedData)
    }

    @Test func inspectionGoesOnBehindDamage() {
        var bytes = Self.file
        bytes[300] ^= 1
        var host = TestHost(input: bytes)
        #expect(host.run("inspect") == .dropped)
        #expect(host.outputText.contains("\ndamage     at byte "))
        #expect(host.outputText.contains("1 place is damaged"))
        host = TestHost(input: Array("text\n".utf8))
        #expect(host.run("inspect --json") == .damagedData)
    }

    @Test func badLinesAreLeftOutWhenAsked() {
        let text = "time_ms,a\n1,1\n2,x\n3,3\n4,y\n"
        var host = TestHost(input: text)
        #expect(host.run("encode") == .damagedData)
        host = TestHost(input: text)
        #expect(host.run("encode --keep-going") == .dropped)
        #expect(host.messageText.hasPrefix("stdin:3:3: \"x\" is no number; the line is left out"))
        #expect(host.messageText.hasSuffix("alec: 2 lines were left out\n"))
        var decoder = TestHost(input: host.output)
        #expect(decoder.run("decode") == .success)
        #expect(decoder.outputText == "time_ms,sensor,value\n1,a,1\n3,a,3\n")
    }

    @Test func linesWithoutEndAreSkipped() {
        let long = String(repeating: "9", count: 1 << 20 + 5)
        var host = TestHost(input: "time_ms,a\n1,1\n\(long)\n3,3\n")
        #expect(host.run("encode --keep-going") == .dropped)
        #expect(host.messageText.hasPrefix("stdin:3:1: the line has more than 1 048 576 bytes"))
        var decoder = TestHost(input: host.output)
        _ = decoder.run("decode")
        #expect(decoder.outputText == "time_ms,sensor,value\n1,a,1\n3,a,3\n")
    }

    @Test func textsAmongReadingsAreCounted() {
        var host = TestHost(input: "{\"ts\":1,\"a\":1,\"state\":\"ok\"}\n")
        #expect(host.run("encode") == .success)
        #expect(host.messageText.hasPrefix("alec: 1 value was left out"))
    }

    @Test func readerThatLeavesIsNoError() {
        var host = TestHost(input: Self.file)
        host.outputLimit = 100
        host.outputError = SystemError(code: 32)
        #expect(host.run("decode") == .success)
        #expect(host.messages.isEmpty)
    }

    @Test func errorsHaveTheirStatus() throws {
        func failure(_ line: String, _ host: TestHost) -> CommandError? {
            var host = host
            do throws(CommandError) {
                switch try Invocation(line.split(separator: " ").map(String.init)) {
                case .encode(let options): _ = try EncodeCommand.run(options, on: &host)
                case .decode(let options): _ = try DecodeCommand.run(options, on: &host)
                case .inspect, .classify, .check, .simulate, .run, .spool, .serial,
                    .receive, .help, .version, .status, .reload, .initialize, .config:
                    break
                }
                return nil
            } catch {
                return error
            }
        }
        var full = TestHost(input: Self.file)
        full.outputLimit = 9
        var closed = full
        closed.outputError = SystemError(code: 32)
        var broken = TestHost()
        broken.readError = SystemError(code: 5)
        let expected: [(String, TestHost, CommandError, CommandStatus)] = [
            ("encode --x", TestHost(), .usage(.unknownOption("--x", .encode)), .usage),
            ("encode f", TestHost(), .cannotOpen(path: "f", SystemError(code: 2)), .inputOutput),
            ("encode", broken, .cannotRead(path: nil, SystemError(code: 5)), .inputOutput),
            ("decode", full, .cannotWrite(SystemError(code: 28)), .inputOutput),
            ("decode", closed, .outputClosed, .success),
        ]
        for (line, host, error, status) in expected {
            #expect(failure(line, host) == error)
            #expect(error.status == status)
        }
        let line = try #require(failure("encode", TestHost(input: "hello there\n")))
        guard case .badLine = line else { return #expect(Bool(false), "\(line)") }
        let data = try #require(failure("decode", TestHost(input: "hello there\n")))
        guard case .damagedFile = data else { return #expect(Bool(false), "\(data)") }
        #expect(line.status == .damagedData && data.status == .damagedData)
    }

    @Test func progressIsForPatientTerminals() {
        let text = TestHost.wideText(rows: 3000)
        var host = TestHost(input: text)
        host.clockStep = 600_000_000
        host.pieceBytes = 9000
        #expect(host.run("encode") == .success)
        #expect(host.messages.isEmpty)
        host = TestHost(input: text)
        host.errorIsTerminal = true
        host.pieceBytes = 9000
        #expect(host.run("encode") == .success)
        #expect(host.messages.isEmpty)
        host = TestHost(input: text)
        host.errorIsTerminal = true
        host.clockStep = 600_000_000
        host.pieceBytes = 9000
        #expect(host.run("encode") == .success)
        #expect(host.messageText.contains("readings"))
        #expect(host.messageText.hasSuffix("\r\u{1B}[K"))
    }
}
