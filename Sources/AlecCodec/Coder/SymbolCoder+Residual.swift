// SPDX-License-Identifier: Apache-2.0

/// Where the questions about one residual lie in a `ResidualRow`.
///
///      0 ..< 12   is it this long? counted up from the expected length
///     12          is it shorter than expected?
///     13 ..< 16   is it this long? counted down
///     16 ..< 21   sign: four by how far the prediction leans, one for longer residuals
///     21 ..< 26   second bit, by length over the expected one
///     26 ..< 28   third bit, by the second
private enum ResidualNode {
    static let up = 0
    static let under = 12
    static let down = 13
    static let sign = 16
    static let second = 21
    static let third = 26
}

/// What is known about a residual before it is coded.
struct ResidualForm {
    /// Four times the logarithm of the spread; chooses row and expected length.
    var level: Int
    /// Where the exact prediction lies between two integers, -128 to 127.
    var lean: Int32
    /// The residual is known not to be zero.
    var isNonzero: Bool

    /// Rows go by quarter octaves of small spreads, above by the position within an octave.
    @inline(__always)
    static func row(level: Int) -> Int { level < 28 ? level : 28 &+ (level & 3) }

    @inline(__always)
    var expectedLength: Int { level < 28 ? 0 : (level &- 16) &>> 2 &- 2 }
}

extension SymbolCoder where Self: ~Copyable {
    /// Codes the difference between a number and its prediction.
    @inline(never)
    mutating func codeResidual(
        _ residual: Int64, _ row: inout ResidualRow, _ form: ResidualForm
    ) -> Int64 {
        let size = residual.size
        let leansDown = form.lean < 0
        let expected = form.expectedLength
        let length = codeLength(
            size.bitLength, &row, expected: expected, least: form.isNonzero ? 1 : 0)
        guard length > 0 else { return 0 }

        var isFlipped = (residual < 0) != leansDown
        if length <= 4 {
            let node = length > 2 ? 4 : Self.signNode(form.lean)
            isFlipped = code(isFlipped, &row[ResidualNode.sign &+ node])
        }
        var left = length &- 1
        var result: UInt64 = 1
        if left > 0 {
            let over = min(max(length &- expected, 0), 4)
            left &-= 1
            let second = code(
                size &>> UInt64(truncatingIfNeeded: left) & 1 != 0,
                &row[ResidualNode.second &+ over])
            result = second ? 3 : 2
            if left > 0 {
                left &-= 1
                let third = code(
                    size &>> UInt64(truncatingIfNeeded: left) & 1 != 0,
                    &row[ResidualNode.third &+ (second ? 1 : 0)])
                result = result &<< 1 | (third ? 1 : 0)
            }
            if length > 4 {
                // The sign of a long residual cannot be guessed: it leads the raw tail.
                let shift = UInt64(truncatingIfNeeded: left)
                let mask: UInt64 = 1 &<< shift &- 1
                let tail = codeRaw(
                    (isFlipped ? 1 : 0) &<< shift | size & mask, bits: left &+ 1)
                isFlipped = tail &>> shift != 0
                result = result &<< shift | tail & mask
            } else if left > 0 {
                result = result &<< 1 | codeRaw(size & 1, bits: 1)
            }
        }
        return Int64(bitPattern: isFlipped != leansDown ? 0 &- result : result)
    }

    /// Codes a bit length by walking from the expected one, up or down.
    @inline(__always)
    private mutating func codeLength(
        _ length: Int, _ row: inout ResidualRow, expected: Int, least: Int
    ) -> Int {
        if expected > 0, code(length < expected, &row[ResidualNode.under]) {
            var candidate = expected &- 1
            var steps = 0
            while candidate > least,
                !code(length == candidate, &row[ResidualNode.down &+ min(steps, 2)])
            {
                candidate &-= 1
                steps &+= 1
            }
            return candidate
        }
        var candidate = expected == 0 ? least : expected
        while candidate < 64,
            !code(
                length == candidate, &row[ResidualNode.up &+ min(candidate &- expected, 11)])
        {
            candidate &+= 1
        }
        return candidate
    }

    /// The more the prediction leans to one side, the likelier is that sign.
    @inline(__always)
    private static func signNode(_ lean: Int32) -> Int {
        let size = lean < 0 ? 0 &- lean : lean
        return (size > 24 ? 1 : 0) &+ (size > 56 ? 1 : 0) &+ (size > 96 ? 1 : 0)
    }

    @inline(__always)
    private mutating func code(_ answer: Bool, _ bit: inout AdaptiveBit) -> Bool {
        code(answer, &bit, limit: LearningLimit.model)
    }
}
