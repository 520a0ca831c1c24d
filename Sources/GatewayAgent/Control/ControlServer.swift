// SPDX-License-Identifier: Apache-2.0

package import GatewayCore
package import HostSystem

/// Answers other processes of this machine, a line each, on the main thread.
///
/// Nothing here waits: each call does what can be done now. Who sends nothing, or does not read
/// its answer, is cut off after a while, so that the few places are free again.
package struct ControlServer: ~Copyable {
    /// Connections at a time; more of them wait in the kernel.
    package static let clientLimit = 8
    /// From the connection to the end of the answer.
    package static let patience = Duration.seconds(5)

    private struct Client {
        let stream: LocalStream
        let deadline: MonotonicInstant
        var request: [UInt8] = []
        /// Empty until the request is there.
        var answer: [UInt8] = []
        var sent = 0
    }

    /// What became of a client.
    private enum Progress {
        case waits
        case isOver
    }

    private let listener: LocalListener
    private var clients: [Client] = []
    private var buffer = [UInt8](repeating: 0, count: ControlRequest.byteLimit)
    /// Connections that were cut off, or broke.
    package private(set) var failures = 0

    /// Listens at `path`.
    package init(_ path: String) throws(SystemError) { listener = try LocalListener(path) }

    /// What to poll.
    package var items: [PollItem] {
        var items = clients.map { client in
            PollItem(
                descriptor: client.stream.descriptor, wantsRead: client.answer.isEmpty,
                wantsWrite: !client.answer.isEmpty)
        }
        if clients.count < Self.clientLimit {
            items.append(PollItem(descriptor: listener.descriptor))
        }
        return items
    }

    /// When somebody is to be cut off; nil where nobody is connected.
    package var deadline: MonotonicInstant? { clients.map(\.deadline).min() }

    /// Does what can be done now. `answer` makes the answer to a line.
    package mutating func serve(
        at now: MonotonicInstant, _ answer: (Span<UInt8>) -> [UInt8]
    ) {
        accept(at: now)
        var i = 0
        while i < clients.count {
            let progress: Progress
            do throws(SystemError) {
                progress = try Self.advance(&clients[i], &buffer, answer)
            } catch {
                failures += 1
                progress = .isOver
            }
            switch progress {
            case .isOver: clients.remove(at: i)
            case .waits where now >= clients[i].deadline:
                failures += 1
                clients.remove(at: i)
            case .waits: i += 1
            }
        }
    }

    private mutating func accept(at now: MonotonicInstant) {
        while clients.count < Self.clientLimit {
            // Without descriptors nobody is answered; the agent goes on.
            guard let stream = (try? listener.accept()) ?? nil else { return }
            clients.append(Client(stream: stream, deadline: now + Self.patience))
        }
    }

    private static func advance(
        _ client: inout Client, _ buffer: inout [UInt8], _ answer: (Span<UInt8>) -> [UInt8]
    ) throws(SystemError) -> Progress {
        if client.answer.isEmpty {
            switch try client.stream.receive(into: &buffer) {
            case .nothing: return .waits
            case .ended:
                // A request without its newline is one; nothing at all is none.
                if client.request.isEmpty { return .isOver }
                client.answer = answer(client.request.span)
            case .bytes(let count):
                client.request += buffer.prefix(count)
                let line = client.request.prefix { $0 != 0x0A }
                let isWhole = line.count < client.request.count
                // A line that is too long is answered too: with what is wrong.
                guard isWhole || client.request.count > ControlRequest.byteLimit else {
                    return .waits
                }
                client.answer = answer(Array(line).span)
            }
        }
        // On its own, as a span keeps the value that it comes from from changing.
        let bytes = client.answer
        let count = try client.stream.send(bytes.span.extracting(client.sent..<bytes.count))
        client.sent += count
        return client.sent == client.answer.count ? .isOver : .waits
    }
}
