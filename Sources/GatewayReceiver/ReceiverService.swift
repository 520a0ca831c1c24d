// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
package import GatewayConfiguration
internal import GatewayCore
internal import HostSystem
internal import MosquittoClient

/// How a receiver ended.
package struct ReceiverOutcome: Sendable {
    /// What came, and what became of it.
    package var counts: ReceiverCounts
    /// A file or stdout did not take everything; the journal has it for the next start.
    package var isIncomplete: Bool
    /// A broker did not take every reading; the journal has it for the next start.
    package var isUnpublished: Bool

    /// How it ended.
    package init(counts: ReceiverCounts, isIncomplete: Bool, isUnpublished: Bool) {
        self.counts = counts
        self.isIncomplete = isIncomplete
        self.isUnpublished = isUnpublished
    }
}

/// `alec receive` as a whole: one thread per broker, and this one for everything else.
package struct ReceiverService: ~Copyable {
    /// Events of one link that are taken at a time.
    private static let turn = 64
    /// SIGHUP, the same on every Linux.
    private static let hangUp: CInt = 1
    /// How long the end waits for brokers and sinks.
    private static let drain = Duration.seconds(5)
    /// How long of it messages are taken that come in while it lasts.
    private static let lastTurns = Duration.seconds(1)

    private var pipeline: ReceiverPipeline
    private let links: [BrokerLink]
    private let news: EventFlag
    private let signals: SignalSource
    private let lock: LockFile
    private let notifier = ServiceNotifier()
    private let tell: (String) -> Void
    private var isEnding = false

    private init(
        _ signals: consuming SignalSource, _ lock: consuming LockFile,
        _ pipeline: consuming ReceiverPipeline, _ links: [BrokerLink], _ news: EventFlag,
        tell: @escaping (String) -> Void
    ) {
        self.signals = signals
        self.lock = lock
        self.pipeline = pipeline
        self.links = links
        self.news = news
        self.tell = tell
    }

    /// Opens everything. `tell` gets the lines of the log, without their ends.
    package static func open(
        _ settings: ReceiverSettings, tell: @escaping (String) -> Void
    ) throws(ReceiverError) -> ReceiverService {
        let folder = try system { () throws(SystemError) in try FileOperation.currentFolder() }
        let settings = settings.absolute(in: folder)
        // Before any thread begins, which would take the signals otherwise.
        let signals = try system { () throws(SystemError) in try SignalSource() }
        let lock = try lock(settings.stateDirectory)
        var random = SystemRandomNumberGenerator()
        let news = try system { () throws(SystemError) in try EventFlag() }
        let pipeline = try ReceiverPipeline.open(
            settings, sinks: try sinks(settings, news), seed: random.next(), at: now)
        let filters = filters(settings)
        let id = "alec-receive-" + settings.identifier
        let links = try system { () throws(SystemError) in
            var links: [BrokerLink] = []
            for broker in settings.brokers {
                links.append(
                    try BrokerLink(broker, clientID: id, filters: filters, news: news))
            }
            return links
        }
        return ReceiverService(signals, lock, pipeline, links, news, tell: tell)
    }

    /// Runs until SIGTERM or SIGINT, or until nobody reads stdout.
    package mutating func run() throws(ReceiverError) -> ReceiverOutcome {
        tell("receive.started brokers=\(links.count)")
        let threads = try startThreads()
        notifier.ready()
        while !isEnding {
            try takeSignals()
            news.clear()
            let isMore = takeEvents()
            settle()
            if pipeline.isOutputClosed { isEnding = true }
            _ = notifier.watchdog()
            guard !isEnding, !isMore, !pipeline.hasMore else { continue }
            try wait()
        }
        notifier.stopping()
        return end(threads)
    }

    private static var now: MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64(MonotonicClock.nanoseconds))
    }

    private static func system<Value>(
        _ body: () throws(SystemError) -> Value
    ) throws(ReceiverError) -> Value where Value: ~Copyable {
        do throws(SystemError) {
            return try body()
        } catch {
            throw .system(error)
        }
    }

    private static func lock(_ folder: String) throws(ReceiverError) -> LockFile {
        let path = folder + "/lock"
        do throws(SystemError) {
            try FileOperation.createFolder(folder)
            if let lock = try LockFile.acquire(path) { return lock }
        } catch {
            throw .file(path: path, error)
        }
        throw .inUse(path: path)
    }

    private static func sinks(
        _ settings: ReceiverSettings, _ news: EventFlag
    ) throws(ReceiverError) -> [TextSink] {
        var sinks: [TextSink] = []
        for sink in settings.sinks {
            switch sink {
            case .mqtt: continue
            case .lines(let format, let path): sinks.append(try Self.sink(format, path, news))
            }
        }
        return sinks
    }

    private static func sink(
        _ format: ReceiverSettings.LineFormat, _ path: String, _ news: EventFlag
    ) throws(ReceiverError) -> TextSink {
        do throws(SystemError) {
            if path == "-" {
                return try sink(format, path, StandardOutput(), news)
            }
            return try sink(format, path, FileOutput(path: path), news)
        } catch {
            throw .file(path: path, error)
        }
    }

    /// Each on a thread of its own, so that none stalls another.
    private static func sink(
        _ format: ReceiverSettings.LineFormat, _ path: String, _ output: any SinkOutput & Sendable,
        _ news: EventFlag
    ) throws(SystemError) -> TextSink {
        let writer = try ThreadWriter(output, name: "sink-\(format.rawValue)", news: news)
        return TextSink(format: format, path: path, output: output, writer: writer)
    }

    private static func filters(_ settings: ReceiverSettings) -> [String] {
        let site = settings.site == "+" ? "+" : TopicName.level(settings.site)
        let node = settings.node == "+" ? "+" : TopicName.level(settings.node)
        return ["frame/+", "heads", "state", "rsp/resend", "rsp/rebirth"].map {
            "alec/v1/\(site)/\(node)/\($0)"
        }
    }

    private mutating func startThreads() throws(ReceiverError) -> Threads {
        var threads = Threads()
        for (i, link) in links.enumerated() {
            let thread = try Self.system { () throws(SystemError) in
                try WorkerThread.start(name: "link-\(i)") {
                    do throws(ClientError) {
                        var stage = try LinkStage(link)
                        stage.run()
                    } catch {
                        _ = link.events.offer(.disconnected(reason: -1))
                    }
                }
            }
            threads.add(thread)
        }
        return threads
    }

    private mutating func takeSignals() throws(ReceiverError) {
        while true {
            let signal: CInt?
            do throws(SystemError) {
                signal = try signals.next()
            } catch {
                throw .system(error)
            }
            guard let signal else { return }
            // A terminal that goes away is no reason to stop.
            if signal != Self.hangUp { isEnding = true }
        }
    }

    /// Takes what links brought. Whether there is more.
    private mutating func takeEvents() -> Bool {
        var isMore = false
        takeDeliveries()
        for (i, link) in links.enumerated() {
            var taken = 0
            while taken < Self.turn, !pipeline.isTurnFull, let event = link.events.take() {
                taken += 1
                take(event, of: i)
            }
            if taken == Self.turn || pipeline.isTurnFull {
                isMore = true
                // It may wait for room.
                link.wake.raise()
            }
        }
        return isMore
    }

    private mutating func takeDeliveries() {
        for (i, link) in links.enumerated() {
            for delivery in link.takeDeliveries() {
                pipeline.delivered(
                    delivery.place, isTaken: delivery.isTaken, link: i, at: Self.now)
            }
        }
    }

    private mutating func take(_ event: LinkEvent, of link: Int) {
        let name = "\(links[link].broker.host):\(links[link].broker.port)"
        switch event {
        case .message(let message): pipeline.take(message, link: link, at: Self.now)
        case .connected:
            tell("broker.connected broker=\(name)")
            pipeline.connected(link: link, at: Self.now)
        case .refused(let reason): tell("broker.refused broker=\(name) reason=\(reason)")
        case .disconnected(let reason):
            tell("broker.disconnected broker=\(name) reason=\(reason)")
        case .notSubscribed(let reason):
            tell("broker.not_subscribed broker=\(name) reason=\(reason)")
        }
    }

    /// Makes safe and visible what came, and sends what there is to say.
    private mutating func settle() {
        pipeline.commit(at: Self.now)
        pipeline.tick(at: Self.now)
        dispatch()
    }

    private mutating func dispatch() {
        for note in pipeline.takeNotes() { tell(note) }
        let outbox = pipeline.takeOutbox()
        guard !outbox.isEmpty else { return }
        for (i, link) in links.enumerated() {
            let own = outbox.filter { $0.link == i }.map(\.publication)
            if !own.isEmpty { link.send(own) }
        }
    }

    private func wait() throws(ReceiverError) {
        var items = [
            PollItem(descriptor: signals.descriptor), PollItem(descriptor: news.descriptor),
        ]
        var deadline = pipeline.deadline
        if let pause = notifier.watchdogNanoseconds {
            deadline = min(deadline, Self.now + .nanoseconds(pause / 2))
        }
        let isForEver = deadline == .distantFuture
        do throws(SystemError) {
            _ = try Poller.wait(on: &items, until: isForEver ? nil : deadline.nanoseconds)
        } catch {
            throw .system(error)
        }
    }

    /// Repeats `step` while it says that there is more, but senders may go on for ever.
    static func repeats(
        until limit: MonotonicInstant, clock: () -> MonotonicInstant, step: () -> Bool
    ) {
        while step(), clock() < limit {}
    }

    /// Everything that came is made safe and acknowledged before the connections end, as far as
    /// there is time: what is left is in the journal.
    private mutating func end(_ threads: consuming Threads) -> ReceiverOutcome {
        let start = Self.now
        let limit = start + Self.drain
        Self.repeats(
            until: start + Self.lastTurns, clock: { Self.now },
            step: {
                let isMore = takeEvents()
                settle()
                return isMore
            })
        pipeline.acknowledgeAll()
        pipeline.finish(at: Self.now)
        dispatch()
        while !(pipeline.isDelivered && pipeline.isPublished), Self.now < limit {
            news.clear()
            takeDeliveries()
            pipeline.finish(at: Self.now)
            dispatch()
            if pipeline.hasMore { continue }
            // An answer comes with news; a sink that failed is tried again.
            var items = [PollItem(descriptor: news.descriptor)]
            let until = min(limit, Self.now + .milliseconds(100))
            guard (try? Poller.wait(on: &items, until: until.nanoseconds)) != nil else { break }
        }
        for link in links { link.end(by: max(limit, Self.now)) }
        threads.join()
        takeDeliveries()
        pipeline.finish(at: Self.now)
        for note in pipeline.takeNotes() { tell(note) }
        let dropped = links.reduce(0) { $0 + $1.droppedMessages }
        tell("receive.ended \(pipeline.counts.fields) \(pipeline.gapFields) dropped=\(dropped)")
        return ReceiverOutcome(
            counts: pipeline.counts, isIncomplete: !pipeline.isDelivered,
            isUnpublished: !pipeline.isPublished)
    }
}
