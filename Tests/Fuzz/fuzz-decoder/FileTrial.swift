// SPDX-License-Identifier: Apache-2.0

import AlecCodec

/// A file that comes in pieces; the first byte is their size.
enum FileTrial {
    static func run(_ input: [UInt8], _ mode: FuzzDecoder.Mode) {
        guard let first = input.first else { return }
        var file: [UInt8] = []
        if mode.isHelped { ContainerHeader(timeUnit: .seconds).append(to: &file) }
        file += input.dropFirst()

        var reader = ContainerReader()
        var receiver = Receiver(limits: mode.limits)
        var given = 0
        // Each event uses bytes up, or asks for more, or ends the file.
        for _ in 0..<(4 * file.count + 16) {
            switch reader.next() {
            case .needsBytes:
                precondition(given <= file.count, "a complete file needs no more bytes")
                if given == file.count {
                    reader.finish()
                    given += 1
                    continue
                }
                let end = min(file.count, given + Int(first) + 1)
                reader.append(file.span.extracting(given..<end))
                given = end
            case .record(let record):
                if !receiver.takes(Array(reader.buffer[record.bytes])) { reader.reject() }
            case .finished:
                return
            case .header, .end, .damage, .resumed:
                break
            }
        }
        preconditionFailure("a file comes to its end")
    }

    private struct Receiver: ~Copyable {
        let limits: DecoderLimits
        var decoder: FrameDecoder
        var batch = ReadingBatch()

        init(limits: DecoderLimits) {
            self.limits = limits
            decoder = FrameDecoder(limits: limits)
        }

        /// Whether the record is a frame.
        mutating func takes(_ frame: [UInt8]) -> Bool {
            if ExtendedFrame.begins(frame.span) {
                return (try? ChannelTableFrame(frame.span, limits: limits)) != nil
            }
            return (try? decoder.decode(frame.span, into: &batch)) != nil
        }
    }
}
