// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One JSON object on one line of standard output.
enum JSONLine {
    enum Value {
        case text(String)
        case count(Int)
        case number(Double)
    }

    static func show(_ fields: [(String, Value)]) {
        let parts = fields.map { name, value in
            switch value {
            case .text(let text): "\"\(name)\":\"\(text)\""
            case .count(let count): "\"\(name)\":\(count)"
            case .number(let number): "\"\(name)\":\((number * 1000).rounded() / 1000)"
            }
        }
        _ = Output.write("{\(parts.joined(separator: ","))}\n", to: STDOUT_FILENO)
    }
}

/// Writes text to a descriptor.
enum Output {
    static func write(_ text: String, to descriptor: Int32) -> Bool {
        write(Array(text.utf8), to: descriptor)
    }

    /// False where not all was taken.
    static func write(_ all: [UInt8], to descriptor: Int32) -> Bool {
        var bytes = all[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count <= 0 { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }
}

/// Time for measuring.
enum Stopwatch {
    /// Nanoseconds since some moment.
    static func now() -> Int { read(CLOCK_MONOTONIC) }

    /// Nanoseconds that this thread has worked; others on the same core do not count.
    static func processor() -> Int { read(CLOCK_THREAD_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
