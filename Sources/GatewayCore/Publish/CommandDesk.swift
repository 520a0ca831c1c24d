// SPDX-License-Identifier: Apache-2.0

/// Takes commands, limits them, and keeps the work that they ask for until it is done.
///
/// Everybody who may publish on the broker can send commands, so each list has an end and each
/// kind of work a pace.
struct CommandDesk: Sendable {
    /// What is to be published once more.
    enum Work: Equatable, Sendable {
        case group(GroupIdentity)
        case history
        /// Deferred frames with readings of a span.
        case fetch(from: WallTime?, to: WallTime?)
        case table(UInt32)
    }

    struct Job: Sendable {
        var id: String
        var verb: String
        var work: Work
        /// Where its frames lie; nil until the spool was asked.
        var places: Range<UInt64>?
        /// The next of them.
        var place: UInt64 = 0
    }

    /// An answer that waits for its turn.
    struct Answer: Sendable {
        var verb: String
        var response: ResponseMessage
    }

    /// Jobs at most; more are told to come later.
    static let jobLimit = 8
    /// Answers that wait at most; more are not given.
    static let answerLimit = 16
    /// The same work is not done again sooner.
    static let repeatLimit = Duration.seconds(10)
    /// Work remembered for that.
    static let memory = 16
    /// The longest verb that is repeated in an answer.
    static let verbLimit = 32

    private(set) var jobs: [Job] = []
    private(set) var answers: [Answer] = []
    /// `birth` was asked for.
    var owesBirth = false
    /// A new group was asked for.
    var owesGroupEnd = false
    private var rate = RateLimiter(messages: .init(perSecond: 1, burst: 5))
    private var refusalRate = RateLimiter(messages: .init(perSecond: 1, burst: 5))
    private var recent: [(work: Work, at: MonotonicInstant)] = []

    /// Takes what came on `cmd/<verb>`; false if it is not carried out.
    mutating func take(
        verb: String, _ payload: Span<UInt8>, newestTable: UInt32?, at now: MonotonicInstant
    ) -> Bool {
        guard verb.utf8.count <= Self.verbLimit else { return false }
        let command: CommandMessage
        do {
            command = try CommandMessage(verb: verb, payload)
        } catch {
            let id = if case .unknownVerb(let id) = error { id } else { "" }
            let reason: ResponseMessage.Reason = verbIsKnown(error) ? .malformed : .verb
            refuse(id, verb, .error, reason, at: now)
            return false
        }
        guard rate.tryAcquire(at: now) else {
            if !command.id.isEmpty { refuse(command.id, verb, .busy, .rate, at: now) }
            return false
        }
        switch command.request {
        case .keyFrame:
            owesGroupEnd = true
            answer(command.id, verb, .sent)
            return true
        case .rebirth(table: nil):
            // The answer comes with the end of the job.
            if let newestTable {
                guard add(.table(newestTable), command, at: now) else { return false }
            } else {
                answer(command.id, verb, .sent)
            }
            owesBirth = true
            return true
        case .rebirth(let table?): return add(.table(table), command, at: now)
        case .resend(let group): return add(.group(group), command, at: now)
        case .history: return add(.history, command, at: now)
        case .fetch(let from, let to): return add(.fetch(from: from, to: to), command, at: now)
        }
    }

    /// The work that is next: history comes last, as it is long.
    var next: Int? { jobs.firstIndex { $0.work != .history } ?? jobs.indices.first }

    /// The frames of job `i` lie in `places`.
    mutating func begin(_ i: Int, at places: Range<UInt64>) {
        jobs[i].places = places
        jobs[i].place = places.lowerBound
    }

    /// Job `i` goes on at `place`.
    mutating func advance(_ i: Int, to place: UInt64) { jobs[i].place = place }

    /// Job `i` ended.
    mutating func end(
        _ i: Int, _ status: ResponseMessage.Status, _ reason: ResponseMessage.Reason? = nil
    ) {
        let job = jobs.remove(at: i)
        answer(job.id, job.verb, status, reason)
    }

    /// The connection is lost, and with it what was under way for jobs, from the place `lost` on.
    /// The history is long and goes on from there; the others begin again.
    mutating func restart(from lost: UInt64?) {
        for i in jobs.indices {
            switch jobs[i].work {
            case .history: jobs[i].place = min(jobs[i].place, lost ?? jobs[i].place)
            case .group, .table, .fetch: jobs[i].places = nil
            }
        }
    }

    /// The next answer to give.
    mutating func takeAnswer() -> Answer? { answers.isEmpty ? nil : answers.removeFirst() }

    private mutating func add(
        _ work: Work, _ command: CommandMessage, at now: MonotonicInstant
    ) -> Bool {
        let verb = command.request.verb
        if recent.contains(where: { $0.work == work && now - $0.at < Self.repeatLimit }) {
            answer(command.id, verb, .busy, .again)
            return false
        }
        guard jobs.count < Self.jobLimit, !jobs.contains(where: { $0.work == work }) else {
            answer(command.id, verb, .busy, .jobs)
            return false
        }
        recent.removeAll { $0.work == work }
        recent.append((work, now))
        if recent.count > Self.memory { recent.removeFirst() }
        jobs.append(Job(id: command.id, verb: verb, work: work))
        return true
    }

    private mutating func refuse(
        _ id: String, _ verb: String, _ status: ResponseMessage.Status,
        _ reason: ResponseMessage.Reason, at now: MonotonicInstant
    ) {
        // Whoever sends nonsense without end is not answered without end.
        guard refusalRate.tryAcquire(at: now) else { return }
        queue(Answer(verb: verb, response: .init(id: id, status: status, reason: reason)))
    }

    private mutating func answer(
        _ id: String, _ verb: String, _ status: ResponseMessage.Status,
        _ reason: ResponseMessage.Reason? = nil
    ) {
        // Without an id nobody waits for it.
        guard !id.isEmpty else { return }
        queue(Answer(verb: verb, response: .init(id: id, status: status, reason: reason)))
    }

    private mutating func queue(_ answer: Answer) {
        if answers.count < Self.answerLimit { answers.append(answer) }
    }

    private func verbIsKnown(_ error: MessageError) -> Bool {
        switch error {
        case .unknownVerb: false
        case .tooLarge, .notAnObject, .badField, .tooManyEntries: true
        }
    }
}
