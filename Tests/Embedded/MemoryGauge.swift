// SPDX-License-Identifier: Apache-2.0

/// What the C side tells of memory; zeros where heap and stack are those of an operating system.
struct MemoryGauge {
    /// `memory_gauge` of the C side.
    typealias Source = @convention(c) (Int32) -> Int

    private let source: Source

    init(_ source: Source) { self.source = source }

    /// How often the heap was asked for memory.
    var requests: Int { source(0) }
    /// Bytes of the heap in use.
    var live: Int { source(1) }
    /// The deepest that the stack was below here since `markStack`.
    var stackDepth: Int { source(3) }

    func markStack() { _ = source(2) }
}
