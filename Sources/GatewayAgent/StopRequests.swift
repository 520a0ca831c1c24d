// SPDX-License-Identifier: Apache-2.0

/// What the signals ask for.
///
/// The first ends the inputs; where these have ended by themselves it asks for nothing new. The
/// second ends the wait for acknowledgements, now or when it would begin.
package struct StopRequests: Sendable {
    /// What to do now.
    package enum Order: Equatable, Sendable {
        case nothing
        /// The settings are to be read again.
        case reload
        /// No more input.
        case stop
        /// No more waiting for acknowledgements.
        case cutDrain
    }

    private static let hangUp: CInt = 1

    /// Nobody wants to wait for acknowledgements.
    package private(set) var isDrainCut = false
    private var hasCome = false

    /// Nothing came.
    package init() {}

    /// A signal came while the agent was in `phase`.
    package mutating func take(_ signal: CInt, in phase: AgentPhase) -> Order {
        // At the end no settings matter any more.
        if signal == Self.hangUp { return phase == .running ? .reload : .nothing }
        if hasCome { isDrainCut = true }
        hasCome = true
        switch phase {
        case .running: return .stop
        case .draining: return isDrainCut ? .cutDrain : .nothing
        case .stopping, .ended: return .nothing
        }
    }
}
