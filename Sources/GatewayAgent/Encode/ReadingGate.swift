// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayConfiguration
internal import GatewayCore
internal import LineProtocols

/// All that the encoder knows of sensors and sources besides their readings.
///
/// The judging is done by values of GatewayCore; this one finds the settings of each sensor, keeps
/// what is to be told until the end of the batch, and says what stands in the channel table.
struct ReadingGate: Sendable {
    /// One source of readings.
    struct Source: Sendable {
        let name: String
        var quota: SourceQuota
        var counts = RejectionCounts()
        var alarm: RejectionAlarm
        /// Lines refused as far as they were told.
        var knownRefusals = 0
        var knownTooLong = 0

        init(_ input: InputSettings, _ rejectAlarm: Double) {
            name = input.label
            quota = SourceQuota(perSecond: input.quota)
            alarm = RejectionAlarm(limit: rejectAlarm)
        }
    }

    /// Something for the log.
    enum News: Sendable {
        case lifted(Reading, Priority, LiftReason, count: Int)
        case stale(StaleWatch.Event)
        case noAggregates(sensor: Int)
    }

    /// More in one batch are counted and not told.
    static let newsLimit = 64

    var judge: ReadingJudge
    var stale = StaleWatch()
    var aggregation = Aggregation()
    var lifts = LiftLedger()
    var sources: [Source]
    var news: [News] = []
    private var settings: [SensorSettings]
    /// By sensor: what the channel table says of it besides the name.
    private(set) var channels: [Channel] = []

    init(_ settings: AgentSettings) {
        judge = ReadingJudge(isStrict: settings.hasStrictSensors)
        self.settings = settings.sensors
        sources = settings.inputs.map { Source($0, settings.rejectAlarm) }
    }

    /// Takes over other settings; what was learned of sensors and counted of sources stays.
    mutating func apply(_ settings: AgentSettings) {
        self.settings = settings.sensors
        judge.isStrict = settings.hasStrictSensors
        let known = sources
        // Numbered anew: inputs come and go, and their numbers are their places in the settings.
        sources = settings.inputs.map { input in
            guard var source = known.first(where: { $0.name == input.label }) else {
                return Source(input, settings.rejectAlarm)
            }
            if source.quota.perSecond != input.quota {
                source.quota = SourceQuota(perSecond: input.quota)
            }
            source.alarm.limit = settings.rejectAlarm
            return source
        }
        for sensor in channels.indices where channels[sensor].aggregate == nil {
            let own = self.settings.settings(of: name(of: sensor))
            let policy = policy(own)
            judge.set(policy, of: sensor)
            stale.set(policy, of: sensor)
            describe(sensor, own)
        }
    }

    /// Gets to know the sensors that are new among `names`; aggregates get names of their own.
    mutating func meet(_ names: inout SensorNames) {
        let (start, end) = (channels.count, names.count)
        for sensor in start..<end {
            channels.append(Channel(name: Array(names.text[names.range(of: sensor)])))
            describe(sensor, settings.settings(of: name(of: sensor)))
        }
        for sensor in start..<end {
            let policy = policy(settings.settings(of: name(of: sensor)))
            var channel: Int?
            if policy.aggregatePeriod != nil {
                channel = addAggregates(of: sensor, &names)
                if channel == nil { tell(.noAggregates(sensor: sensor)) }
            }
            add(policy, channel: channel)
        }
        for _ in end..<names.count { add(SensorPolicy.ofAggregate, channel: nil) }
    }

    private mutating func add(_ policy: SensorPolicy, channel: Int?) {
        judge.add(policy, isSummedUp: channel != nil)
        stale.add(policy)
        aggregation.add(policy, channel: channel)
        lifts.addSensor()
    }

    /// Four new names in a row; nil where there is no room for them, or they are taken.
    private mutating func addAggregates(of sensor: Int, _ names: inout SensorNames) -> Int? {
        let base = channels[sensor].name
        let wanted = Aggregation.suffixes.map { base + Array($0.utf8) }
        guard names.count + wanted.count <= SensorNames.maximumCount,
            wanted.allSatisfy({
                $0.count <= SensorNames.maximumLength
                    && names.find($0.span, from: 0, to: $0.count) == nil
            })
        else { return nil }
        let first = names.count
        for (name, function) in zip(wanted, Channel.Function.allCases) {
            // Cannot fail: room and length were looked at.
            guard (try? names.index(of: name.span, from: 0, to: name.count)) != nil else {
                return nil
            }
            var channel = Channel(name: name)
            channel.unit = function == .count ? [] : channels[sensor].unit
            channel.aggregate = Channel.Aggregate(of: sensor, function: function)
            channels.append(channel)
        }
        return first
    }

    private func policy(_ own: SensorSettings?) -> SensorPolicy {
        if let own { return own.policy }
        var policy = SensorPolicy()
        policy.isDeclared = false
        return policy
    }

