// SPDX-License-Identifier: Apache-2.0

import Glibc
import HostSystem
import Testing

/// A pair of connected terminals stands for the line and what is plugged into it.
@Suite struct SerialPortTests {
    /// The far end; its name is that of the device.
    private struct FarEnd: ~Copyable {
        let path: String
        private(set) var number: CInt = -1

        init() throws {
            var near: CInt = -1
            var name = [CChar](repeating: 0, count: 128)
            try #require(openpty(&number, &near, &name, nil, nil) == 0)
            close(near)
            path = String(decoding: name.prefix { $0 != 0 }.map { UInt8($0) }, as: UTF8.self)
        }

        deinit { if number >= 0 { close(number) } }

        borrowing func send(_ bytes: [UInt8]) {
            #expect(write(number, bytes, bytes.count) == bytes.count)
        }

        mutating func unplug() {
            close(number)
            number = -1
        }
    }

    private func open(_ path: String, baud: Int = 115_200) throws -> SerialPort {
        switch try SerialPort.open(path, SerialSettings(baud: baud)) {
        case .opened(let port): return port
        case .absent: throw SystemError(code: ENOENT)
        case .busy: throw SystemError(code: EBUSY)
        case .unsupportedRate: throw SystemError(code: EINVAL)
        case .denied: throw SystemError(code: EACCES)
        }
    }

    private func name(_ opening: consuming SerialOpening) -> String {
        switch consume opening {
        case .opened: "opened"
        case .absent: "absent"
        case .busy: "busy"
        case .unsupportedRate: "unsupportedRate"
        case .denied: "denied"
        }
    }

