// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import Glibc
import HostSystem
import LineProtocols
import Synchronization
import Testing

@testable import AlecCommands

@Suite struct LineTraceTests {
    private static let start = MonotonicInstant(nanoseconds: 1)
    private static let wall = WallTime(nanoseconds: 1_790_000_000_123_456_789)

    /// What is told of a script: text that comes, and `.` for 100 ms of nothing.
    private static func told(_ script: [String]) -> String {
        var trace = LineTrace(nil, idle: .milliseconds(200), at: start)
        var now = start
        var text = ""
        let tell = { (trace: LineTrace, line: [UInt8], finding: LineTrace.Finding) in
            text += SerialPage.line(line, finding, in: trace, wall: wall.nanoseconds)
        }
        for step in script {
            if step == "." {
                now = now + .milliseconds(100)
                trace.advance(to: now, wall: wall, tell: tell)
            } else {
                trace.take(Array(step.utf8)[...], at: now, wall: wall, tell: tell)
            }
        }
        return text
    }

    @Test func linesAndWhatBecomesOfThem() throws {
        var text = ""
        for script in [
            ["1.5}\n{\"ts\":1,\"a\":1.5}\r\n{\"ts\":2,\"a\"", ":2,\"b\":true}\n"],
            [".", ".", "time_ms,t\n", "1,2\n", "1,x\n", "\n"],
            [".", ".", "w a=1 1\n", "w \u{1}=\t\u{7F}ü\n"],
            [".", ".", "w a=1 1", ".", ".", "w a=2 2", ".", ".", "w a=3 3", ".", "."],
            [String(repeating: "x", count: 5000) + "\n"],
        ] {
            // The one line of five thousand bytes would fill the file.
            text +=
                Self.told(script).split(separator: "\n")
                .map { $0.count > 200 ? "(\($0.count) characters)" : $0 }
                .joined(separator: "\n") + "\n\n"
        }
        try Golden.check(text, "serial-trace")
    }

    @Test func bytesThatAreNoTextAreShownAsNumbers() {
        #expect(SerialPage.visible([0x41, 0, 0xFF, 0x7F, 0x0D]) == "A\\x00\\xff\\x7f")
        #expect(SerialPage.visible(Array("ü\t".utf8)) == "ü\t")
        // A broken one makes the whole line suspect.
        #expect(SerialPage.visible([0xC3, 0xBC, 0xC3]) == "\\xc3\\xbc\\xc3")
    }
}

@Suite struct SerialPageTests {
    @Test func portsAreListedWithWhatToPaste() throws {
        var usb = SerialDevice(path: "/dev/ttyUSB0")
        usb.driver = "ftdi_sio"
        usb.lastingPaths = ["/dev/serial/by-id/usb-FTDI_A5-if00-port0"]
        usb.usb = .init(vendor: "0403", product: "6001", serial: "A5", name: "FTDI UART")
        var bare = SerialDevice(path: "/dev/ttyACM0")
        bare.usb = .init(vendor: "2341", product: "0043", serial: "", name: "")
        let board = SerialDevice(path: "/dev/ttyS1")
        try Golden.check(SerialPage.list([usb, bare, board]), "serial-list")
    }

    @Test func attemptsAreToldInALine() {
        typealias Attempt = SerialProbe.Attempt
        let lines = [
            Attempt(baud: 115_200, outcome: .silent), Attempt(baud: 9600, outcome: .noise(1200)),
            Attempt(baud: 300, outcome: .text(1)), Attempt(baud: 50, outcome: .unsupported),
            Attempt(baud: 19_200, outcome: .readings(12, lines: 6, .influx)),
        ].map { SerialPage.attempt($0) }
        #expect(
            lines == [
                "  115200  nothing came\n", "    9600  1 200 bytes, no text\n",
                "     300  1 line of text in no known format\n",
                "      50  the port cannot do this speed\n",
                "   19200  6 lines, 12 readings, format influx\n",
            ])
    }

    @Test func probeKnowsWhatItFound() {
        var probe = SerialProbe()
        #expect(probe.isSilent)
        probe.add(.init(baud: 1, outcome: .unsupported))
        probe.add(.init(baud: 2, outcome: .silent))
        #expect(probe.isSilent && probe.found == nil && probe.text == nil)
        probe.add(.init(baud: 3, outcome: .noise(3)))
        probe.add(.init(baud: 4, outcome: .text(2)))
        probe.add(.init(baud: 5, outcome: .readings(1, lines: 1, .csv)))
        #expect(!probe.isSilent && probe.found?.baud == 5 && probe.text == 4)
        var tally = ProbeTally()
        #expect(tally.outcome(nil) == .silent)
        tally.take(bytes: 3)
        tally.take(Array("ab".utf8), .part)
        #expect(tally.outcome(nil) == .noise(3) && !tally.isEnough)
        tally.take([0x41, 0x07], .refused(.format(.unknown)))
        #expect(tally.outcome(nil) == .noise(3))
        tally.take(bytes: SerialProbe.enoughBytes)
        #expect(tally.isEnough)
    }
}

