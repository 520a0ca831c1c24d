// SPDX-License-Identifier: Apache-2.0

package import GatewayCore

/// One input as others see it: how it is, and what became of its lines.
package struct SourceReport: Equatable, Sendable {
    package var name: String
    /// As the settings have it.
    package var place: String
    package var status: SourceStatus
    package var lines: LineCounts
    /// How long it was not read, as the spool took nothing.
    package var held = Duration.zero
}
