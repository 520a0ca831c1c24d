// SPDX-License-Identifier: Apache-2.0

package import AlecCodec
package import GatewayCore

/// What is known of one sensor, or of all whose names begin the same.
package struct SensorSettings: Equatable, Sendable {
    /// What kind of values it gives.
    package enum Kind: String, CaseIterable, Sendable {
        case measurement
        case counter
        case state
    }

    /// Which change of the value lifts a reading.
    package enum Change: String, CaseIterable, Sendable {
        case none
        case important
        case critical
    }

    /// The name as in its lines; with a * at the end, all that begin so.
    package var name: String
    /// As in "°C"; empty for none.
    package var unit = ""
    /// What kind of values it gives.
    package var kind = Kind.measurement
    /// Which readings matter more.
    package var rule = SensorRule()
    /// A change of the value is something special.
    package var change = Change.none
    /// How long what a rule lifted lasts.
    package var hold = Duration.zero
    /// Which readings can be right.
    package var validity = ValidityRule()
    /// A difference that says nothing.
    package var deadband = 0.0
    /// The same in percent of the span from `low` to `high`.
    package var deadbandPercent = 0.0
    /// Readings come no faster than this; 0 for no bound.
    package var minimumInterval = Duration.zero
    /// A reading is sent after this, also if it says nothing new; 0 for never.
    package var maximumInterval = Duration.zero
    /// The span of an aggregate, where readings are not sent one by one.
    package var aggregate = Duration.seconds(60)
    /// How far a restored value may be off; 0 for not at all.
    package var maximumError = 0.0
    /// Texts that stand for numbers, as `open=1`.
    package var texts: [String] = []
    /// The time between readings as it should be; 0: it is learned.
    package var period = Duration.zero
    /// Silence that is too long; 0: three periods, at least ten seconds.
    package var staleAfter = Duration.zero

    /// `name`, of which nothing is known.
    package init(name: String) { self.name = name }
}

extension SensorSettings {
    /// Whether the settings are of the sensor called `name`.
    func matches(_ name: String) -> Bool {
        guard self.name.hasSuffix("*") else { return self.name == name }
        return name.hasPrefix(self.name.dropLast())
    }

    /// The settings as those who decide want them.
    package var policy: SensorPolicy {
        var policy = SensorPolicy()
        policy.rule = rule
        policy.rule.holdNanoseconds = hold.inNanoseconds
        policy.rule.changePriority =
            switch change {
            case .none: nil
            case .important: .important
            case .critical: .critical
            }
        policy.validity = validity
        policy.thinning.deadband = deadband
        if deadbandPercent > 0 {
            let span = (rule.high - rule.low) * deadbandPercent / 100
            policy.thinning.deadband = max(deadband, span)
        }
        policy.thinning.minimumInterval = minimumInterval.inNanoseconds
        policy.thinning.maximumInterval = maximumInterval.inNanoseconds
        if rule.base == .disposable { policy.aggregatePeriod = aggregate.inNanoseconds }
        if period > .zero { policy.period = period.inNanoseconds }
        if staleAfter > .zero { policy.staleAfter = staleAfter.inNanoseconds }
        return policy
    }
}

extension [SensorSettings] {
    /// The settings of the sensor called `name`: those of the name itself, else those of the
    /// longest beginning.
    package func settings(of name: String) -> SensorSettings? {
        if let exact = first(where: { $0.name == name }) { return exact }
        var best: SensorSettings?
        for candidate in self where candidate.matches(name) {
            if candidate.name.utf8.count > best?.name.utf8.count ?? 0 { best = candidate }
        }
        return best
    }
}

extension Duration {
    /// Settings are far from the largest number.
    fileprivate var inNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}

extension SensorSettings {
    /// The text and the value of `text=number`; nil for what is not written so.
    package static func mapping(_ text: String) -> (text: String, value: Double)? {
        guard let equals = text.lastIndex(of: "="), equals > text.startIndex,
            let value = Double(text[text.index(after: equals)...]), value.isFinite
        else { return nil }
        return (String(text[..<equals]), value)
    }
}
