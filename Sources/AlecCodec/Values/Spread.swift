// SPDX-License-Identifier: Apache-2.0

/// How far residuals lie from zero on average, in 1/16; quick at first, then steady.
struct Spread {
    var mean: UInt64 = 0
    /// Residuals seen, up to 100.
    private(set) var count: UInt8 = 0

    @inline(__always)
    var isNew: Bool { count == 0 }

    /// Four times the logarithm of the mean.
    @inline(__always)
    var level: Int { mean.quarterLog }

    @inline(__always)
    mutating func learn(_ residual: Int64) {
        let size = residual.size
        let scaled = size > 1 &<< 58 ? 1 &<< 62 : size &* 16
        let step = Int64(bitPattern: scaled &- mean)
        switch count {
        case 0: mean = scaled
        case 1: mean = mean &+ UInt64(bitPattern: step &>> 1)
        case 2...5: mean = mean &+ UInt64(bitPattern: step &>> 2)
        default: mean = mean &+ UInt64(bitPattern: (3 &* step) &>> 5)
        }
        if count < 100 { count &+= 1 }
    }

    /// Begins anew with a guess of the mean.
    mutating func restart(mean guess: UInt64) {
        mean = guess
        count = 0
    }
}

extension Spread {
    func mix(into fingerprint: inout Fingerprint) {
        fingerprint.mix(mean)
        fingerprint.mix(count)
    }
}
