// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import Glibc
import StoreAndForward
import TestSupport

/// A spool on a disk whose bytes libFuzzer thinks up, and what it does with them.
///
/// The first byte says how much of the rest are bytes of a segment, in 64ths; what follows are
/// steps: append, acknowledge, lose, sync, trim, expire, flip a byte, open again.
struct FuzzSpool {
    private let disk = SimulatedDisk()
    private var settings: SpoolSettings
    private var bytes: ArraySlice<UInt8>
    private var group: UInt32 = 0

    static func run(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let rest = input.dropFirst()
        let count = rest.count * Int(first & 63) / 64
        var trial = FuzzSpool(rest.dropFirst(count), isDurable: first & 64 == 0)
        trial.disk.put(Array(rest.prefix(count)), in: 1)
        trial.go()
    }

    private init(_ steps: ArraySlice<UInt8>, isDurable: Bool) {
        bytes = steps
        settings = SpoolSettings(
            maximumBytes: 20_000, segmentBytes: 1500, historyBytes: 2000, isDurable: isDurable)
        settings.evicts = true
        settings.indexedBytes = 0
        settings.timeToLive = InlineArray(repeating: 1000)
    }

    private mutating func next() -> Int { Int(bytes.popFirst() ?? 0) }

    private mutating func go() {
        // A newer version is refused; nothing else may be.
        guard var spool = try? Spool(SimulatedStorage(disk: disk), settings) else { return }
        read(&spool)
        while !bytes.isEmpty {
            if next() % 16 == 15 {
                guard let again = try? Spool(SimulatedStorage(disk: disk), settings) else { return }
                spool = again
            } else {
                step(&spool)
            }
        }
        read(&spool)
        try? spool.verify { precondition($0.tornBytes >= 0, "less than nothing is torn") }
    }

    private mutating func step(_ spool: inout Spool<SimulatedStorage>) {
        let identity = GroupIdentity(
            stream: StreamID(random: 7), lane: .data, group: UInt32(next()))
        switch next() % 8 {
        case 0, 1: append(&spool)
        case 2: _ = try? spool.acknowledge(identity)
        case 3: _ = try? spool.lose(identity, .evicted)
        case 4:
            if let ticket = spool.beginSync(), (try? ticket.run()) != nil { spool.endSync(ticket) }
        case 5: try? spool.trim()
        case 6: _ = try? spool.expire(at: Int64(next()) * 20)
        default: flip()
        }
    }

    private mutating func append(_ spool: inout Spool<SimulatedStorage>) {
        let identity = GroupIdentity(stream: StreamID(random: 7), lane: .data, group: group)
        group += 1
        var header = RecordHeader(
            kind: .frame, frame: FrameIdentity(group: identity, index: 0))
        header.readings = 3
        header.priorities[next() % 5] = 3
        header.lastTime = Int64(group)
        let body = [UInt8](repeating: 9, count: next() * 20)
        _ = try? spool.append(header, body.span, isKey: true)
        spool.closeGroup(identity)
    }

    private mutating func flip() {
        let segments = disk.segments
        guard !segments.isEmpty else { return }
        let segment = segments[next() % segments.count]
        guard var content = disk.bytes(of: segment), !content.isEmpty else { return }
        content[(next() << 8 | next()) % content.count] ^= UInt8(next())
        disk.put(content, in: segment)
    }

    /// Reads all there is; places rise, so it comes to an end.
    private func read(_ spool: inout Spool<SimulatedStorage>) {
        var place: UInt64 = 0
        var body: [UInt8] = []
        while true {
            do throws(SpoolError) {
                guard let item = try spool.next(from: place, includingHistory: true) else { return }
                precondition(item.place >= place, "places rise")
                place = item.place + 1
                try spool.read(item, into: &body)
            } catch {
                guard case .damaged(let at) = error, at + 1 >= place else { return }
                place = at + 1
            }
        }
    }
}

/// libFuzzer's way in.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzSpool.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

/// Called once before the first input. With ALEC_FUZZ_SEEDS there are no seeds to write: steps
/// make valid segments.
@_cdecl("LLVMFuzzerInitialize")
func initialize(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer) -> CInt {
    if getenv("ALEC_FUZZ_SEEDS") != nil { exit(0) }
    return 0
}
