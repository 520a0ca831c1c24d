// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// What came of opening a serial port. Only the last two are worth a person's look: the others
/// pass.
package enum SerialOpening: ~Copyable {
    case opened(SerialPort)
    /// Nothing is plugged in at the path.
    case absent
    /// Another process reads it.
    case busy
    /// The device cannot do the speed.
    case unsupportedRate
    /// Who may read it are others.
    case denied
}

/// What came of reading a source that comes and goes.
package enum SerialAnswer: Equatable, Sendable {
    /// So many bytes lie at the beginning of the buffer.
    case bytes(Int)
    /// Nothing yet: poll.
    case nothing
    /// The device is gone; the port is of no use any more.
    case hungUp
}

/// A serial line, read as it comes.
package struct SerialPort: ~Copyable {
    /// A device that comes no nearer to the speed than this, in percent, garbles what it reads.
    private static let tolerancePercent = 3

    private let file: FileDescriptor

    private init(file: consuming FileDescriptor) { self.file = file }

    /// To poll for reading.
    package var descriptor: CInt { file.number }

    /// How many bytes wait in the kernel; nil where the device is gone.
    package var waitingBytes: Int? {
        let count = alec_waiting(file.number)
        return count < 0 ? nil : Int(count)
    }

    /// Opens the device at `path`. What came in before is thrown away: it may have been received
    /// at another speed.
    package static func open(
        _ path: String, _ settings: SerialSettings
    ) throws(SystemError) -> SerialOpening {
        do throws(SystemError) {
            // Without O_NONBLOCK it may wait for a carrier.
            let file = try FileDescriptor.opening(path, O_RDWR | O_NOCTTY | O_NONBLOCK)
            if settings.isExclusive {
                // TIOCEXCL does not keep root away, the lock only those who ask for it.
                guard try file.lock() else { return .busy }
                _ = alec_ioctl(file.number, alec_tiocexcl)
            }
            guard try configure(file.number, settings) else { return .unsupportedRate }
            // Into the kernel's buffer, which is empty and larger than any greeting.
            if !settings.greeting.isEmpty {
                guard try file.writeAtOnce(settings.greeting.span) == settings.greeting.count
                else { throw SystemError(code: EAGAIN) }
            }
            return .opened(SerialPort(file: file))
        } catch {
            switch error.code {
            case ENOENT, ENXIO, ENODEV, EIO: return .absent
            case EBUSY: return .busy
            case EACCES, EPERM: return .denied
            default: throw error
            }
        }
    }

    /// Replaces the first bytes of `buffer` by what has come in, without waiting.
    package borrowing func read(into buffer: inout [UInt8]) throws(SystemError) -> SerialAnswer {
        // With VMIN 1 an empty line is EAGAIN, so that 0 is the end.
        try file.readAtOnce(into: &buffer)
    }

    /// False if the device cannot do the speed.
    private static func configure(
        _ number: CInt, _ wanted: SerialSettings
    ) throws(SystemError) -> Bool {
        var settings = termios()
        // This and the calls below read or fill in the local structure.
        guard unsafe tcgetattr(number, &settings) == 0 else { throw .last }
        unsafe cfmakeraw(&settings)
        set(&settings, wanted)
        // The field is a tuple of bytes, and both indexes are inside.
        unsafe withUnsafeMutableBytes(of: &settings.c_cc) { bytes in
            unsafe bytes[Int(VMIN)] = 1
            unsafe bytes[Int(VTIME)] = 0
        }
        let rate = SerialRate.constant(wanted.baud)
        if let rate {
            guard unsafe cfsetspeed(&settings, rate) == 0 else { throw .last }
        }
        guard unsafe tcsetattr(number, TCSANOW, &settings) == 0 else { throw .last }
        if rate == nil, alec_set_speed(number, UInt32(clamping: wanted.baud)) != 0 {
            // Not every driver knows of speeds without a name.
            guard errno == EINVAL else { throw .last }
            return false
        }
        guard isNear(Int(alec_speed(number)), wanted.baud) else { return false }
        guard tcflush(number, TCIFLUSH) == 0 else { throw .last }
        return true
    }

    /// Drivers answer a speed that they cannot do with one that they can.
    private static func isNear(_ speed: Int, _ wanted: Int) -> Bool {
        speed == 0 || abs(speed - wanted) * 100 <= wanted * tolerancePercent
    }

    private static func set(_ settings: inout termios, _ wanted: SerialSettings) {
        settings.c_cflag |= tcflag_t(CLOCAL | CREAD)
        settings.c_cflag &= ~(tcflag_t(CSTOPB) | tcflag_t(CRTSCTS) | tcflag_t(CSIZE))
        switch wanted.dataBits {
        case 5: settings.c_cflag |= tcflag_t(CS5)
        case 6: settings.c_cflag |= tcflag_t(CS6)
        case 7: settings.c_cflag |= tcflag_t(CS7)
        default: settings.c_cflag |= tcflag_t(CS8)
        }
        if wanted.stopBits == 2 { settings.c_cflag |= tcflag_t(CSTOPB) }
        switch wanted.parity {
        case .none: break
        case .odd: settings.c_cflag |= tcflag_t(PARENB | PARODD)
        case .even: settings.c_cflag |= tcflag_t(PARENB)
        }
        // A byte with the wrong parity comes as a zero, which no line may have.
        if wanted.parity != .none { settings.c_iflag |= tcflag_t(INPCK) }
        switch wanted.flow {
        case .none: break
        case .rtscts: settings.c_cflag |= tcflag_t(CRTSCTS)
        case .xonxoff: settings.c_iflag |= tcflag_t(IXON | IXOFF)
        }
    }
}
