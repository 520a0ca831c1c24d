// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration
internal import GatewayCore
internal import MosquittoClient

extension PublishLoop where Client: ~Copyable {
    /// How long to wait before dialing again.
    static func retry(_ broker: BrokerSettings) -> RetryPolicy {
        RetryPolicy(first: broker.shortestWait, cap: broker.longestWait)
    }

    /// Takes other settings, if there are. Where the broker or the way to it is another one, the
    /// connection ends; what is under way is sent again on the next one.
    mutating func takeSettings(at now: MonotonicInstant) {
        guard let release = shared.settings(after: settingsVersion) else { return }
        settingsVersion = release.version
        let old = broker
        settings = release.settings
        health.maximumBytes = settings.spool.maximumBytes
        guard let broker = settings.broker, broker != old else { return }
        self.broker = broker
        client.settings = Self.clientSettings(settings, broker)
        shared.log.info("link.settings_changed", "broker=\(broker.host):\(broker.port)")
        report.fault = nil
        if client.isConnected {
            // Readers need not wait for the will.
            say(.state, state(isOnline: false, next: 0), isRetained: true)
            client.disconnect()
            // What the old connection still says must not be taken for news of the next.
            while client.nextEvent() != nil {}
            connectionEnded()
        } else {
            client.drop()
        }
        link.settingsChanged(retry: Self.retry(broker))
    }

    /// Tells people of the connection.
    mutating func tellStatus(at now: MonotonicInstant) {
        var next = report
        next.broker = "\(broker.host):\(broker.port)"
        next.isConnected = link.isConnected
        if next.isConnected != report.isConnected || report.broker.isEmpty { next.since = now }
        next.connections = link.connections
        next.failures = link.failures
        next.isBreakerClosed = !machine.isRefused
        next.isUnheard = machine.isUnheard
        guard next != report || next != shared.linkReport else { return }
        report = next
        shared.setLinkReport(next)
    }
}

extension StatusPage.LinkFault {
    init(_ error: ClientError) {
        switch error {
        case .unresolved(let code): self.init(kind: .unresolved, code: Int(code))
        case .system(let code): self.init(kind: .system, code: Int(code))
        case .library(let code): self.init(kind: .library, code: Int(code))
        // Neither ends a connection, nor keeps one from being made.
        case .notConnected, .tooLarge: self.init(kind: .library, code: 0)
        }
    }

    /// What the client says when a connection ended, with the `errno` behind it.
    init(disconnected reason: Int32, _ systemCode: Int32) {
        // The library's word for an error of the system.
        let isSystem = reason == 14 && systemCode != 0
        self.init(
            kind: isSystem ? .system : .disconnected, code: Int(isSystem ? systemCode : reason))
    }
}