    private mutating func describe(_ sensor: Int, _ own: SensorSettings?) {
        guard let own else { return }
        let policy = own.policy
        channels[sensor].unit = Array(own.unit.utf8)
        channels[sensor].kind =
            switch own.kind {
            case .measurement: .measurement
            case .counter: .counter
            case .state: .state
            }
        channels[sensor].expectedPeriod = policy.period
        channels[sensor].maximumError =
            own.maximumError > 0 && own.maximumError.isFinite ? own.maximumError : nil
    }

    private func name(of sensor: Int) -> String {
        String(decoding: channels[sensor].name, as: UTF8.self)
    }

    // MARK: what is told

    mutating func tell(_ item: News) {
        if news.count < Self.newsLimit { news.append(item) }
    }

    /// A reading was lifted.
    mutating func note(
        _ reading: Reading, _ priority: Priority, _ reason: Classification.Reason,
        at now: MonotonicInstant
    ) {
        guard let kind = LiftReason(reason) else { return }
        if let count = lifts.lift(reading.sensor, kind, at: now) {
            tell(.lifted(reading, priority, kind, count: count))
        }
    }

    /// What the judge found wrong with a reading of `source`.
    @inline(__always)
    mutating func noteFinding(_ reading: Reading, of source: Int) {
        guard let finding = judge.finding else { return }
        sources[source].counts.reject(
            RejectionCounts.Sample(
                sensor: reading.sensor, value: reading.value, time: reading.time,
                reason: finding.reason))
    }

    /// Lines of `source` that were refused so far, the ones too long among them.
    mutating func noteRefusals(_ count: Int, tooLong: Int, of source: Int) {
        if count < sources[source].knownRefusals || tooLong < sources[source].knownTooLong {
            // The input was opened anew with other settings, and counts from nothing.
            (sources[source].knownRefusals, sources[source].knownTooLong) = (0, 0)
        }
        let (new, newTooLong) = (
            count - sources[source].knownRefusals, tooLong - sources[source].knownTooLong
        )
        guard new > 0 else { return }
        sources[source].counts.refuse(lines: newTooLong, .tooLong)
        sources[source].counts.refuse(lines: new - newTooLong, .parse)
        sources[source].knownRefusals = count
        sources[source].knownTooLong = tooLong
    }

    /// Looks for silent sensors and bad sources, and says how things are.
    mutating func look(at now: MonotonicInstant, _ log: AgentLog) -> ValidationStatus {
        var events: [StaleWatch.Event] = []
        stale.look(at: now) { events.append($0) }
        for event in events { tell(.stale(event)) }
        for i in sources.indices {
            let counts = sources[i].counts
            guard
                let change = sources[i].alarm.look(
                    seen: counts.seen, rejected: counts.rejected, at: now)
            else { continue }
            log.tell(change, sources[i])
        }
        return status(at: now)
    }

    func status(at now: MonotonicInstant) -> ValidationStatus {
        var status = ValidationStatus()
        status.sources = sources.map { source in
            let rates = source.alarm.rates(at: now)
            return ValidationStatus.Source(
                name: source.name, counts: source.counts, readingsPerSecond: rates.seen,
                rejectionsPerSecond: rates.rejected, isAlarmed: source.alarm.isRaised)
        }
        status.staleSensors = stale.staleCount
        status.lifts = LiftReason.allCases.map { lifts[$0] }
        return status
    }

    /// Hands what is to be told to the log.
    mutating func tellNews(_ log: AgentLog) {
        guard !news.isEmpty else { return }
        for item in news { log.tell(item, name) }
        news.removeAll(keepingCapacity: true)
    }
}

extension SensorPolicy {
    /// A channel of aggregates: nothing is decided about it.
    fileprivate static var ofAggregate: SensorPolicy {
        var policy = SensorPolicy()
        policy.rule.watchesSurprise = false
        return policy
    }
}

extension AgentLog {
    fileprivate func tell(_ item: ReadingGate.News, _ name: (Int) -> String) {
        switch item {
        case .lifted(let reading, let priority, let reason, let count):
            write(
                priority == .critical ? .warning : .info, "sensor.lifted",
                "sensor=\(Self.quoted(name(reading.sensor))) priority=\(priority.rawValue) "
                    + "reason=\(reason) value=\(reading.value) count=\(count)")
        case .stale(let event):
            let seconds = event.silence.components.seconds
            write(
                event.isStale ? .warning : .info, event.isStale ? "sensor.stale" : "sensor.back",
                "sensor=\(Self.quoted(name(event.sensor))) silent_s=\(seconds)")
        case .noAggregates(let sensor):
            warning("sensor.no_aggregates", "sensor=\(Self.quoted(name(sensor)))")
        }
    }

    fileprivate func tell(_ change: RejectionAlarm.Change, _ source: ReadingGate.Source) {
        let input = "input=\(Self.quoted(source.name)) "
        switch change {
        case .raised(let perMille):
            let reasons = RejectionReason.allCases.filter { source.counts[$0] > 0 }
                .map { "\($0)=\(source.counts[$0])" }.joined(separator: " ")
            warning("input.rejects", input + "per_mille=\(perMille) " + reasons)
        case .cleared(let perMille): info("input.sound", input + "per_mille=\(perMille)")
        }
    }
}
