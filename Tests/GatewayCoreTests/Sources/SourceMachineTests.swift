// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatewayCore

/// Every state of a source against everything that can happen to it, in virtual time.
@Suite struct SourceMachineTests {
    typealias State = SourceStatus.State
    static let start = MonotonicInstant(nanoseconds: 1_000_000_000)
    static let idle = Duration.milliseconds(200)

    static func at(_ milliseconds: Int) -> MonotonicInstant {
        start + .milliseconds(milliseconds)
    }

    enum Input: CaseIterable {
        case opened, refused, noticed, bytes, wokeInVain, lost, ended, due
    }

    /// A machine in a state, which it has been in since `start`.
    static func machine(_ kind: SourceMachine.Kind, in state: State) -> SourceMachine? {
        var machine = SourceMachine(kind, idle: idle, at: start)
        switch (kind, state) {
        case (.stream, .open), (.serial, .waiting), (.command, .waiting): return machine
        case (.stream, .over):
            _ = machine.lost(.hungUp, at: start)
        case (.serial, .open), (.command, .open):
            machine.opened(at: start)
        case (.command, .ending):
            machine.opened(at: start)
            _ = machine.lost(.hungUp, at: start)
        case (.stream, _), (.serial, _), (.command, .over): return nil
        }
        return machine
    }

    static func feed(_ input: Input, to machine: inout SourceMachine) {
        let now = at(1)
        switch input {
        case .opened: machine.opened(at: now)
        case .refused: _ = machine.refused(.absent, at: now)
        case .noticed: machine.noticed(at: now)
        case .bytes: _ = machine.took(hasNewline: true, at: now)
        case .wokeInVain: _ = machine.wokeInVain(isHungUp: false)
        case .lost: _ = machine.lost(.hungUp, at: now)
        case .ended: machine.ended(.exited(0), at: now)
        case .due: while machine.advance(to: now) != nil {}
        }
    }

    static func next(_ kind: SourceMachine.Kind, _ state: State, _ input: Input) -> State {
        switch (state, input) {
        case (.waiting, .opened): .open
        case (.open, .lost):
            switch kind {
            case .stream: .over
            case .serial: .waiting
            case .command: .ending
            }
        case (.ending, .ended): .waiting
        default: state
        }
    }

    @Test(arguments: SourceMachine.Kind.allCases, State.allCases)
    func everyInputInEveryState(kind: SourceMachine.Kind, state: State) {
        guard let machine = Self.machine(kind, in: state) else { return }
        for input in Input.allCases {
            var changed = machine
            Self.feed(input, to: &changed)
            let expected = Self.next(kind, state, input)
            #expect(changed.status.state == expected, "\(input)")
            #expect(changed.status.since == (expected == state ? Self.start : Self.at(1)))
        }
    }

    @Test func absentPortIsTriedLaterEachTimeForEver() {
        var machine = SourceMachine(.serial, idle: Self.idle, at: Self.start)
        var pauses: [Int64] = []
        var last = Self.start
        for i in 0..<2000 {
            let now = machine.deadline ?? .distantFuture
            #expect(machine.advance(to: now) == .open)
            #expect(machine.advance(to: now) == nil)
            // The first time is worth a message, the others are not.
            #expect(machine.refused(.absent, at: now) == (i == 0))
            pauses.append((now - last).nanoseconds / 1_000_000)
            last = now
        }
        #expect(pauses.prefix(8) == [0, 250, 500, 1000, 2000, 4000, 5000, 5000])
        #expect(pauses.dropFirst(8).allSatisfy { $0 == 5000 })
        #expect(machine.status.opens == 0 && machine.status.losses == 0)
        #expect(machine.status.reason == .absent)
    }

    @Test func eachReasonIsToldOnceUntilItIsOpen() {
        var machine = SourceMachine(.serial, idle: Self.idle, at: Self.start)
        let now = Self.start
        #expect(machine.refused(.absent, at: now) == true)
        #expect(machine.refused(.busy, at: now) == true)
        #expect(machine.refused(.busy, at: now) == false)
        #expect(machine.refused(.denied, at: now) == true)
        machine.opened(at: now)
        #expect(machine.lost(.hungUp, at: now) == .close)
        #expect(machine.refused(.denied, at: now) == true)
    }

