// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import MosquittoClient
import TestSupport

/// A broker and the lines to it. It speaks quality 1, keeps retained messages while it runs, and
/// nothing over an outage; nothing waits in it for those who are not connected.
///
/// A line keeps what is on it in order. Where a line is cut, what was on its way to the broker
/// arrives up to some point, and nothing that was on its way from it.
final class Broker {
    /// What is on a line.
    enum Cargo {
        case connect
        case subscribe([String])
        case publish(Int32, topic: String, payload: [UInt8], isRetained: Bool)
        case event(ClientEvent)
    }

    struct Parcel {
        var at: MonotonicInstant
        var line: Line
        var cargo: Cargo
        /// The line's connection that it belongs to.
        var connection: Int
    }

    /// What the lines do to what they carry; nothing is lost while all are zero.
    struct Faults {
        /// One in so many messages of this kind is dropped; 0 for none.
        var lostAnswers = 0
        var lostFrames = 0
        var doubledMessages = 0
        var doubledAcknowledgements = 0
        /// One in so many takes seconds.
        var stalls = 0
    }

    let clock: VirtualClock
    let coverage: Coverage
    var faults = Faults()
    /// Told of what arrives and of what is lost, to follow one seed.
    var trace: ((String) -> Void)?
    private(set) var isUp = true
    private(set) var parcels: [Parcel] = []
    private var retained: [String: [UInt8]] = [:]
    private var generator: SeededGenerator
    /// Frames that reached the broker and went to nobody, and why.
    private(set) var unheard: [[UInt8]: Coverage.Excuse] = [:]
    private(set) var lines: [Line] = []

    init(clock: VirtualClock, coverage: Coverage, seed: UInt64) {
        self.clock = clock
        self.coverage = coverage
        generator = SeededGenerator(seed: seed)
    }

    var deadline: MonotonicInstant { parcels.first?.at ?? .distantFuture }

    func add(_ line: Line) { lines.append(line) }

    // MARK: what clients do

    func send(_ cargo: Cargo, from line: Line) {
        if case .connect = cargo {
            line.connection += 1
            line.isLinked = true
            line.lastIn = clock.now
            line.lastOut = clock.now
        }
        let at = max(line.lastIn, clock.now + delay())
        line.lastIn = at
        insert(Parcel(at: at, line: line, cargo: cargo, connection: line.connection))
    }

    /// The client or the network gives the line up. What is under way arrives up to some point.
    func cut(_ line: Line) {
        guard line.isLinked else { return }
        line.isLinked = false
        line.isConnected = false
        line.filters = []
        let own = parcels.indices.filter { parcels[$0].line === line }
        var toBroker = own.filter { !parcels[$0].isFromBroker }
        let survivors = Set(toBroker.prefix(generator.below(toBroker.count + 1)))
        toBroker = own.filter { !survivors.contains($0) }
        for i in toBroker { excuse(parcels[i], .cut) }
        let gone = Set(toBroker)
        parcels = parcels.indices.filter { !gone.contains($0) }.map { parcels[$0] }
    }

    // MARK: what happens to it

    /// All connections end, and whatever it held is gone.
    func fail() {
        isUp = false
        trace?("outage")
        for parcel in parcels { excuse(parcel, .outage) }
        parcels = []
        retained = [:]
        for line in lines where line.isLinked {
            cut(line)
            line.inbox.append(.disconnected(reason: 7))
        }
    }

    func recover() { isUp = true }

    /// The network between the broker and one client breaks.
    func breakLine(_ line: Line) {
        trace?("line of \(line.name) breaks")
        guard line.isLinked else { return }
        cut(line)
        line.inbox.append(.disconnected(reason: 7))
    }

    /// How many parcels are under way that `isCounted` accepts.
    func underWay(_ isCounted: (Parcel) -> Bool) -> Bool { parcels.contains(where: isCounted) }

    /// Delivers what is due.
    func advance() {
        while let first = parcels.first, first.at <= clock.now {
            parcels.removeFirst()
            take(first)
        }
    }

    private func take(_ parcel: Parcel) {
        let line = parcel.line
        switch parcel.cargo {
        case .event(let event):
            guard parcel.connection == line.connection, line.isLinked else { return }
            if case .connected = event { line.isConnected = true }
            if case .message(let message) = event {
                tell(line.name + " <-", message.topic, message.payload)
            }
            if case .acknowledged(let id, let reason) = event {
                trace?("\(line.name) <- PUBACK \(id) \(reason)")
            }
            if case .acknowledged(let id, _) = event { line.onAcknowledged?(id) }
            line.inbox.append(event)
        case .connect:
            guard isUp, line.isLinked, parcel.connection == line.connection else { return }
            reply(.connected(ConnectAnswer()), to: line)
        case .subscribe(let filters):
            guard isUp, line.isLinked, parcel.connection == line.connection else { return }
            line.filters = filters
            reply(.subscribed(grants: filters.map { _ in 1 }), to: line)
            for topic in retained.keys.sorted() where line.wants(topic) {
                guard let payload = retained[topic] else { continue }
                reply(
                    .message(ClientMessage(topic: topic, payload: payload, isRetained: true)),
                    to: line)
            }
        case .publish(let id, let topic, let payload, let isRetained):
            publish(id, topic, payload, isRetained: isRetained, parcel)
        }
    }

