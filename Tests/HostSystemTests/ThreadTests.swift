// SPDX-License-Identifier: Apache-2.0

import Glibc
import HostSystem
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct ThreadTests {
    private var soon: Int64 { Int64(MonotonicClock.nanoseconds) + 10_000_000_000 }

    @Test func flagIsReadableUntilItIsCleared() throws {
        let flag = try EventFlag()
        var items = [PollItem(descriptor: flag.descriptor)]
        #expect(try Poller.wait(on: &items, until: 0) == 0)
        #expect(!items[0].isReadable && !flag.clear())
        flag.raise()
        flag.raise()
        #expect(try Poller.wait(on: &items, until: nil) == 1)
        #expect(items[0].isReadable && !items[0].isWritable && !items[0].isHungUp)
        #expect(flag.clear() && !flag.clear())
        #expect(try Poller.wait(on: &items, until: 0) == 0)
        #expect(!items[0].isReadable)
    }

    @Test func waitingEndsWithTheTime() throws {
        let flag = try EventFlag()
        var items = [PollItem(descriptor: flag.descriptor), PollItem(descriptor: -1)]
        let deadline = Int64(MonotonicClock.nanoseconds) + 3_000_000
        #expect(try Poller.wait(on: &items, until: deadline) == 0)
        #expect(Int64(MonotonicClock.nanoseconds) >= deadline)
        var none: [PollItem] = []
        #expect(try Poller.wait(on: &none, until: .min) == 0)
    }

    @Test func pipeIsWritableThenHungUp() throws {
        var ends: [CInt] = [-1, -1]
        try #require(pipe(&ends) == 0)
        var items = [PollItem(descriptor: ends[1], wantsRead: false, wantsWrite: true)]
        #expect(try Poller.wait(on: &items, until: soon) == 1)
        #expect(items[0].isWritable && !items[0].isHungUp)
        close(ends[0])
        #expect(try Poller.wait(on: &items, until: soon) == 1)
        #expect(items[0].isHungUp)
        close(ends[1])
    }

    @Test func threadHasItsNameAndIsWaitedFor() throws {
        let name = Mutex("")
        let thread = try WorkerThread.start(name: "link-of-the-gateway") {
            let found = try? FileOperation.content("/proc/thread-self/comm", limit: 100)
            name.withLock { $0 = String(decoding: found ?? [], as: UTF8.self) }
        }
        thread.join()
        #expect(name.withLock { $0 } == "link-of-the-gat\n")
    }

    @Test func threadThatNobodyWaitsForRuns() throws {
        let flag = try EventFlag()
        do { _ = try WorkerThread.start(name: "alone") { flag.raise() } }
        var items = [PollItem(descriptor: flag.descriptor)]
        #expect(try Poller.wait(on: &items, until: soon) == 1)
    }

    @Test func ringRefusesWhatHasNoRoom() throws {
        let ring = try BatchRing<[Int]>(capacity: 2)
        #expect(ring.take() == nil && !ring.filled.clear())
        #expect(ring.offer([1]) && ring.offer([2]) && !ring.offer([3]))
        #expect(ring.count == 2 && ring.filled.clear() && !ring.freed.clear())
        #expect(ring.take() == [1])
        #expect(ring.freed.clear())
        #expect(ring.take() == [2] && ring.take() == nil)
        #expect(!ring.freed.clear())
        #expect(ring.offer([4]) && ring.take() == [4])
        var statistics = RingStatistics()
        statistics.offered = 3
        statistics.refused = 1
        statistics.peak = 2
        #expect(ring.statistics == statistics)
    }

    @Test func ringKeepsTheOrderBetweenThreads() throws {
        let ring = try BatchRing<Int>(capacity: 3)
        let deadline = soon
        let giver = try WorkerThread.start(name: "giver") {
            var items = [PollItem(descriptor: ring.freed.descriptor)]
            for number in 0..<2000 {
                while !ring.offer(number) {
                    _ = try? Poller.wait(on: &items, until: deadline)
                    ring.freed.clear()
                    if Int64(MonotonicClock.nanoseconds) >= deadline { return }
                }
            }
        }
        var taken: [Int] = []
        var items = [PollItem(descriptor: ring.filled.descriptor)]
        while taken.count < 2000, try Poller.wait(on: &items, until: deadline) > 0 {
            ring.filled.clear()
            while let number = ring.take() { taken.append(number) }
        }
        giver.join()
        #expect(taken == Array(0..<2000))
        #expect(ring.statistics.peak <= 3 && ring.statistics.offered == 2000)
    }
}
