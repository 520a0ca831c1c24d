// SPDX-License-Identifier: Apache-2.0

package import AlecCodec

/// Which values of a sensor can be right at all, and what becomes of the others.
package struct ValidityRule: Equatable, Sendable {
    /// What becomes of a reading that cannot be right.
    package enum Answer: String, CaseIterable, Sendable {
        /// It is sent as it is, with the quality `bad`.
        case flag
        /// It is dropped, and counted.
        case drop
    }

    /// What becomes of a NaN.
    package enum NotANumber: String, CaseIterable, Sendable {
        /// A value like any other; readers see that it is none.
        case keep
        case flag
        case drop
    }

    /// The lowest value that the sensor can give; minus infinity for none.
    package var low = -Double.infinity
    /// The highest value that the sensor can give; infinity for none.
    package var high = Double.infinity
    /// The largest change per second that the sensor can show; infinity for none.
    package var rate = Double.infinity
    /// What becomes of a value beyond one of these.
    package var invalid = Answer.flag
    /// What becomes of a NaN.
    package var notANumber = NotANumber.keep

    /// Every value can be right.
    package init() {}
}

/// Which readings of a sensor need not be sent, as they say nothing new.
package struct ThinningRule: Equatable, Sendable {
    /// A value is sent when it differs by more from the last one sent; 0 sends equal ones too.
    package var deadband = 0.0
    /// Readings that come sooner after the last one sent are left out; 0 for none.
    package var minimumInterval: Int64 = 0
    /// A reading that comes so long after the last one sent is sent whatever it says; 0 for none.
    package var maximumInterval: Int64 = 0

    /// All are sent.
    package init() {}

    /// Whether anything can be left out.
    package var isActive: Bool { deadband > 0 || minimumInterval > 0 }
}

/// All that is decided of the readings of one sensor by its settings.
package struct SensorPolicy: Equatable, Sendable {
    /// Which readings matter more.
    package var rule = SensorRule()
    /// Which can be right.
    package var validity = ValidityRule()
    /// Which need not be sent.
    package var thinning = ThinningRule()
    /// Nanoseconds of the readings that one aggregate sums up; nil where none is made.
    package var aggregatePeriod: Int64?
    /// Nanoseconds between readings as they should be; nil: it is learned.
    package var period: Int64?
    /// Nanoseconds of silence after which the sensor is stale; nil: by its period.
    package var staleAfter: Int64?
    /// Settings name the sensor.
    package var isDeclared = true

    /// A sensor that no settings name.
    package init() {}
}
