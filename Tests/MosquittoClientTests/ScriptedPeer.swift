// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// The other end of an MQTT connection: it notes down packets and sends the bytes it is told to.
///
/// It never blocks and has no thread: a test lets it and the client act in turn.
struct ScriptedPeer: ~Copyable {
    /// A packet as it came: its first byte, and what follows the length.
    struct Packet: Equatable {
        var head: UInt8
        var body: [UInt8]
    }

    let port: UInt16
    private(set) var packets: [Packet] = []
    /// The client closed the connection.
    private(set) var isClosed = false
    /// Connections taken so far.
    private(set) var connections = 0
    private let listener: CInt
    private var connection: CInt = -1
    private var unread: [UInt8] = []
    private var unsent: [UInt8] = []

    /// Listens on a port of the loopback that the kernel chooses.
    init() throws {
        listener = socket(
            AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
        // Little room, so that a line can be full.
        var room: CInt = 65_536
        setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout<CInt>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let number = listener
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let works = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, length) == 0 && listen(number, 4) == 0
                    && getsockname(number, $0, &length) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        try #require(works)
    }

    deinit {
        if connection >= 0 { close(connection) }
        close(listener)
    }

    /// Takes a connection, reads what came, sends what is still to send.
    mutating func step(reads: Bool = true) {
        let fresh = accept(listener, nil, nil)
        if fresh >= 0 {
            hangUp()
            connection = fresh
            connections += 1
            isClosed = false
            _ = fcntlNonBlocking(connection)
        }
        guard connection >= 0 else { return }
        if reads { receive() }
        flush()
    }

    mutating func send(_ bytes: [UInt8]) {
        unsent += bytes
        flush()
    }

    /// Ends the connection without a word.
    mutating func hangUp() {
        if connection >= 0 { close(connection) }
        connection = -1
        unread = []
        unsent = []
    }

    private func fcntlNonBlocking(_ number: CInt) -> CInt {
        fcntl(number, F_SETFL, O_NONBLOCK)
    }

    private mutating func flush() {
        while connection >= 0, !unsent.isEmpty {
            let count = Glibc.send(connection, unsent, unsent.count, CInt(MSG_NOSIGNAL))
            guard count > 0 else { return }
            unsent.removeFirst(count)
        }
    }

    private mutating func receive() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(connection, &buffer, buffer.count)
            if count == 0 { isClosed = true }
            guard count > 0 else { break }
            unread += buffer.prefix(count)
        }
        while let packet = nextPacket() { packets.append(packet) }
    }

    /// Cuts the first packet off what was read, once all of it is there.
    private mutating func nextPacket() -> Packet? {
        var length = 0
        var at = 1
        repeat {
            guard at < unread.count, at <= 4 else { return nil }
            length |= Int(unread[at] & 0x7F) << (7 * (at - 1))
            at += 1
        } while unread[at - 1] & 0x80 != 0
        guard unread.count >= at + length else { return nil }
        let packet = Packet(head: unread[0], body: Array(unread[at..<at + length]))
        unread.removeFirst(at + length)
        return packet
    }
}
