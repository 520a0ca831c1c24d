// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The speeds that the C library has names for, in bits per second.
package enum SerialRate {
    private static let constants: [(rate: Int, constant: CInt)] = [
        (1200, B1200), (1800, B1800), (2400, B2400), (4800, B4800), (9600, B9600),
        (19_200, B19200), (38_400, B38400), (57_600, B57600), (115_200, B115200),
        (230_400, B230400), (460_800, B460800), (500_000, B500000), (576_000, B576000),
        (921_600, B921600), (1_000_000, B1000000), (1_152_000, B1152000),
        (1_500_000, B1500000), (2_000_000, B2000000), (2_500_000, B2500000),
        (3_000_000, B3000000), (3_500_000, B3500000), (4_000_000, B4000000),
    ]

    /// All of them, rising.
    package static var all: [Int] { constants.map { $0.rate } }

    /// What termios calls it.
    static func constant(_ rate: Int) -> speed_t? {
        constants.first { $0.rate == rate }.map { speed_t($0.constant) }
    }
}
