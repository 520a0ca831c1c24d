// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import TestSupport
import Testing

/// A router with three transports that come, go, fail and hang by chance.
private struct RouterModel {
    var router: MessageRouter
    var now = seconds(0)
    var generator: SeededGenerator
    var isUp = [false, false, true]
    var succeeds = [true, true, true]
    /// Sent and not answered for.
    var underWay: [(transport: Int, permit: CircuitBreaker.Permit)] = []
    /// The transport that frames went to last, whatever was in between.
    var latest: Int?
    var sent = [0, 0, 0]
    var broken: [String] = []

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        router = MessageRouter([
            Transport(name: "a", kind: .broker, breaker: CircuitBreaker(seed: seed)),
            Transport(name: "b", kind: .broker, breaker: CircuitBreaker(seed: seed + 1)),
            Transport(name: "f", kind: .file, breaker: CircuitBreaker(seed: seed + 2)),
        ])
    }

    mutating func step() {
        let i = generator.below(3)
        switch generator.below(20) {
        case 0: isUp[i] ? down(i) : up(i)
        case 1: succeeds[i].toggle()
        case 2: now = now + .seconds(generator.pick(1...100))
        case 3:
            if generator.once(in: 20) {
                router.force(i, generator.pick([.open, .closed, .metricsOnly]), at: now)
            }
        case 4: router.force(i, nil, at: now)
        case 5...8: answerOne()
        default: send()
        }
        now = now + .milliseconds(generator.pick(1...1500))
        turn()
    }

    private mutating func up(_ i: Int) {
        isUp[i] = true
        router.up(i, at: now)
    }

    private mutating func down(_ i: Int) {
        isUp[i] = false
        router.down(i, at: now)
        for (transport, permit) in underWay where transport == i && generator.once(in: 2) {
            router.withdraw(i, permit)
        }
        underWay.removeAll { $0.transport == i }
    }

    private mutating func answerOne() {
        guard !underWay.isEmpty else { return }
        let (i, permit) = underWay.remove(at: generator.below(underWay.count))
        router.report(i, permit, succeeds[i] ? .succeeded : .failed, at: now)
    }

    private mutating func send() {
        switch router.permit(at: now) {
        case .send(let i, let permit, let deadline):
            check(isUp[i], "sends to what is down")
            check(router.current == .transport(i), "sends elsewhere")
            check(deadline > now, "is late at once")
            sent[i] += 1
            underWay.append((i, permit))
            if underWay.count > 16 { answerOne() }
        case .store: break
        }
    }

    private mutating func turn() {
        for _ in 0..<50 {
            switch router.next(at: now) {
            case .change(let from, let to, let endsGroup):
                check(from != to, "changes to itself")
                guard case .transport(let i) = to else {
                    check(!endsGroup, "the spool ends no group")
                    continue
                }
                check(endsGroup == (latest.map { $0 != i } ?? false), "group end")
                latest = i
            case .probe(let i, let permit):
                check(isUp[i], "probes what is down")
                check(router.current != .transport(i), "probes the current one")
                underWay.append((i, permit))
            case .wait(let until):
                check(until > now, "waits for nothing")
                return settled()
            }
        }
        check(false, "never waits")
    }

    private mutating func settled() {
        let working = (0..<3).filter { isUp[$0] && router.transports[$0].breaker.isClosed }
        switch router.current {
        case .spool: check(working.isEmpty, "stores though something works")
        case .transport(let i): check(working.contains(i), "current one does not work")
        }
    }

    private mutating func check(_ isKept: Bool, _ law: String) {
        if !isKept { broken.append("\(law) at \(now.nanoseconds)") }
    }
}

@Suite struct RouterModelTests {
    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func lawsHold(_ seed: UInt64) {
        var model = RouterModel(seed: seed)
        for _ in 0..<2000 { model.step() }
        #expect(model.broken.isEmpty, "seed \(seed): \(model.broken.prefix(3))")
        #expect(model.sent.allSatisfy { $0 > 0 }, "seed \(seed): \(model.sent)")
    }
}
