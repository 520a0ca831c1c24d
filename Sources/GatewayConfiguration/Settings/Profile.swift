// SPDX-License-Identifier: Apache-2.0

/// What kind of line there is to the broker: a named set of defaults. Whatever key is given goes
/// before it.
package enum Profile: String, CaseIterable, Sendable {
    /// Quick, free and nearly always there.
    case lan
    /// Minutes without it are usual, and bytes are cheap enough.
    case cellular
    /// Each byte is paid for.
    case metered
    /// Slow, with many losses: small frames, short groups.
    case radio
}

/// How soon a reading is to be there.
package enum Latency: String, CaseIterable, Sendable {
    /// As windows.age says, which is then long enough for small frames.
    case normal
    /// Within a second.
    case low
}

extension AgentSettings {
    /// Changes the defaults to those of the profile.
    mutating func applyProfile() {
        switch profile {
        case nil: break
        case .lan:
            latency = .low
        case .cellular:
            setWindows(age: .seconds(30), offline: .seconds(120), tables: .seconds(5))
            setGroups(samples: 1800, age: .seconds(1800))
        case .metered:
            setWindows(age: .seconds(60), offline: .seconds(600), tables: .seconds(10))
            setGroups(samples: 3600, age: .seconds(3600))
            windows.frameBytes = 8 << 10
        case .radio:
            setWindows(age: .seconds(60), offline: .seconds(600), tables: .seconds(30))
            windows.frameBytes = 512
            windows.groupFrames = 60
            windows.groupBytes = 32 << 10
        }
    }

    /// Changes the default of the window's age.
    mutating func applyLatency() {
        if latency == .low { windows.age = .seconds(1) }
    }

    private mutating func setWindows(age: Duration, offline: Duration, tables: Duration) {
        windows.age = age
        windows.offlineAge = offline
        windows.tableDelay = tables
    }

    private mutating func setGroups(samples: Int, age: Duration) {
        windows.groupSamples = samples
        windows.groupAge = age
    }

    /// A broker of which only the profile is known.
    var initialBroker: BrokerSettings {
        var broker = BrokerSettings(host: "")
        switch profile {
        case nil: break
        case .lan:
            broker.keepAlive = .seconds(15)
            broker.longestWait = .seconds(10)
        case .cellular:
            broker.keepAlive = .seconds(120)
            broker.shortestWait = .seconds(5)
            broker.longestWait = .seconds(120)
        case .metered:
            broker.keepAlive = .seconds(300)
            broker.shortestWait = .seconds(10)
            broker.longestWait = .seconds(300)
        case .radio:
            broker.keepAlive = .seconds(600)
            broker.shortestWait = .seconds(30)
            broker.longestWait = .seconds(600)
        }
        return broker
    }
}
