// SPDX-License-Identifier: Apache-2.0

package import GatewayCore

/// What the link thread tells of its connection.
package struct LinkReport: Equatable, Sendable {
    /// `host:port`.
    package var broker = ""
    package var isConnected = false
    /// Since when it is as it is.
    package var since = MonotonicInstant(nanoseconds: 0)
    package var connections: UInt32 = 0
    package var failures: UInt64 = 0
    package var fault: StatusPage.LinkFault?
    package var isBreakerClosed = true
    package var isUnheard = false

    /// Nothing is known.
    package init() {}
}
