// SPDX-License-Identifier: Apache-2.0

/// One side of the range coder.
///
/// The model is written once, generic over its side: the encoder passes in what is to be
/// written and gets it back, the decoder ignores what is passed in and returns what was read.
/// So the two ends cannot drift apart. Both sides are concrete types at compile time.
protocol SymbolCoder: ~Copyable {
    /// Whether this side writes. A constant after specialisation.
    static var isEncoder: Bool { get }

    /// Codes one answer under the estimate of `bit`, which learns from it.
    mutating func code(_ answer: Bool, _ bit: inout AdaptiveBit, limit: UInt32) -> Bool

    /// Codes the low `count` bits of `value` without a model, most significant first.
    mutating func codeRaw(_ value: UInt64, bits count: Int) -> UInt64

    /// Notes that what was read cannot have been written; the first reason stays.
    mutating func fail(_ reason: Malformation)

    /// Why the input is malformed, if it is.
    var failure: Malformation? { get }
}

extension SymbolCoder where Self: ~Copyable {
    /// Codes `depth` bits through a binary tree of estimates; `tree` has 2^depth entries.
    @inline(__always)
    mutating func codeTree<let size: Int>(
        _ value: Int, _ tree: inout InlineArray<size, AdaptiveBit>, depth: Int
    ) -> Int {
        var node = 1
        var shift = depth &- 1
        while shift >= 0 {
            let answer = code(value &>> shift & 1 != 0, &tree[node], limit: LearningLimit.tree)
            node = 2 &* node &+ (answer ? 1 : 0)
            shift &-= 1
        }
        return node &- 1 &<< depth
    }

    /// Codes a number by its bit length, then its lower bits raw.
    mutating func codeUnsigned(_ value: UInt64, _ model: inout NumberModel) -> UInt64 {
        let length = codeTree(value.bitLength, &model.lengths, depth: 7)
        guard length <= 64 else {
            fail(.numberTooLong)
            return 0
        }
        guard length >= 2 else { return UInt64(truncatingIfNeeded: length) }
        let top = UInt64(1) &<< UInt64(truncatingIfNeeded: length &- 1)
        return top | codeRaw(value & (top &- 1), bits: length &- 1)
    }

    /// Codes a number and, unless it is 0, its sign.
    mutating func codeSigned(_ value: Int64, _ model: inout NumberModel) -> Int64 {
        let size = codeUnsigned(value.size, &model)
        guard size != 0 else { return 0 }
        let negative = code(value < 0, &model.sign, limit: LearningLimit.tree)
        return Int64(bitPattern: negative ? 0 &- size : size)
    }
}
