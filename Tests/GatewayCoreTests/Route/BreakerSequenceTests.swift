// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import TestSupport
import Testing

/// What a breaker must keep to whatever happens, looked at after each input.
private struct BreakerLaws {
    /// A permit that was not answered for, and the mode it was given in.
    struct Open {
        var permit: CircuitBreaker.Permit
        var mode: CircuitBreaker.Mode
    }

    var breaker: CircuitBreaker
    var now = seconds(0)
    var underWay: [Open] = []

    init(_ policy: BreakerPolicy) {
        breaker = CircuitBreaker(policy)
    }

    static let inputCount = 9

    mutating func step(_ input: Int) -> Bool {
        let before = breaker.mode
        switch input {
        case 0: return ask()
        case 1, 2, 3:
            guard let open = underWay.popLast() else { return true }
            return answer(open, [.succeeded, .failed, .timedOut][input - 1])
        case 4:
            guard !underWay.isEmpty else { return true }
            breaker.withdraw(underWay.removeFirst().permit)
            return breaker.mode == before
        case 5: now = now + .seconds(5)
        case 6: now = now + .seconds(15)
        case 7:
            breaker.force(.open)
            return breaker.mode == .forcedOpen
        default:
            breaker.release(at: now)
            return before != .forcedOpen || breaker.mode == .open
        }
        return breaker.mode == before
    }

    private mutating func ask() -> Bool {
        let before = breaker.mode
        let opensAt = breaker.opensAgainAt
        let refusals = breaker.counters.notPermitted
        switch breaker.permit(at: now) {
        case .proceed(let permit):
            underWay.append(Open(permit: permit, mode: breaker.mode))
            let isAllowed =
                switch before {
                case .closed, .forcedClosed, .metricsOnly: breaker.mode == before
                case .open: breaker.mode == .halfOpen && opensAt ?? .distantFuture <= now
                case .halfOpen: breaker.mode == .halfOpen
                case .forcedOpen: false
                }
            return isAllowed && breaker.counters.notPermitted == refusals
        case .wait(let until):
            // Who must wait is told a moment to come, and is counted.
            return until > now && breaker.counters.notPermitted == refusals + 1 && before != .closed
        }
    }

    private mutating func answer(_ open: Open, _ outcome: CircuitBreaker.Outcome) -> Bool {
        let before = breaker.mode
        let ignored = breaker.counters.ignored
        breaker.report(open.permit, outcome, at: now)
        if breaker.counters.ignored > ignored { return breaker.mode == before }
        switch before {
        case .closed: return breaker.mode == .closed || breaker.mode == .open
        // One failure is enough, and so is a success that comes too late.
        case .halfOpen:
            let isGood = outcome == .succeeded && now <= open.permit.deadline
            return (breaker.mode == .open) != isGood
        // Nothing that was permitted before it opened may be heard.
        case .open, .forcedOpen: return false
        case .forcedClosed, .metricsOnly: return breaker.mode == before
        }
    }
}

@Suite struct BreakerSequenceTests {
    private static let policy = {
        var policy = BreakerPolicy.consecutive
        policy.consecutiveFailures = 2
        policy.openTime = .seconds(5)
        policy.longestOpenTime = .seconds(10)
        return policy
    }()

    /// All sequences of five inputs, from closed and from just opened.
    @Test(arguments: [false, true])
    func lawsHoldInEveryShortSequence(_ isOpened: Bool) {
        let length = 5
        var start = BreakerLaws(Self.policy)
        if isOpened { for input in [0, 2, 0, 2] { _ = start.step(input) } }
        #expect((start.breaker.mode == .open) == isOpened)
        var sequences = 1
        for _ in 0..<length { sequences *= BreakerLaws.inputCount }
        var broken: [Int] = []
        for sequence in 0..<sequences {
            var laws = start
            var rest = sequence
            for _ in 0..<length {
                if !laws.step(rest % BreakerLaws.inputCount) { broken.append(sequence) }
                rest /= BreakerLaws.inputCount
            }
        }
        #expect(broken.isEmpty, "base 9, last digit first: \(broken.prefix(5))")
    }

    /// Long sequences by chance, with the default policy.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func lawsHoldInLongSequences(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var laws = BreakerLaws(BreakerPolicy())
        for i in 0..<3000 {
            let input = generator.once(in: 3) ? 0 : generator.below(BreakerLaws.inputCount)
            let isKept = laws.step(input)
            #expect(isKept, "seed \(seed) step \(i) input \(input)")
            if laws.underWay.count > 32 { laws.underWay.removeFirst() }
        }
        #expect(laws.breaker.counters.openings > 5 && laws.breaker.counters.ignored > 5)
    }
}
