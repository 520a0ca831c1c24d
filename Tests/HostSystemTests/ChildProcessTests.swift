// SPDX-License-Identifier: Apache-2.0

import Glibc
import HostSystem
import Testing

@Suite struct ChildProcessTests {
    private static func soon(_ seconds: Int64 = 10) -> Int64 {
        Int64(MonotonicClock.nanoseconds) + seconds * 1_000_000_000
    }

    /// All that the process writes, and how it ended.
    private func run(_ words: [String]) throws -> (text: String, ending: ChildProcess.Ending?) {
        let process = try ChildProcess.start(words)
        let text = try read(process)
        return (text, process.stop(by: Self.soon()))
    }

    /// Reads until the output ends, or until `count` bytes came.
    private func read(_ process: borrowing ChildProcess, count: Int = .max) throws -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64)
        let deadline = Self.soon()
        while bytes.count < count {
            var items = [PollItem(descriptor: process.descriptor)]
            try Poller.wait(on: &items, until: deadline)
            try #require(Int64(MonotonicClock.nanoseconds) < deadline)
            switch try process.read(into: &buffer) {
            case .bytes(let count): bytes += buffer.prefix(count)
            case .nothing: continue
            case .hungUp: return String(decoding: bytes, as: UTF8.self)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func outputAndStatusCome() throws {
        let result = try run(["sh", "-c", "echo 'a,1'; echo b; exit 3"])
        #expect(result.text == "a,1\nb\n")
        #expect(result.ending == .exited(3))
    }

    @Test func wordsAreWhatTheProgramGets() throws {
        #expect(try run(["printf", "%s|", "a b", "", "*"]).text == "a b||*|")
    }

    @Test func noOtherDescriptorIsHandedOn() throws {
        let number = Glibc.open("/dev/null", O_RDONLY)
        defer { close(number) }
        #expect(number > 2)
        // The fourth is the folder that is listed.
        #expect(try run(["ls", "/proc/self/fd"]).text == "0\n1\n2\n3\n")
    }

    @Test func inputIsEmpty() throws {
        let result = try run(["cat"])
        #expect(result.text.isEmpty && result.ending == .exited(0))
    }

    @Test(arguments: [
        (["/nothing/is/here"], ENOENT), (["no-such-program-anywhere"], ENOENT), ([], ENOENT),
        (["/etc/passwd"], EACCES), (["/tmp"], EACCES),
    ])
    func whatIsNoProgramIsAnError(words: [String], code: CInt) {
        #expect(throws: SystemError(code: code)) { _ = try ChildProcess.start(words) }
        #expect(SystemError(code: code).isAbsence == (code == ENOENT))
        #expect(SystemError(code: code).isDenial == (code == EACCES))
    }

    @Test func signalsAreNotBlockedInIt() throws {
        // As the agent does it before it starts anything.
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &set, nil)
        defer { pthread_sigmask(SIG_UNBLOCK, &set, nil) }
        let process = try ChildProcess.start(["sh", "-c", "echo x; exec sleep 1000"])
        _ = try read(process, count: 2)
        process.terminate()
        let ending = process.stop(by: Self.soon())
        #expect(ending == .killed(SIGTERM))
    }

    @Test func processThatDoesNotWantToEndIsEnded() throws {
        let process = try ChildProcess.start([
            "sh", "-c", "trap '' TERM; echo x; while :; do sleep 1000; done",
        ])
        _ = try read(process, count: 2)
        process.terminate()
        let ending = process.stop(by: Self.soon(0))
        #expect(ending == .killed(SIGKILL))
    }

    /// `$$` is the leader; the one in the background holds the pipe open for as long as it lives.
    @Test func whatItStartedEndsWithIt() throws {
        let process = try ChildProcess.start([
            "sh", "-c", "sleep 1000 & echo $!; exec sleep 1000",
        ])
        let text = try read(process, count: 2)
        process.terminate()
        _ = process.stop(by: Self.soon())
        // The pipe ends only when all of them have.
        let rest = try read(process)
        #expect(!text.isEmpty || !rest.isEmpty)
    }

    @Test func processIsReapedWhenItIsForgotten() throws {
        var child: pid_t = 0
        do {
            let process = try ChildProcess.start(["sh", "-c", "echo $$; exec sleep 1000"])
            let line = try read(process, count: 2)
            child = try #require(pid_t(line.split(separator: "\n").first.map(String.init) ?? ""))
            #expect(kill(child, 0) == 0)
        }
        #expect(kill(child, 0) == -1 && errno == ESRCH)
    }

    @Test func endIsToldOnce() throws {
        let process = try ChildProcess.start(["true"])
        var items = [PollItem(descriptor: process.endDescriptor)]
        try Poller.wait(on: &items, until: Self.soon())
        let (first, second) = (process.takeEnding(), process.takeEnding())
        #expect(first == .exited(0) && second == nil)
        process.terminate()
        process.kill()
    }
}
