// SPDX-License-Identifier: Apache-2.0

import GatewayCore

/// A moment so many seconds after the beginning of a test.
func seconds(_ count: Double) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: Int64(count * 1e9))
}