/// The commands over a pair of terminals.
@Suite struct SerialCommandTests {
    /// A device that sends the same line again and again until it is let go.
    private final class Sender {
        let near: String
        private let stop: EventFlag
        private let ended: EventFlag
        private let number: CInt

        init(_ line: String) throws {
            var ends: (far: CInt, near: CInt) = (-1, -1)
            var name = [CChar](repeating: 0, count: 128)
            try #require(openpty(&ends.far, &ends.near, &name, nil, nil) == 0)
            close(ends.near)
            near = String(decoding: name.prefix { $0 != 0 }.map { UInt8($0) }, as: UTF8.self)
            let (stop, ended) = (try EventFlag(), try EventFlag())
            (self.stop, self.ended, number) = (stop, ended, ends.far)
            let (far, bytes) = (ends.far, Array(line.utf8))
            _ = fcntl(far, F_SETFL, O_NONBLOCK)
            _ = try WorkerThread.start(name: "sender") {
                var items = [PollItem(descriptor: stop.descriptor)]
                while !items[0].isReadable {
                    _ = write(far, bytes, bytes.count)
                    let next = Int64(MonotonicClock.nanoseconds) + 5_000_000
                    _ = try? Poller.wait(on: &items, until: next)
                }
                ended.raise()
            }
        }

        deinit {
            stop.raise()
            var items = [PollItem(descriptor: ended.descriptor)]
            _ = try? Poller.wait(on: &items, until: nil)
            close(number)
        }
    }

    @Test func probeFindsSpeedAndFormat() throws {
        let sender = try Sender("{\"ts\":1,\"a\":1.5}\n")
        var host = TestHost()
        #expect(host.run("serial probe --seconds 20 \(sender.near)") == .success)
        #expect(host.outputText.hasPrefix("  115200  "))
        #expect(
            host.outputText.hasSuffix(
                "\n[[input]]\nfrom = \"\(sender.near)@115200\"\nformat = \"jsonl\"\n"))
    }

    @Test func probeOfASpeedTellsWhatIsNoFormat() throws {
        let sender = try Sender("what is this?\n")
        var host = TestHost()
        #expect(host.run("serial probe --seconds 20 \(sender.near)@12345") == .damagedData)
        #expect(host.outputText.contains("   12345  "))
        #expect(host.messageText.hasPrefix("there is text at 12345, but in no known format"))
    }

    @Test func traceTellsLinesUntilTheTimeIsOver() throws {
        let sender = try Sender("{\"ts\":1,\"a\":1.5}\n")
        var host = TestHost()
        #expect(host.run("serial trace --seconds 1 \(sender.near)") == .success)
        #expect(host.outputText.contains("  {\"ts\":1,\"a\":1.5}\n    a = 1.5\n"))
    }

    @Test func deviceThatIsNotThereIsTold() {
        var host = TestHost()
        #expect(host.run("serial trace /dev/nothing-is-here") == .inputOutput)
        #expect(
            host.messageText.hasPrefix(
                "/dev/nothing-is-here: cannot be opened: nothing is plugged in there"))
        #expect(host.run("serial probe /dev/null") == .inputOutput)
        #expect(host.messageText.contains("/dev/null: cannot be opened: it is no serial port"))
    }

    @Test func listOfNothingIsNoError() throws {
        var host = TestHost()
        var options = Options.Serial()
        options.action = .list
        let status = try SerialCommand.run(
            options, on: &host, devices: DeviceFolders(classes: "/nowhere", devices: "/nowhere"))
        #expect(status == .success)
        #expect(host.output.isEmpty && host.messageText == SerialPage.nothing)
    }
}
