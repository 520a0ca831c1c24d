// SPDX-License-Identifier: Apache-2.0

package import GatewayConfiguration
internal import MosquittoClient

/// The body of the link thread: everything between the spool and the broker.
package final class PublishStage: Sendable {
    private let settings: AgentSettings
    private let spool: SharedSpool
    private let shared: AgentShared

    /// Publishes what is in `spool` to the broker of `settings`, which must name one.
    package init(settings: AgentSettings, spool: SharedSpool, shared: AgentShared) {
        self.settings = settings
        self.spool = spool
        self.shared = shared
    }

    /// Works until the agent has ended, or all is acknowledged after its inputs ended.
    package func run() {
        defer { shared.linkEnded() }
        guard let broker = settings.broker else { return }
        do throws(ClientError) {
            let client = try MosquittoClient(
                PublishLoop<MosquittoClient>.clientSettings(settings, broker))
            var loop = PublishLoop(
                settings, broker, spool: spool, shared: shared, client: client)
            loop.run()
        } catch {
            // Without the library nothing can be published; what is read is kept.
            shared.log.error("link.failed", "error=\(error)")
        }
    }
}
