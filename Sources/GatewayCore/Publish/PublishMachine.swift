// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec

/// Decides which frame of the spool is published next, and when a group is done.
///
/// The spool is the only queue. The machine keeps places in it, one for each of four tracks that
/// are asked in this order: alerts, live frames, what was asked for, and backfill. Live begins at
/// the group that was open when the connection began; backfill goes from the oldest group that is
/// pending up to where live is, and passes over what is under way. Whatever goes wrong, a track
/// goes back to an earlier place: frames may then be sent twice, and none is forgotten.
///
///     place  ──────────────────────────────────────────────────────▶
///             pending …  back ▶ ……………… open group  live ▶ alerts ▶ end
///
/// The caller asks `next` until it is told to wait, does what it is told, and reports what came
/// of it.
package struct PublishMachine: Sendable {
    /// Frames under way at most.
    package static let window = 16
    /// Groups begun and not acknowledged at most; then only live ones are begun.
    package static let groupLimit = 256
    /// Of them, kept free for live groups.
    static let liveReserve = 32
    /// Frames looked at in one call of `next` at most.
    static let lookLimit = 256
    /// Deferred frames are sent after so long without anything but live frames.
    package static let deferredQuiet = Duration.seconds(30)
    /// So long a frame may be under way.
    package static let acknowledgementLimit = Duration.seconds(120)

    enum State: Sendable {
        /// No connection: nothing is published.
        case offline
        /// Connected; `end` is where the spool ended when the connection began.
        case online(end: UInt64)
        /// The connection is to be given up; `disconnected` will come.
        case leaving
    }

    /// A frame or a table that was handed out and that the broker has not answered for.
    struct Flight: Sendable {
        /// nil until the caller has said how the client calls it.
        var publication: Int32?
        var item: StoredFrame
        var track: Track
        var permit: CircuitBreaker.Permit

        var since: MonotonicInstant { permit.since }
    }

    enum Track: CaseIterable, Sendable {
        case alert
        case live
        case job
        case back
        case reminder
    }

    let policy: PublishPolicy
    /// What happened.
    package internal(set) var counters = PublishCounters()
    /// The latest PUBACK said that nobody subscribes.
    package internal(set) var isUnheard = false

    var state = State.offline
    /// Connections so far; tells what was found out on an earlier one.
    var connection: UInt64 = 0
    var breaker = CircuitBreaker(.steady)
    var flights: [Flight] = []
    var groups: [GroupProgress] = []
    var alertPlace: UInt64 = 0
    var livePlace: UInt64 = 0
    var backPlace: UInt64 = 0
    /// Deferred frames of this life below are sent like others; those behind wait. Frames of
    /// lives before are sent: nobody remembers what was asked of those.
    var releasedBelow: UInt64 = 0
    /// The first deferred frame that a track passed over; nil where none waits.
    var firstDeferred: UInt64?
    /// Since when there has been nothing but live frames to send.
    var quietSince: MonotonicInstant?
    var tables = RecentTables()
    /// The table that new groups use.
    var newestTable: UInt32?
    var heads: HeadsSchedule
    var desk = CommandDesk()
    /// When a receiver was heard last.
    var receiverHeardAt: MonotonicInstant?
    /// Until then an end without everything acknowledged waits.
    var finishBy: MonotonicInstant?
    /// The earliest of what the call of `next` that runs found to wait for.
    var wakeAt = MonotonicInstant.distantFuture

    /// Offline, with nothing known of the spool.
    package init(_ policy: PublishPolicy) {
        self.policy = policy
        heads = HeadsSchedule(stream: policy.stream)
    }

    /// Whether the broker takes what it is given.
    package var isRefused: Bool { !breaker.isClosed }

    /// What the breaker does.
    package var breakerMode: CircuitBreaker.Mode { breaker.mode }

    /// Readings of pending frames under way.
    package var readingsInFlight: Int {
        flights.reduce(0) { sum, flight in
            switch flight.track {
            case .alert, .live, .back: sum + flight.item.readings
            case .job, .reminder: sum
            }
        }
    }

    /// A connection began. All that is pending is sent, what is newest first.
    package mutating func connected<Store: StoredFrames & ~Copyable>(
        at now: MonotonicInstant, to store: inout Store
    ) throws(Store.Failure) {
        forgetFlights()
        connection += 1
        let open = try store.openPlace()
        state = .online(end: store.endPlace)
        // Alerts that are not on the disk yet are left to the track that waits for it.
        alertPlace = min(open, store.syncedPlace)
        livePlace = open
        backPlace = 0
        quietSince = nil
        breaker.reset()
        heads.connectionBegan()
    }

    /// The connection ended: what became of the frames under way is not known, so they are sent
    /// again.
    package mutating func disconnected() {
        state = .offline
        forgetFlights()
    }

    /// The frame of the last order is with the client, which calls it `publication`.
    package mutating func handedOver(_ publication: Int32) {
        guard let last = flights.indices.last, flights[last].publication == nil else {
            preconditionFailure("no frame was ordered to be published")
        }
        flights[last].publication = publication
        counters.published += 1
    }

    /// The frame of the last order did not go out, though it could be read. It comes again.
    package mutating func notHandedOver() {
        guard let last = flights.popLast(), last.publication == nil else {
            preconditionFailure("no frame was ordered to be published")
        }
        breaker.withdraw(last.permit)
        if case .table(let id) = last.item.content { tables.notSent(id) }
        guard case .frame(let frame) = last.item.content, let i = index(of: frame.group),
            last.track.isPending
        else { return }
        groups[i].flights -= 1
        groups[i].nextIndex = min(groups[i].nextIndex, frame.index)
        backPlace = min(backPlace, groups[i].firstPlace)
    }

    /// The frame of the last order is damaged, and will be: it counts as sent.
    package mutating func unreadable() {
        guard let last = flights.popLast(), last.publication == nil else {
            preconditionFailure("no frame was ordered to be published")
        }
        counters.unreadable += 1
        breaker.withdraw(last.permit)
        guard case .frame(let frame) = last.item.content, let i = index(of: frame.group),
            last.track.isPending
        else { return }
        groups[i].flights -= 1
        groups[i].giveUp(frame.index)
    }

    /// New groups use the table `id`; it is sent before anything else.
    package mutating func setTable(_ id: UInt32) { newestTable = id }

    /// Sends what it can and ends when all is acknowledged, or at `deadline`.
    package mutating func finish(by deadline: MonotonicInstant) { finishBy = deadline }

    func index(of group: GroupIdentity) -> Int? { groups.firstIndex { $0.group == group } }

    /// Notes a moment at which `next` must be asked again.
    mutating func wake(at moment: MonotonicInstant) { wakeAt = min(wakeAt, moment) }

    private mutating func forgetFlights() {
        desk.restart(from: flights.filter { $0.track == .job }.map(\.item.place).min())
        flights.removeAll(keepingCapacity: true)
        for i in groups.indices { groups[i].rewind() }
        tables.forgetFlights()
    }
}

extension PublishMachine.Track {
    /// Whether the frames move their group on; the others are repeats of any frame.
    var isPending: Bool {
        switch self {
        case .alert, .live, .back: true
        case .job, .reminder: false
        }
    }
}
