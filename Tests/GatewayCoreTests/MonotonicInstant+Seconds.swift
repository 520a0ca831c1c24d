// SPDX-License-Identifier: Apache-2.0

import GatewayCore

extension MonotonicInstant {
    /// A moment so many seconds after the beginning of a test.
    init(seconds: Double) { self.init(nanoseconds: Int64(seconds * 1e9)) }
}

/// The same, short, as tests are full of it.
func seconds(_ count: Double) -> MonotonicInstant { MonotonicInstant(seconds: count) }
