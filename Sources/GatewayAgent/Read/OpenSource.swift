// SPDX-License-Identifier: Apache-2.0

internal import GatewayCore
package import HostSystem

/// A descriptor that readings come from, while it is open.
///
/// A class, so that inputs can stand in an array while descriptors cannot be copied.
package final class OpenSource: Sendable {
    private enum Kind: ~Copyable, Sendable {
        case stream(FileDescriptor)
        case serial(SerialPort)
        case command(ChildProcess)
    }

    private let kind: Kind

    /// A pipe or a file, which ends once.
    package init(stream: consuming FileDescriptor) { kind = .stream(stream) }

    init(port: consuming SerialPort) { kind = .serial(port) }

    init(command: consuming ChildProcess) { kind = .command(command) }

    /// To poll for reading.
    var descriptor: CInt {
        switch kind {
        case .stream(let file): file.descriptor
        case .serial(let port): port.descriptor
        case .command(let process): process.descriptor
        }
    }

    /// To poll for the end of a command; negative for others.
    var endDescriptor: CInt {
        switch kind {
        case .stream: -1
        case .serial: -1
        case .command(let process): process.endDescriptor
        }
    }

    /// Replaces the first bytes of `buffer`. A stream that ends hangs up, as a port does that is
    /// pulled out.
    func read(into buffer: inout [UInt8]) throws(SystemError) -> SerialAnswer {
        switch kind {
        case .stream(let file): return try file.readAtOnce(into: &buffer)
        case .serial(let port): return try port.read(into: &buffer)
        case .command(let process): return try process.read(into: &buffer)
        }
    }

    /// What waits in the kernel's buffer of a serial port, where it is a device and not gone.
    var waitingBytes: Int? {
        switch kind {
        case .stream: 0
        case .command: 0
        case .serial(let port): port.waitingBytes
        }
    }

    /// Asks a command to end.
    func terminate() {
        switch kind {
        case .stream: break
        case .serial: break
        case .command(let process): process.terminate()
        }
    }

    /// Ends a command.
    func kill() {
        switch kind {
        case .stream: break
        case .serial: break
        case .command(let process): process.kill()
        }
    }

    /// How the command ended; nil while it runs.
    func takeEnding() -> SourceReason? {
        switch kind {
        case .stream: nil
        case .serial: nil
        case .command(let process): process.takeEnding().map { SourceReason($0) }
        }
    }

    /// Waits for the end of a command that was asked to, and enforces it after `deadline`.
    func stop(by deadline: MonotonicInstant) {
        switch kind {
        case .stream: break
        case .serial: break
        case .command(let process): _ = process.stop(by: deadline.nanoseconds)
        }
    }
}

extension SourceReason {
    init(_ ending: ChildProcess.Ending) {
        switch ending {
        case .exited(let status): self = .exited(status)
        case .killed(let signal): self = .killed(signal)
        }
    }

    /// As log lines have it.
    package var text: String {
        switch self {
        case .absent: "absent"
        case .busy: "busy"
        case .denied: "denied"
        case .unsupportedRate: "unsupported_rate"
        case .hungUp: "ended"
        case .dead: "dead"
        case .exited(let status): "exit_\(status)"
        case .killed(let signal): "signal_\(signal)"
        case .system(let code): "errno_\(code)"
        }
    }
}
