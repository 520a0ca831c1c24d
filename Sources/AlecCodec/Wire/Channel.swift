// SPDX-License-Identifier: Apache-2.0

/// What a channel table says of one sensor.
public struct Channel: Equatable, Sendable {
    /// What kind of values a sensor gives.
    public enum Kind: UInt8, CaseIterable, Sendable {
        case measurement = 0
        /// Only rises, but for starts from zero.
        case counter = 1
        /// One of few distinct values.
        case state = 2
    }

    /// How a sensor's values come from those of another.
    public enum Function: UInt8, CaseIterable, Sendable {
        case mean = 0
        case minimum = 1
        case maximum = 2
        case count = 3
    }

    /// That a sensor sums up another one.
    public struct Aggregate: Equatable, Sendable {
        /// The index of the sensor that is summed up.
        public var sensor: Int
        /// How it is summed up.
        public var function: Function

        /// `function` of the readings of `sensor`.
        public init(of sensor: Int, function: Function) {
            self.sensor = sensor
            self.function = function
        }
    }

    /// The most bytes of a name.
    public static let nameLimit = 64
    /// The most bytes of a unit.
    public static let unitLimit = 32

    /// UTF-8, 1 to `nameLimit` bytes, without control characters.
    public var name: [UInt8]
    /// UTF-8 of at most `unitLimit` bytes; empty for none.
    public var unit: [UInt8] = []
    /// What kind of values the sensor gives.
    public var kind = Kind.measurement
    /// Where the values come from another sensor.
    public var aggregate: Aggregate?
    /// Nanoseconds between readings as they should be.
    public var expectedPeriod: Int64?
    /// How far a restored value may lie from the measured one; nil where all are exact.
    public var maximumError: Double?

    /// A sensor called `name` of which nothing more is known.
    public init(name: [UInt8]) { self.name = name }
}

extension Channel {
    /// What is wrong with the entry by itself, in a table of `count`, at `index`.
    func fault(at index: Int, of count: Int) -> ChannelTableError? {
        guard !name.isEmpty, name.count <= Self.nameLimit, TableText.isPlain(name) else {
            return .name(entry: index)
        }
        guard unit.count <= Self.unitLimit, TableText.isPlain(unit) else {
            return .unit(entry: index)
        }
        if let aggregate {
            guard aggregate.sensor >= 0, aggregate.sensor < count, aggregate.sensor != index else {
                return .aggregate(entry: index)
            }
        }
        if let expectedPeriod, expectedPeriod < 1 { return .period(entry: index) }
        if let maximumError {
            guard maximumError > 0, maximumError.isFinite else {
                return .maximumError(entry: index)
            }
        }
        return nil
    }
}
