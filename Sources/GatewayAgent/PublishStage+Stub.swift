// SPDX-License-Identifier: Apache-2.0
package import GatewayConfiguration
package final class PublishStage: Sendable {
    let shared: AgentShared
    package init(settings: AgentSettings, spool: SharedSpool, shared: AgentShared) { self.shared = shared }
    package func run() { shared.linkEnded() }
}