    @Test func soundPortIsOpenedAgainSoonAndAFlappingOneLater() {
        var machine = SourceMachine(.serial, idle: Self.idle, at: Self.start)
        var now = Self.start
        func pause(openFor span: Duration) -> Int64 {
            #expect(machine.advance(to: now) == .open)
            machine.opened(at: now)
            now = now + span
            _ = machine.lost(.hungUp, at: now)
            let deadline = machine.deadline ?? .distantFuture
            defer { now = deadline }
            return (deadline - now).nanoseconds / 1_000_000
        }
        let flapping = (0..<6).map { _ in pause(openFor: .zero) }
        #expect(flapping == [250, 500, 1000, 2000, 4000, 5000])
        #expect(pause(openFor: .milliseconds(4999)) == 5000)
        #expect(pause(openFor: .seconds(5)) == 250)
        #expect(machine.status.opens == 8 && machine.status.losses == 8)
    }

    @Test func deviceThatAppearsIsOpenedAtOnceButNotInALoop() {
        var machine = SourceMachine(.serial, idle: Self.idle, at: Self.start)
        for _ in 0..<9 {
            _ = machine.advance(to: machine.deadline ?? .distantFuture)
            _ = machine.refused(.absent, at: machine.deadline ?? .distantFuture)
        }
        let attempt = machine.deadline ?? .distantFuture
        #expect(machine.advance(to: attempt) == .open)
        _ = machine.refused(.absent, at: attempt)
        machine.noticed(at: attempt + .milliseconds(3))
        #expect(machine.deadline == attempt + .milliseconds(10))
        machine.noticed(at: attempt + .milliseconds(700))
        #expect(machine.deadline == attempt + .milliseconds(10))
        #expect(machine.advance(to: attempt + .milliseconds(700)) == .open)
        _ = machine.refused(.absent, at: attempt + .milliseconds(700))
        machine.noticed(at: attempt + .milliseconds(900))
        #expect(machine.advance(to: attempt + .milliseconds(900)) == .open)
    }

    @Test func deviceThatCameBackBeforeItsLossWasSeenIsOpenedAtOnce() {
        var machine = SourceMachine(.serial, idle: Self.idle, at: Self.start)
        #expect(machine.advance(to: Self.start) == .open)
        machine.opened(at: Self.start)
        machine.noticed(at: Self.at(100))
        #expect(machine.lost(.hungUp, at: Self.at(101)) == .close)
        #expect(machine.advance(to: Self.at(101)) == .open)
        machine.opened(at: Self.at(101))
        // That was for this loss only, and for no later one.
        #expect(machine.lost(.hungUp, at: Self.at(102)) == .close)
        #expect(machine.advance(to: Self.at(102)) == nil)
        #expect(machine.deadline == Self.at(602))
        machine.opened(at: Self.at(602))
        machine.noticed(at: Self.at(603))
        #expect(machine.lost(.hungUp, at: Self.at(900)) == .close)
        #expect(machine.deadline == Self.at(1900))
    }

    @Test func commandIsNoDevice() {
        var machine = SourceMachine(.command, idle: Self.idle, at: Self.start)
        #expect(machine.advance(to: Self.start) == .open)
        _ = machine.refused(.absent, at: Self.start)
        let deadline = machine.deadline
        machine.noticed(at: Self.at(1))
        #expect(machine.deadline == deadline)
    }