    private func publish(
        _ id: Int32, _ topic: String, _ payload: [UInt8], isRetained: Bool, _ parcel: Parcel
    ) {
        guard isUp else { return }
        tell("broker <- \(id)", topic, payload)
        if isRetained { retained[topic] = payload }
        let readers = lines.filter { $0.isLinked && $0.wants(topic) }
        let kind = Kind(topic)
        for reader in readers {
            if kind == .answer, chance(faults.lostAnswers) {
                coverage.lostAnswers += 1
                continue
            }
            if kind == .frame, chance(faults.lostFrames) {
                coverage.lostFrames += 1
                unheard[payload] = .dropped
                continue
            }
            let message = ClientEvent.message(ClientMessage(topic: topic, payload: payload))
            reply(message, to: reader)
            if chance(faults.doubledMessages) {
                coverage.doubledMessages += 1
                reply(message, to: reader)
            }
        }
        if kind == .frame, readers.isEmpty { unheard[payload] = .nobody }
        guard parcel.line.isLinked, parcel.connection == parcel.line.connection else { return }
        let reason: UInt8 = readers.isEmpty ? 0x10 : 0
        reply(.acknowledged(publication: id, reason: reason), to: parcel.line)
        if chance(faults.doubledAcknowledgements) {
            coverage.doubledAcknowledgements += 1
            reply(.acknowledged(publication: id, reason: reason), to: parcel.line)
        }
    }

    /// What a message is for.
    enum Kind {
        case frame
        /// Acknowledgements of receivers, commands and answers to them.
        case answer
        case other

        init(_ topic: String) {
            switch NodeAddress(topic)?.topic {
            case .frame: self = .frame
            case .acknowledgement, .command, .response: self = .answer
            default: self = .other
            }
        }
    }

    private func reply(_ event: ClientEvent, to line: Line) {
        let at = max(line.lastOut, clock.now + delay())
        line.lastOut = at
        insert(Parcel(at: at, line: line, cargo: .event(event), connection: line.connection))
    }

    private func tell(_ event: String, _ topic: String, _ payload: [UInt8]) {
        guard let trace else { return }
        let text =
            payload.first == UInt8(ascii: "{")
            ? String(decoding: payload, as: UTF8.self)
            : describe?(payload) ?? "\(payload.count) bytes"
        trace("\(event) \(topic) \(text)")
    }

    /// What a trace calls a frame.
    var describe: (([UInt8]) -> String?)?

    private func excuse(_ parcel: Parcel, _ excuse: Coverage.Excuse) {
        guard case .event(.message(let message)) = parcel.cargo, Kind(message.topic) == .frame
        else { return }
        unheard[message.payload] = excuse
    }

    /// The receiver had the frame and lost it.
    func forget(_ frame: [UInt8], _ excuse: Coverage.Excuse) { unheard[frame] = excuse }

    private func insert(_ parcel: Parcel) {
        let place = parcels.firstIndex { $0.at > parcel.at } ?? parcels.count
        parcels.insert(parcel, at: place)
    }

    private func delay() -> Duration {
        if chance(faults.stalls) { return .milliseconds(generator.pick(500...6000)) }
        return .microseconds(generator.pick(200...40_000))
    }

    private func chance(_ count: Int) -> Bool { count > 0 && generator.once(in: count) }
}

extension Broker.Parcel {
    var isFromBroker: Bool {
        switch cargo {
        case .event: true
        case .connect, .subscribe, .publish: false
        }
    }
}

/// The line of one client.
final class Line {
    let name: String
    /// The client has a connection, or is making one.
    var isLinked = false
    /// The broker's CONNACK came.
    var isConnected = false
    /// Counts up with each connection.
    var connection = 0
    var filters: [String] = [] { didSet { wanted = [:] } }
    private var wanted: [String: Bool] = [:]
    var inbox: [ClientEvent] = []
    /// Nothing overtakes these.
    var lastIn = MonotonicInstant(nanoseconds: 0)
    var lastOut = MonotonicInstant(nanoseconds: 0)
    /// Told of each publication, and of each PUBACK that arrives.
    var onPublish: ((Int32, [UInt8]) -> Void)?
    var onAcknowledged: ((Int32) -> Void)?

    init(_ name: String) { self.name = name }

    func wants(_ topic: String) -> Bool {
        if let known = wanted[topic] { return known }
        let levels = topic.split(separator: "/")
        let isWanted = filters.contains { filter in
            let wanted = filter.split(separator: "/")
            return wanted.count == levels.count
                && zip(wanted, levels).allSatisfy { $0 == "+" || $0 == $1 }
        }
        wanted[topic] = isWanted
        return isWanted
    }
}
