// SPDX-License-Identifier: Apache-2.0

/// How an agent is, in one document: what `alec status` shows, and `--json` hands on.
///
/// Keys are only ever added. Numbers and words are in it and no sentences: these are made by
/// whoever shows it.
package struct StatusPage: Equatable, Sendable {
    /// Why the last attempt or connection ended.
    package struct LinkFault: Equatable, Sendable {
        /// What the code is a number of.
        package enum Kind: String, CaseIterable, Sendable {
            /// CONNACK, with a reason of MQTT.
            case refused
            /// DISCONNECT of the broker from 0x80 on, below it an error of the library.
            case disconnected
            /// An `errno`.
            case system
            /// A code of `getaddrinfo`.
            case unresolved
            /// An error of the library.
            case library
            /// No answer in time.
            case silent
        }

        package var kind: Kind
        package var code: Int
    }

    /// The connection to a broker.
    package struct Link: Equatable, Sendable {
        package var broker = ""
        package var isConnected = false
        /// How long it is as it is.
        package var seconds = 0
        /// Connections of this life, and attempts and connections that failed.
        package var connections = 0
        package var failures = 0
        package var fault: LinkFault?
        /// The breaker lets everything pass.
        package var isBreakerClosed = true
        /// The broker said that nobody subscribes.
        package var isUnheard = false
    }

    /// What waits on the disk.
    package struct Spool: Equatable, Sendable {
        package var readings = 0
        package var bytes = 0
        package var frames = 0
        package var groups = 0
        package var maximumBytes = 0
        package var historyBytes = 0
        package var segments = 0
        /// Handed to the disk in this life.
        package var writtenBytes = 0
        package var writeErrors = 0
        /// The last write or sync failed.
        package var isFailing = false
        /// Of what waits the oldest reading's age; nil where nothing waits.
        package var oldestSeconds: Int?
        /// Readings that wait, of P1 to P5.
        package var priorities: [Int] = []
    }

    /// One lane of frames.
    package struct Lane: Equatable, Sendable {
        package var name: String
        /// Made in this life.
        package var frames = 0
        package var bytes = 0
    }

    /// One input.
    package struct Source: Equatable, Sendable {
        package var name: String
        /// `open`, `waiting`, `ending`, `over`.
        package var state: String
        package var seconds = 0
        package var lines = 0
        package var refused = 0
        package var bytes = 0
        /// Lines per second, over the last seconds.
        package var rate = 0.0
    }

    /// A number with a name, as places in the conservation of readings are.
    package struct Count: Equatable, Sendable {
        package var name: String
        package var value: Int
    }

    /// How well, and why.
    package struct Health: Equatable, Sendable {
        package var level = "unknown"
        package var seconds = 0
        /// What is not well; empty where all is.
        package var causes: [String] = []
    }

    package var site = ""
    package var node = ""
    package var software = ""
    /// The name of this life of the encoder.
    package var stream = ""
    /// Milliseconds since 1970.
    package var time: Int64 = 0
    package var uptimeSeconds = 0
    /// `running`, `stopping`, `draining`, `ended`.
    package var phase = "running"
    package var health = Health()
    /// nil without a broker.
    package var link: Link?
    package var spool = Spool()
    package var lanes: [Lane] = []
    package var sources: [Source] = []
    /// Where all readings are.
    package var readings: [Count] = []
    /// What became of all lines.
    package var lines: [Count] = []

    /// Nothing is known.
    package init() {}
}
