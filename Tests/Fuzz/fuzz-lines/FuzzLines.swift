// SPDX-License-Identifier: Apache-2.0

import Glibc
import LineProtocols

/// Lines in any format, cut out of chunks of any size, fed with what libFuzzer thinks up.
///
/// The first four bytes of an input are a `LineTrial.Mode`, the rest is the stream.
enum FuzzLines {
    static func run(_ input: [UInt8]) {
        guard input.count >= LineTrial.Mode.byteCount else { return }
        let mode = LineTrial.Mode(Array(input.prefix(LineTrial.Mode.byteCount)))
        let stream = Array(input.dropFirst(LineTrial.Mode.byteCount))
        var trial = LineTrial(mode)
        trial.run(stream)
    }
}

/// libFuzzer's way in.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzLines.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

/// Called once before the first input. With ALEC_FUZZ_SEEDS, writes seeds to that folder instead
/// of fuzzing.
@_cdecl("LLVMFuzzerInitialize")
func initialize(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer) -> CInt {
    if let folder = getenv("ALEC_FUZZ_SEEDS") {
        LineSeeds.write(to: String(cString: folder))
        exit(0)
    }
    return 0
}
