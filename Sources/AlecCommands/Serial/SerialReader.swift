// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import HostSystem

/// A serial port that is read until a moment, or until someone interrupts.
struct SerialReader: ~Copyable {
    enum Answer: Equatable {
        case bytes(Int)
        /// The moment came.
        case late
        /// Someone pressed Ctrl-C, or stdout is closed.
        case interrupted
        case gone
    }

    private let port: SerialPort
    private let path: String

    private init(port: consuming SerialPort, path: String) {
        self.port = port
        self.path = path
    }

    /// Opens the first device that `place` may mean.
    static func open(
        _ place: String, _ settings: SerialSettings, in devices: DeviceFolders
    ) throws(CommandError) -> SerialReader {
        var error = SystemError(code: ENODEV)
        for path in devices.candidates(place) {
            do throws(SystemError) {
                switch try SerialPort.open(path, settings) {
                case .opened(let port): return SerialReader(port: port, path: path)
                case .absent: break
                case .busy: error = SystemError(code: EBUSY)
                case .denied: error = SystemError(code: EACCES)
                case .unsupportedRate: error = SystemError(code: EINVAL)
                }
            } catch let fault {
                error = fault
            }
        }
        throw .cannotOpen(path: place, error)
    }

    /// Replaces the first bytes of `buffer` as soon as some come.
    borrowing func read(
        into buffer: inout [UInt8], until deadline: Int64, _ interruption: borrowing SignalSource
    ) throws(CommandError) -> Answer {
        while true {
            var items = [
                PollItem(descriptor: interruption.descriptor),
                PollItem(descriptor: port.descriptor),
            ]
            do throws(SystemError) {
                let count = try Poller.wait(on: &items, until: deadline)
                if items[0].isReadable {
                    _ = try interruption.next()
                    return .interrupted
                }
                guard items[1].isReadable || items[1].isHungUp else {
                    if count == 0 && Int64(clamping: MonotonicClock.nanoseconds) >= deadline {
                        return .late
                    }
                    continue
                }
                switch try port.read(into: &buffer) {
                case .bytes(let count): return .bytes(count)
                case .hungUp: return .gone
                case .nothing: if items[1].isHungUp { return .gone }
                }
            } catch {
                throw .cannotRead(path: path, error)
            }
        }
    }
}
