// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import Glibc

/// Everything that reads bytes from outside, fed with what libFuzzer thinks up.
///
/// The first byte of an input says what the rest is:
///
///     bits 1..0   0 frames as they are   1 frames whose checks are made good
///                 2 a channel table      3 a file
///     bit 2       take as many channels as the format allows, not just a few
///     bit 3       table: make its check good; file: put a header before it
///     bit 4       frames: encode again what was decoded, in one of eight inputs
enum FuzzDecoder {
    struct Mode {
        let bits: UInt8
        /// As good as chance, and the same whenever the input is.
        let lot: UInt32

        var content: UInt8 { bits & 3 }
        var isWide: Bool { bits & 4 != 0 }
        var isHelped: Bool { bits & 8 != 0 }
        /// The search for parameters takes ten times as long as all else.
        var encodesAgain: Bool { bits & 16 != 0 && lot & 7 == 0 }
        /// Few channels keep a trial short: each takes kilobytes.
        var limits: DecoderLimits { DecoderLimits(channels: isWide ? Context.channelLimit : 64) }
    }

    /// What a later version of the format would have to say to get in; all else is a finding.
    static func run(_ input: [UInt8]) {
        guard let first = input.first else { return }
        var checksum = Checksum()
        checksum.add(input.span, 0..<input.count)
        let mode = Mode(bits: first, lot: checksum.value)
        let rest = Array(input.dropFirst())
        switch mode.content {
        case 0, 1: FrameTrial.run(rest, mode)
        case 2: TableTrial.run(rest, mode)
        default: FileTrial.run(rest, mode)
        }
    }
}

/// libFuzzer's way in.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzDecoder.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

/// Called once before the first input. With ALEC_FUZZ_SEEDS, writes seeds to that folder instead
/// of fuzzing.
@_cdecl("LLVMFuzzerInitialize")
func initialize(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer) -> CInt {
    if let folder = getenv("ALEC_FUZZ_SEEDS") {
        FuzzSeeds.write(to: String(cString: folder))
        exit(0)
    }
    return 0
}