    @Test func deadDescriptorIsGivenUp() {
        var machine = SourceMachine(.serial, idle: Self.idle, at: Self.start)
        machine.opened(at: Self.start)
        for _ in 1..<SourceMachine.Limits.emptyWakes {
            #expect(machine.wokeInVain(isHungUp: false) == nil)
        }
        // Bytes begin the count anew.
        _ = machine.took(hasNewline: false, at: Self.start)
        for _ in 1..<SourceMachine.Limits.emptyWakes {
            #expect(machine.wokeInVain(isHungUp: false) == nil)
        }
        #expect(machine.wokeInVain(isHungUp: false) == .dead)
        #expect(machine.lost(.dead, at: Self.start) == .close)
        #expect(machine.status.reason == .dead)
    }

    @Test func hungUpDescriptorWithoutBytesIsGivenUpAtOnce() {
        var machine = SourceMachine(.serial, idle: Self.idle, at: Self.start)
        machine.opened(at: Self.start)
        #expect(machine.wokeInVain(isHungUp: true) == .hungUp)
    }

    @Test func stdinEndsOnce() {
        var machine = SourceMachine(.stream, idle: Self.idle, at: Self.start)
        #expect(machine.deadline == nil)
        #expect(machine.took(hasNewline: false, at: Self.start) == .keep)
        #expect(machine.deadline == nil, "half a line waits for ever")
        #expect(machine.lost(.hungUp, at: Self.at(5)) == .close)
        #expect(machine.lost(.hungUp, at: Self.at(6)) == .ignore)
        #expect(machine.deadline == nil)
        #expect(machine.advance(to: .distantFuture) == nil)
        #expect(machine.status.state == .over && machine.status.since == Self.at(5))
    }

    @Test func commandThatClosedItsOutputIsEndedInBoundedTime() {
        var machine = SourceMachine(.command, idle: .zero, at: Self.start)
        machine.opened(at: Self.start)
        #expect(machine.lost(.hungUp, at: Self.start) == .awaitEnd)
        #expect(machine.deadline == Self.at(2000))
        #expect(machine.advance(to: Self.at(1999)) == nil)
        #expect(machine.advance(to: Self.at(2000)) == .terminate)
        #expect(machine.advance(to: Self.at(2000)) == nil)
        #expect(machine.advance(to: Self.at(4000)) == .kill)
        #expect(machine.advance(to: Self.at(4000)) == nil)
        #expect(machine.deadline == nil)
        machine.ended(.killed(9), at: Self.at(4001))
        #expect(machine.status.reason == .killed(9))
        #expect(machine.deadline == Self.at(4251))
        #expect(machine.advance(to: Self.at(4251)) == .open)
    }

    @Test func commandThatWorksForAWhileStartsAgainSoon() {
        var machine = SourceMachine(.command, idle: .zero, at: Self.start)
        var pauses: [Int64] = []
        var now = Self.start
        for work in [0, 0, 0, 6000, 0] {
            machine.opened(at: now)
            now = now + .milliseconds(work)
            _ = machine.lost(.hungUp, at: now)
            machine.ended(.exited(1), at: now)
            pauses.append(((machine.deadline ?? .distantFuture) - now).nanoseconds / 1_000_000)
            now = machine.deadline ?? .distantFuture
            #expect(machine.advance(to: now) == .open)
        }
        #expect(pauses == [250, 500, 1000, 250, 500])
        #expect(machine.status.losses == 5)
    }

    @Test func orderThatIsNotAnsweredComesAgain() {
        var machine = SourceMachine(.serial, idle: Self.idle, at: Self.start)
        #expect(machine.advance(to: Self.start) == .open)
        #expect(machine.advance(to: Self.at(249)) == nil)
        #expect(machine.advance(to: Self.at(250)) == .open)
    }

    @Test func timeAtTheEndOfTheClockDoesNotTrap() {
        var machine = SourceMachine(.serial, idle: Self.idle, at: .distantFuture)
        #expect(machine.advance(to: .distantFuture) == .open)
        machine.opened(at: .distantFuture)
        _ = machine.took(hasNewline: false, at: .distantFuture)
        _ = machine.lost(.system(5), at: .distantFuture)
        #expect(machine.status.reason == .system(5))
        #expect(machine.refused(.unsupportedRate, at: .distantFuture) == true)
    }
}
