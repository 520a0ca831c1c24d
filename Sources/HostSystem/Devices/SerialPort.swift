// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// What came of opening a serial port. Only the last is worth a person's look: the others pass.
package enum SerialOpening: ~Copyable {
    case opened(SerialPort)
    /// Nothing is plugged in at the path.
    case absent
    /// Another process reads it.
    case busy
    /// The speed is none of `SerialRate.all`.
    case unsupportedRate
}

/// What came of reading a serial port.
package enum SerialAnswer: Equatable, Sendable {
    /// So many bytes lie at the beginning of the buffer.
    case bytes(Int)
    /// Nothing yet: poll.
    case nothing
    /// The device is gone; the port is of no use any more.
    case hungUp
}

/// A serial line, 8 data bits, no parity, read as it comes.
package struct SerialPort: ~Copyable {
    private let file: FileDescriptor

    private init(file: consuming FileDescriptor) { self.file = file }

    /// To poll for reading.
    package var descriptor: CInt { file.number }

    /// Opens the device at `path`, for this process alone. What came in before is thrown away: it
    /// may have been received at another speed.
    package static func open(
        _ path: String, baud: Int
    ) throws(SystemError) -> SerialOpening {
        guard let rate = SerialRate.constant(baud) else { return .unsupportedRate }
        do throws(SystemError) {
            // Without O_NONBLOCK it may wait for a carrier.
            let file = try FileDescriptor.opening(path, O_RDWR | O_NOCTTY | O_NONBLOCK)
            // TIOCEXCL does not keep root away, the lock keeps only those away who ask for it.
            guard try file.lock() else { return .busy }
            _ = alec_ioctl(file.number, alec_tiocexcl)
            try configure(file.number, rate)
            return .opened(SerialPort(file: file))
        } catch {
            switch error.code {
            case ENOENT, ENXIO, ENODEV, EIO: return .absent
            case EBUSY: return .busy
            default: throw error
            }
        }
    }

    /// Replaces the first bytes of `buffer` by what has come in, without waiting.
    package borrowing func read(into buffer: inout [UInt8]) throws(SystemError) -> SerialAnswer {
        while true {
            // The kernel writes at most as many bytes as the buffer has.
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe Glibc.read(file.number, bytes.baseAddress, bytes.count)
            }
            if count > 0 { return .bytes(count) }
            // With VMIN 1 an empty line is EAGAIN, so that 0 is the end.
            if count == 0 { return .hungUp }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .nothing
            case EIO, ENXIO, ENODEV: return .hungUp
            default: throw .last
            }
        }
    }

    private static func configure(_ number: CInt, _ rate: speed_t) throws(SystemError) {
        var settings = termios()
        // This and the calls below read or fill in the local structure.
        guard unsafe tcgetattr(number, &settings) == 0 else { throw .last }
        unsafe cfmakeraw(&settings)
        settings.c_cflag |= tcflag_t(CLOCAL | CREAD)
        settings.c_cflag &= ~(tcflag_t(CSTOPB) | tcflag_t(CRTSCTS))
        // The field is a tuple of bytes, and both indexes are inside.
        unsafe withUnsafeMutableBytes(of: &settings.c_cc) { bytes in
            unsafe bytes[Int(VMIN)] = 1
            unsafe bytes[Int(VTIME)] = 0
        }
        guard unsafe cfsetspeed(&settings, rate) == 0,
            unsafe tcsetattr(number, TCSANOW, &settings) == 0,
            tcflush(number, TCIFLUSH) == 0
        else { throw .last }
    }
}
