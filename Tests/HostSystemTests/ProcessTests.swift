// SPDX-License-Identifier: Apache-2.0

import Glibc
import HostSystem
import TestSupport
import Testing

@Suite struct ProcessTests {
    @Test func signalIsRead() throws {
        let source = try SignalSource([SIGURG, SIGWINCH])
        let none = try source.next()
        #expect(none == nil)
        // To this thread, which has just blocked them.
        pthread_kill(pthread_self(), SIGWINCH)
        var items = [PollItem(descriptor: source.descriptor)]
        #expect(try Poller.wait(on: &items, until: 0) == 1)
        let first = try source.next()
        let second = try source.next()
        #expect(first == SIGWINCH && second == nil)
        #expect(SignalSource.termination == [SIGTERM, SIGINT, SIGHUP])
    }

    @Test func signalThatDoesNotExist() {
        #expect(throws: SystemError(code: EINVAL)) { _ = try SignalSource([4711]) }
    }

    @Test(arguments: [true, false])
    func serviceManagerHearsEverything(isAbstract: Bool) throws {
        let folder = try TemporaryFolder()
        let path =
            isAbstract ? "@alec-test-\(getpid())-\(folder.path)" : folder.path(of: "notify")
        let manager = try NotifySocket(path)
        let notifier = ServiceNotifier(socketPath: path)
        #expect(notifier.ready() && notifier.status("2 of 3") && notifier.watchdog())
        #expect(notifier.stopping())
        let heard = (0..<4).map { _ in manager.message() }
        #expect(heard == ["READY=1", "STATUS=2 of 3", "WATCHDOG=1", "STOPPING=1"])
    }

    @Test func reloadTellsWhenItBegan() throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "notify")
        let manager = try NotifySocket(path)
        let before = MonotonicClock.nanoseconds / 1000
        #expect(ServiceNotifier(socketPath: path).reloading())
        let message = manager.message()
        let lines = try #require(message).split(separator: "\n")
        #expect(lines.first == "RELOADING=1")
        let time = try #require(lines.last?.split(separator: "=").last.flatMap { UInt64($0) })
        #expect(lines.last?.hasPrefix("MONOTONIC_USEC=") == true)
        #expect(before...(MonotonicClock.nanoseconds / 1000) ~= time)
    }

    @Test func serviceWithoutManager() {
        #expect(!ServiceNotifier(socketPath: nil).ready())
        #expect(!ServiceNotifier(socketPath: "").ready())
        #expect(!ServiceNotifier(socketPath: "/nowhere/at/all").ready())
        #expect(!ServiceNotifier(socketPath: String(repeating: "a", count: 200)).ready())
    }

    @Test func watchdogIsForThisProcess() {
        func interval(_ microseconds: String?, _ process: String?) -> Int64? {
            ServiceNotifier(
                socketPath: nil, watchdogMicroseconds: microseconds, watchdogProcess: process
            ).watchdogNanoseconds
        }
        #expect(interval("2000000", nil) == 2_000_000_000)
        #expect(interval("2000000", "\(getpid())") == 2_000_000_000)
        #expect(interval("2000000", "1") == nil)
        #expect(interval("0", nil) == nil && interval("x", nil) == nil)
        #expect(interval("9223372036854775807", nil) == nil && interval(nil, nil) == nil)
    }

    @Test func factsOfTheHost() throws {
        #expect(!HostName.current.isEmpty)
        #expect(try ProcessStatistics.residentBytes() > 1_000_000)
        #expect(Environment.value("PATH") != nil)
        #expect(Environment.value("ALEC_IS_NEVER_SET") == nil)
        // The year 2020.
        #expect(WallClock.nanoseconds > 1_577_836_800_000_000_000)
    }
}