    /// Reads until so many bytes are there or the answer is another one.
    private func read(
        _ count: Int, from port: borrowing SerialPort, bufferBytes: Int = 64
    ) throws -> (bytes: [UInt8], last: SerialAnswer) {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: bufferBytes)
        while bytes.count < count {
            var items = [PollItem(descriptor: port.descriptor)]
            try Poller.wait(on: &items, until: Int64(MonotonicClock.nanoseconds) + 5_000_000_000)
            let answer = try port.read(into: &buffer)
            guard case .bytes(let came) = answer else { return (bytes, answer) }
            bytes += buffer.prefix(came)
        }
        return (bytes, try port.read(into: &buffer))
    }

    @Test func bytesComeAsTheyAre() throws {
        let far = try FarEnd()
        let port = try open(far.path)
        var buffer = [UInt8](repeating: 0, count: 8)
        #expect(try port.read(into: &buffer) == .nothing)
        // Line ends, interrupts, end of file, flow control: all of it is data.
        let all = (0...255).map { UInt8($0) }
        far.send(all)
        let came = try read(all.count, from: port, bufferBytes: 7)
        #expect(came.bytes == all && came.last == .nothing)
    }

    @Test func lineComesInParts() throws {
        let far = try FarEnd()
        let port = try open(far.path)
        far.send(Array("t1,2".utf8))
        #expect(try read(4, from: port).bytes == Array("t1,2".utf8))
        far.send(Array("1.5\r\n".utf8))
        #expect(try read(5, from: port).bytes == Array("1.5\r\n".utf8))
    }

    @Test func unpluggingIsAnAnswer() throws {
        var far = try FarEnd()
        let port = try open(far.path)
        far.unplug()
        let came = try read(1, from: port)
        #expect(came.bytes.isEmpty && came.last == .hungUp)
        var items = [PollItem(descriptor: port.descriptor)]
        try Poller.wait(on: &items, until: 0)
        #expect(items[0].isHungUp)
        let again = name(try SerialPort.open(far.path, SerialSettings(baud: 9600)))
        #expect(again == "absent")
    }

    @Test func missingDeviceIsAnAnswer() throws {
        let answer = name(try SerialPort.open("/dev/nothing-is-here", SerialSettings(baud: 9600)))
        #expect(answer == "absent")
    }

    @Test func secondReaderIsKeptAway() throws {
        let far = try FarEnd()
        do {
            let port = try open(far.path)
            let second = name(try SerialPort.open(far.path, SerialSettings(baud: 115_200)))
            #expect(second == "busy")
            _ = port.descriptor
        }
        let third = name(try SerialPort.open(far.path, SerialSettings(baud: 115_200)))
        #expect(third == "opened")
    }

    @Test func everySpeedIsTaken() throws {
        #expect(SerialRate.all.first == 1200 && SerialRate.all.last == 4_000_000)
        #expect(SerialRate.all == SerialRate.all.sorted())
        // The last ones have no name.
        for rate in SerialRate.all + [12_345, 250_000, 12_000_000] {
            let far = try FarEnd()
            let answer = name(try SerialPort.open(far.path, SerialSettings(baud: rate)))
            #expect(answer == "opened", "\(rate)")
        }
    }

    @Test(arguments: [
        (5, SerialSettings.Parity.none, 1, SerialSettings.Flow.none),
        (6, .even, 2, .rtscts), (7, .odd, 2, .xonxoff), (8, .even, 1, .xonxoff),
    ])
    func everyShapeOfAByteIsTaken(
        bits: Int, parity: SerialSettings.Parity, stops: Int, flow: SerialSettings.Flow
    ) throws {
        let far = try FarEnd()
        var settings = SerialSettings(baud: 9600)
        settings.dataBits = bits
        settings.parity = parity
        settings.stopBits = stops
        settings.flow = flow
        guard case .opened(let port) = try SerialPort.open(far.path, settings) else {
            Issue.record("not opened")
            return
        }
        var kept = termios()
        #expect(tcgetattr(port.descriptor, &kept) == 0)
        // A pair of terminals keeps its own shape of a byte: 8 bits, no parity.
        #expect((kept.c_cflag & tcflag_t(CSTOPB) != 0) == (stops == 2))
        #expect((kept.c_cflag & tcflag_t(CRTSCTS) != 0) == (flow == .rtscts))
        #expect((kept.c_iflag & tcflag_t(IXON) != 0) == (flow == .xonxoff))
        #expect((kept.c_iflag & tcflag_t(INPCK) != 0) == (parity != .none))
        #expect(cfgetispeed(&kept) == speed_t(B9600))
    }

    @Test func greetingIsSentAtEachOpening() throws {
        let far = try FarEnd()
        var settings = SerialSettings(baud: 9600)
        settings.greeting = Array("START\r\n".utf8)
        for _ in 0..<2 {
            guard case .opened(let port) = try SerialPort.open(far.path, settings) else {
                Issue.record("not opened")
                return
            }
            var items = [PollItem(descriptor: far.number)]
            try Poller.wait(on: &items, until: Int64(MonotonicClock.nanoseconds) + 5_000_000_000)
            var buffer = [UInt8](repeating: 0, count: 64)
            let count = Glibc.read(far.number, &buffer, buffer.count)
            #expect(Array(buffer.prefix(count)) == settings.greeting)
            _ = port.descriptor
        }
    }

    @Test func portThatIsSharedKeepsNobodyAway() throws {
        let far = try FarEnd()
        var settings = SerialSettings(baud: 9600)
        settings.isExclusive = false
        guard case .opened(let port) = try SerialPort.open(far.path, settings) else {
            Issue.record("not opened")
            return
        }
        let second = name(try SerialPort.open(far.path, settings))
        #expect(second == "opened")
        _ = port.descriptor
    }

    @Test func bytesThatWaitAreCounted() throws {
        var far = try FarEnd()
        let port = try open(far.path)
        #expect(port.waitingBytes == 0)
        far.send(Array("12345".utf8))
        var items = [PollItem(descriptor: port.descriptor)]
        try Poller.wait(on: &items, until: Int64(MonotonicClock.nanoseconds) + 5_000_000_000)
        #expect(port.waitingBytes == 5)
        far.unplug()
        try Poller.wait(on: &items, until: Int64(MonotonicClock.nanoseconds) + 5_000_000_000)
    }

    @Test func fileIsNoSerialPort() {
        #expect(throws: SystemError(code: ENOTTY)) {
            _ = try SerialPort.open("/dev/null", SerialSettings(baud: 9600))
        }
    }
}
