// SPDX-License-Identifier: Apache-2.0

/// 10^0 to 10^15, all exact.
enum PowersOfTen {
    static let table: InlineArray<16, Double> = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]
}
