// SPDX-License-Identifier: Apache-2.0

import GatewayConfiguration
import Glibc

/// The settings of agent and receiver, fed with what libFuzzer thinks up.
///
/// The first byte of an input says whose settings the rest is.
enum FuzzConfiguration {
    static func run(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let text = Array(input.dropFirst())
        if first & 1 == 0 {
            expect(
                text,
                { () throws(ConfigurationError) in
                    try AgentConfiguration.read(text, path: nil)
                })
        } else {
            expect(
                text,
                { () throws(ConfigurationError) in
                    try ReceiverConfiguration.read(text, path: nil)
                })
        }
    }

    /// Optimised code says nothing where it traps.
    private static func hold(_ isSo: Bool, _ what: String) {
        guard !isSo else { return }
        print("not so:", what)
        fflush(nil)
        preconditionFailure(what)
    }

    /// What reads the text does so twice in the same way, and says where a fault lies.
    private static func expect<Settings: Equatable>(
        _ text: [UInt8], _ read: () throws(ConfigurationError) -> Settings
    ) {
        let first = Result(catching: read)
        let second = Result(catching: read)
        hold(first == second, "the same text gives the same settings")
        guard case .failure(let error) = first else { return }
        hold(!error.faults.isEmpty, "what is refused has a fault")
        let lines = text.count { $0 == 0x0A } + 1
        for fault in error.faults {
            guard case .file(let place) = fault.origin else { continue }
            hold((1...lines).contains(Int(place.line)), "a fault lies in the text")
        }
    }
}

/// libFuzzer's way in.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzConfiguration.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

/// Called once before the first input. With ALEC_FUZZ_SEEDS, writes seeds to that folder instead
/// of fuzzing.
@_cdecl("LLVMFuzzerInitialize")
func initialize(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer) -> CInt {
    if let folder = getenv("ALEC_FUZZ_SEEDS") {
        ConfigurationSeeds.write(to: String(cString: folder))
        exit(0)
    }
    return 0
}
