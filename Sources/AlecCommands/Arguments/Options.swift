// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayConfiguration
internal import LineProtocols

/// What a command is to do, from its arguments. A `path` of nil is stdin.
enum Options {
    struct Encode: Equatable {
        var path: String?
        /// nil: the first line decides.
        var format: LineFormat?
        /// Samples of a channel in a frame.
        var samples = 60
        /// Frames of a group.
        var frames = 50
        var maximumErrors: [SensorSetting<Double>] = []
        var wantsStatistics = false
        var keepsGoing = false
    }

    struct Decode: Equatable {
        var path: String?
        var format = OutputFormat.csv
        /// nil: as the source counted.
        var timeUnit: TimeUnit?
        var keepsGoing = false
    }

    struct Inspect: Equatable {
        var path: String?
        var isJSON = false
    }

    struct Classify: Equatable {
        var path: String?
        var format: LineFormat?
        /// The file of the gateway's settings; nil for none.
        var configuration: String?
        var explains = false
        var limits: [SensorSetting<ClosedRange<Double>>] = []
        var steps: [SensorSetting<Double>] = []
        var keepsGoing = false
    }

    struct Run: Equatable {
        /// nil: as the environment says, or none.
        var configuration: String?
        /// Options that lie over the file, by name.
        var flags: [Flag] = []
        var drainSeconds: Int?

        struct Flag: Equatable {
            /// With its dashes.
            var name: String
            var value: String
        }
    }

    struct Spool: Equatable {
        enum Action: String, CaseIterable {
            case list = "ls"
            case cat
            case export
            case verify
            case drop
        }

        var action = Action.list
        /// The only group that `cat` prints.
        var group: Int?
        var isJSON = false
        var format = OutputFormat.csv
        var includesHistory = false
        /// What to drop: all that this does not exclude.
        var dropPriority: Int?
        /// In nanoseconds since 1970.
        var dropBefore: Int64?
        var dropGroup: Int?
        var dropsAll = false
        var isConfirmed = false
        var stateDirectory = AgentSettings().stateDirectory

        /// Whether it was said what to drop.
        var hasChoice: Bool {
            dropsAll || dropPriority != nil || dropBefore != nil || dropGroup != nil
        }
    }

    /// Where a running agent is asked.
    struct AgentPlace: Equatable {
        var stateDirectory: String?
        var socket: String?
    }

    struct Status: Equatable {
        var place = AgentPlace()
        var isJSON = false
    }

    struct Reload: Equatable {
        var place = AgentPlace()
    }

    struct Initialize: Equatable {
        /// `-` for stdout.
        var file = "/etc/alec/gateway.toml"
    }

    struct Config: Equatable {
        enum Action: String, CaseIterable {
            case show
            case schema
        }

        var action = Action.show
        var isReceiver = false
        var path: String?
        var flags: [FlagValue] = []
    }

    struct Check: Equatable {
        var path: String?
        var isReceiver = false
        var wantsSample = false
    }

    struct Simulate: Equatable {
        enum Format: String {
            case csv
            case jsonLines = "jsonl"
        }

        enum Pace: String {
            case real
            case none
        }

        var sensors = 8
        /// Between two readings of a sensor.
        var periodNanoseconds: Int64 = 1_000_000_000
        var seconds: Int?
        var seed = 1
        var format = Format.csv
        var pace = Pace.real
        /// In milliseconds since 1970.
        var start: Int?
    }
}

extension Options {
    struct Receive: Equatable {
        /// The file of settings.
        var path: String?
        var flags: [FlagValue] = []
        var skipsHistory = false
    }
}

extension Options {
    struct Serial: Equatable {
        enum Action: Equatable {
            case list
            /// nil: the usual speeds, one after the other.
            case probe(path: String, baud: Int?)
            case trace(path: String, baud: Int)
        }

        var action = Action.list
        /// nil: as long as suits the action.
        var seconds: Int?
        var format: LineFormat?
    }
}

/// What `alec decode` writes.
enum OutputFormat: String, CaseIterable {
    case csv
    case csvWide = "csv-wide"
    case jsonLines = "jsonl"
    case influx
}

/// Something that was said of one sensor by its name.
struct SensorSetting<Value: Equatable>: Equatable {
    var sensor: String
    var value: Value
}
