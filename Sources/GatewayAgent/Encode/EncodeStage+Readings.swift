// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
package import GatewayCore
package import LineProtocols

extension EncodeStage {
    /// Adds the readings of a line of input number `source`. `span` is where the line stands, in
    /// an input that has places; `canWait` says that the input waits while the stage is blocked,
    /// so that nothing is dropped.
    package mutating func add(
        _ line: borrowing LineReadings, span: Range<InputMark>?, canWait: Bool, source: Int = 0,
        at now: MonotonicInstant
    ) {
        if let span { readMark = span.upperBound }
        guard line.count > 0 else { return }
        if names.count > knownSensors { meetSensors(at: now) }
        gate.sources[source].counts.see(line.count)
        if isHeld && !canWait && (data.isFull || alert.isFull || deferred.isFull) {
            shared.count { $0.refuse(line.count, .spoolFull) }
            groups.requestEnd(.drop)
            return
        }
        let place = Place(
            mark: span?.lowerBound, source: source, now: now, present: present(at: now))
        isWindowFull = false
        if line.remarks.isEmpty {
            for item in line.items {
                take(
                    Reading(sensor: item.sensor, time: item.time, value: item.value), .good, place)
            }
        } else {
            takeRemarked(line, place)
        }
        if isWindowFull || data.isFull { closeData(at: now) }
        if alert.isFull { closeAlert(at: now) }
        if deferred.isFull { closeDeferred(at: now) }
    }

    /// Where and when a line came.
    private struct Place {
        var mark: InputMark?
        var source: Int
        var now: MonotonicInstant
        var present: Validator.Present
    }

    private func present(at now: MonotonicInstant) -> Validator.Present {
        guard let wallOffset else { return .unknown }
        return Validator.Present(
            now: now.nanoseconds &+ wallOffset, isSynchronised: isClockSynchronised)
    }

    /// A line that says something of its readings.
    private mutating func takeRemarked(_ line: borrowing LineReadings, _ place: Place) {
        var next = 0
        for (i, item) in line.items.enumerated() {
            var quality = Quality.good
            if next < line.remarks.count, line.remarks[next].position == i {
                quality = Quality(rawValue: line.remarks[next].remarks.quality) ?? .good
                next += 1
            }
            take(Reading(sensor: item.sensor, time: item.time, value: item.value), quality, place)
        }
    }

    @inline(__always)
    private mutating func take(_ item: Reading, _ declared: Quality, _ place: Place) {
        var reading = item
        if let event = gate.stale.see(reading.sensor, time: reading.time, at: place.now) {
            gate.tell(.stale(event))
        }
        let judgement = gate.judge.judge(&reading, place.present)
        gate.noteFinding(item, of: place.source)
        switch judgement {
        case .send(let priority, let quality, let lift):
            // What the gateway found goes before what the line says of itself.
            send(reading, priority, quality == .good ? declared : quality, lift, place)
        case .sumUp:
            guard hasRoom(place) else { return }
            tally.suppress(.aggregated)
            sumUp(reading, at: place.now)
        case .suppress(let rule): tally.suppress(rule)
        case .drop: tally.invalid += 1
        }
    }

    @inline(__always)
    private mutating func send(
        _ reading: Reading, _ priority: Priority, _ quality: Quality,
        _ lift: Classification.Reason?, _ place: Place
    ) {
        if priority > .important, !hasRoom(place) { return }
        tally.taken += 1
        switch priority {
        case .critical, .important:
            let own = priority == .critical ? nil : priority
            alert.add(
                reading, Annotation(quality: quality, priority: own), before: place.mark,
                at: place.now)
            if priority == .critical { alert.hurry() }
            if let lift { gate.note(reading, priority, lift, at: place.now) }
        case .normal, .disposable:
            data.add(reading, Annotation(quality: quality), before: place.mark, at: place.now)
            if groups.add(reading.sensor) { isWindowFull = true }
        case .deferred:
            deferred.add(reading, Annotation(quality: quality), before: place.mark, at: place.now)
        }
    }

    /// Whether the source's share has room; if not, the reading is counted as dropped.
    @inline(__always)
    private mutating func hasRoom(_ place: Place) -> Bool {
        if gate.sources[place.source].quota.take(at: place.now) { return true }
        gate.sources[place.source].counts.reject(1, .quota)
        tally.overQuota += 1
        return false
    }

    private mutating func sumUp(_ reading: Reading, at now: MonotonicInstant) {
        var summed: [Reading] = []
        gate.aggregation.take(reading, at: now) { summed.append($0) }
        addAggregates(summed, at: now)
    }

    /// Aggregates are readings that no line has.
    mutating func addAggregates(_ summed: [Reading], at now: MonotonicInstant) {
        for reading in summed {
            tally.taken += 1
            data.add(reading, before: nil, at: now)
            if groups.add(reading.sensor) { isWindowFull = true }
        }
    }
}
