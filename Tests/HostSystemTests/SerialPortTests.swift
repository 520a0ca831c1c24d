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
        switch try SerialPort.open(path, baud: baud) {
        case .opened(let port): return port
        case .absent: throw SystemError(code: ENOENT)
        case .busy: throw SystemError(code: EBUSY)
        case .unsupportedRate: throw SystemError(code: EINVAL)
        }
    }

    private func name(_ opening: consuming SerialOpening) -> String {
        switch consume opening {
        case .opened: "opened"
        case .absent: "absent"
        case .busy: "busy"
        case .unsupportedRate: "unsupportedRate"
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
        let again = name(try SerialPort.open(far.path, baud: 9600))
        #expect(again == "absent")
    }

    @Test func missingDeviceIsAnAnswer() throws {
        let answer = name(try SerialPort.open("/dev/nothing-is-here", baud: 9600))
        #expect(answer == "absent")
    }

    @Test func secondReaderIsKeptAway() throws {
        let far = try FarEnd()
        do {
            let port = try open(far.path)
            let second = name(try SerialPort.open(far.path, baud: 115_200))
            #expect(second == "busy")
            _ = port.descriptor
        }
        let third = name(try SerialPort.open(far.path, baud: 115_200))
        #expect(third == "opened")
    }

    @Test func everySpeedIsTaken() throws {
        #expect(SerialRate.all.first == 1200 && SerialRate.all.last == 4_000_000)
        #expect(SerialRate.all == SerialRate.all.sorted())
        for rate in SerialRate.all {
            let far = try FarEnd()
            let answer = name(try SerialPort.open(far.path, baud: rate))
            #expect(answer == "opened", "\(rate)")
        }
        let answer = name(try SerialPort.open("/dev/null", baud: 12_345))
        #expect(answer == "unsupportedRate")
    }

    @Test func fileIsNoSerialPort() {
        #expect(throws: SystemError(code: ENOTTY)) {
            _ = try SerialPort.open("/dev/null", baud: 9600)
        }
    }
}
