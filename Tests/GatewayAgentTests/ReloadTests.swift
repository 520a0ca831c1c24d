// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import Foundation
import GatewayAgent
import GatewayConfiguration
import GatewayCore
import HostSystem
import LineProtocols
import Synchronization
import Testing

/// An agent in this process, asked at its socket.
@Suite struct ReloadTests {
    /// Settings that the test changes under the agent.
    private final class Source: Sendable {
        let reading: Mutex<SettingsSource.Reading>

        init(_ settings: AgentSettings) { reading = Mutex(.settings(settings)) }

        func set(_ reading: SettingsSource.Reading) { self.reading.withLock { $0 = reading } }

        var source: SettingsSource { SettingsSource { [self] in reading.withLock { $0 } } }
    }

    /// A running agent that reads a pipe.
    private final class Life {
        let settings: AgentSettings
        let source: Source
        let log = LogLines()
        let pipe = Pipe()
        let shared: AgentShared
        private let ending = Ending()

        init(_ change: (inout AgentSettings) -> Void = { _ in }) throws {
            var settings = AgentSettings()
            settings.stateDirectory = AgentFixture.newDirectory()
            settings.windows.age = .seconds(3600)
            settings.windows.offlineAge = .seconds(3600)
            change(&settings)
            self.settings = settings
            source = Source(settings)
            let agent = try Agent(settings, log: log.log(), random: (1, 2))
            shared = agent.shared
            let surroundings = AgentSurroundings(
                source: source.source, controlPath: control, software: "alec test")
            let file = dup(pipe.fileHandleForReading.fileDescriptor)
            let slot = Slot(agent)
            let ending = ending
            let thread = Thread {
                let ended = try? slot.take()?.run(
                    stream: OpenSource(stream: .adopting(file)),
                    notifier: ServiceNotifier(socketPath: nil), surroundings: surroundings)
                ending.outcome.withLock { $0 = ended }
                ending.isOver.signal()
            }
            thread.start()
        }

        deinit { try? FileManager.default.removeItem(atPath: settings.stateDirectory) }

        var control: String { StateDirectory(settings.stateDirectory).control }

        func feed(_ text: String) { pipe.fileHandleForWriting.write(Data(text.utf8)) }

        /// Ends the input, waits for the agent and gives what it came to.
        func end() -> AgentOutcome? {
            try? pipe.fileHandleForWriting.close()
            guard ending.isOver.wait(timeout: .now() + 20) == .success else { return nil }
            return ending.outcome.withLock { $0 }
        }

        /// Asks until somebody listens, and reads the whole answer.
        func ask(_ verb: String) throws -> JSONValue {
            let stream = try connect()
            _ = try stream.send(Array("{\"verb\":\"\(verb)\"}\n".utf8).span)
            var answer: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                switch try stream.receive(into: &buffer) {
                case .bytes(let count): answer += buffer.prefix(count)
                case .ended: return try JSONValue.read(Array(answer.dropLast()).span)
                case .nothing:
                    var items = [PollItem(descriptor: stream.descriptor)]
                    let until = Int64(MonotonicClock.nanoseconds) + 10_000_000_000
                    try #require(try Poller.wait(on: &items, until: until) > 0)
                }
            }
        }

        private func connect() throws -> LocalStream {
            let limit = MonotonicClock.nanoseconds + 10_000_000_000
            while true {
                do {
                    return try LocalStream.connect(control)
                } catch {
                    guard MonotonicClock.nanoseconds < limit else { throw error }
                    var none: [PollItem] = []
                    let soon = Int64(MonotonicClock.nanoseconds) + 5_000_000
                    _ = try Poller.wait(on: &none, until: soon)
                }
            }
        }

        /// Asks again until the answer is as wanted.
        func ask(_ verb: String, until isRight: (JSONValue) -> Bool) throws -> JSONValue {
            let limit = MonotonicClock.nanoseconds + 10_000_000_000
            while true {
                let answer = try ask(verb)
                if isRight(answer) || MonotonicClock.nanoseconds >= limit { return answer }
            }
        }
    }

    /// How the agent's thread ended.
    private final class Ending: Sendable {
        let outcome = Mutex<AgentOutcome?>(nil)
        let isOver = DispatchSemaphore(value: 0)
    }

    /// Hands a value that is not copied to another thread.
    private final class Slot: Sendable {
        private let agent: Mutex<Agent?>
        init(_ agent: consuming sending Agent) { self.agent = Mutex(consume agent) }
        func take() -> sending Agent? { agent.withLock { $0.take() } }
    }

    private static func count(_ page: JSONValue, _ name: String) -> Int64? {
        page["readings"]?[name]?.integer
    }

    @Test func statusTellsOfInputsAndReadings() throws {
        let life = try Life()
        life.feed("time_ms,a\n1000,1\n2000,2\n")
        let page = try life.ask("status") { Self.count($0, "read") == 2 }
        #expect(Self.count(page, "open") == 2)
        #expect(page["node"]?.text == "gateway" && page["software"]?.text == "alec test")
        #expect(page["sources"]?.elements?.first?["name"]?.text == "stdin")
        #expect(page["link"] == nil)
        #expect(page["phase"]?.text == "running")
        #expect(try life.ask("spool")["spool"]?["pending_readings"]?.integer == 0)
        #expect(try life.ask("stop")["error"]?.text == "unknown_verb")
        let outcome = try #require(life.end())
        #expect(outcome.readings.framed == 2)
        #expect(!FileManager.default.fileExists(atPath: life.control))
    }

    @Test func windowsAndRulesHoldAtOnceAndNothingIsLost() throws {
        let life = try Life()
        life.feed("time_ms,a\n1000,1\n2000,2\n")
        _ = try life.ask("status") { Self.count($0, "open") == 2 }
        var settings = life.settings
        settings.windows.age = .milliseconds(10)
        settings.windows.offlineAge = .milliseconds(10)
        var sensor = SensorSettings(name: "a")
        sensor.rule.high = 100
        settings.sensors = [sensor]
        life.source.set(.settings(settings))
        let answer = try life.ask("reload")
        #expect(answer["ok"]?.boolean == true)
        #expect(
            answer["live"]?.elements?.compactMap(\.text) == [
                "sensor", "windows.age", "windows.offline_age",
            ])
        // The window that was open is too old now.
        let page = try life.ask("status") { Self.count($0, "stored") == 2 }
        #expect(Self.count(page, "stored") == 2)
        life.feed("3000,101\n")
        let alert = try life.ask("status") { page in
            page["lanes"]?.elements?.contains {
                $0["name"]?.text == "alert" && $0["frames"]?.integer == 1
            } == true
        }
        #expect(Self.count(alert, "read") == 3)
        let outcome = try #require(life.end())
        #expect(outcome.readings.framed == 3 && outcome.readings.isConserved)
    }

    @Test func faultsChangeNothingAndAreTold() throws {
        let life = try Life()
        life.source.set(.faults(["gateway.toml:3:1: unknown key \"sit\""]))
        let answer = try life.ask("reload")
        #expect(answer["ok"]?.boolean == false)
        #expect(
            answer["faults"]?.elements?.compactMap(\.text) == [
                "gateway.toml:3:1: unknown key \"sit\""
            ])
        let lines = life.log.all
        #expect(lines.contains("settings.wrong faults=1 kept=old\n"))
        #expect(
            lines.contains("settings.fault text=\"gateway.toml:3:1: unknown key 'sit'\"\n"))
        #expect(try life.ask("status")["node"]?.text == "gateway")
        #expect(life.end() != nil)
    }

    @Test func whatIsRefusedKeepsItsValueAndTheRestHolds() throws {
        let life = try Life()
        var settings = life.settings
        settings.node = "other"
        settings.broker = BrokerSettings(host: "localhost")
        settings.spool.maximumBytes = 512 << 20
        life.source.set(.settings(settings))
        let answer = try life.ask("reload")
        #expect(answer["ok"]?.boolean == true)
        let refused = answer["refused"]?.elements?.compactMap { $0["key"]?.text }
        #expect(refused == ["node", "broker"])
        let page = try life.ask("status")
        #expect(page["node"]?.text == "gateway" && page["link"] == nil)
        #expect(page["spool"]?["max_bytes"]?.integer == 512 << 20)
        #expect(life.log.all.contains("settings.refused key=node reason=fixed until=restart\n"))
        // The same again: nothing is different, and the same is refused.
        let again = try life.ask("reload")
        #expect(again["live"]?.elements == [])
        #expect(again["refused"]?.elements?.count == 2)
        #expect(life.end() != nil)
    }

    @Test func inputsComeAndGoOneByOne() throws {
        let life = try Life()
        life.feed("time_ms,a\n1000,1\n")
        _ = try life.ask("status") { Self.count($0, "read") == 1 }
        var settings = life.settings
        var port = InputSettings()
        port.place = .serial(path: life.settings.stateDirectory + "/no-port", baud: 9600)
        settings.inputs.append(port)
        life.source.set(.settings(settings))
        let answer = try life.ask("reload")
        #expect(answer["inputs_added"]?.elements?.count == 1)
        let page = try life.ask("status") { $0["sources"]?.elements?.count == 2 }
        let states = page["sources"]?.elements?.compactMap { $0["state"]?.text }
        #expect(states == ["open", "waiting"])
        #expect(page["health"]?["level"]?.text == "degraded")
        // stdin goes on in the format that its first line gave it.
        life.feed("2000,2\n")
        let read = try life.ask("status") { Self.count($0, "read") == 2 }
        #expect(Self.count(read, "read") == 2)

        life.source.set(.settings(life.settings))
        #expect(try life.ask("reload")["inputs_removed"]?.elements?.count == 1)
        let back = try life.ask("status") { $0["sources"]?.elements?.count == 1 }
        #expect(back["sources"]?.elements?.count == 1)
        #expect(life.end()?.readings.framed == 2)
    }

    /// Numbers of inputs are places in the settings, and change with them.
    @Test func inputThatComesIsReadAndMayTakeThePlaceOfAnother() throws {
        let life = try Life()
        life.feed("time_ms,a\n1000,1\n")
        _ = try life.ask("status") { Self.count($0, "read") == 1 }
        let text = life.settings.stateDirectory + "/lines"
        try "{\"ts\":1,\"sensor\":\"b\",\"v\":1}\nno line\n"
            .write(toFile: text, atomically: true, encoding: .utf8)
        var settings = life.settings
        var command = InputSettings()
        command.place = .command("sh -c 'cat \(text); exec sleep 1000'")
        settings.inputs.insert(command, at: 0)
        life.source.set(.settings(settings))
        #expect(try life.ask("reload")["inputs_added"]?.elements?.count == 1)
        let page = try life.ask("status") { Self.count($0, "read") == 2 }
        #expect(Self.count(page, "read") == 2)
        // With the first gone, stdin has its number.
        life.source.set(.settings(life.settings))
        #expect(try life.ask("reload")["inputs_removed"]?.elements?.count == 1)
        life.feed("2000,2\n")
        _ = try life.ask("status") { Self.count($0, "read") == 3 }
        #expect(life.end()?.readings.framed == 3)
    }

    @Test func agentWithoutASocketRunsAllTheSame() throws {
        let life = try Life { settings in
            settings.stateDirectory += "/" + String(repeating: "x", count: 120)
        }
        life.feed("time_ms,a\n1000,1\n")
        #expect(life.end()?.readings.framed == 1)
        #expect(life.log.all.contains { $0.hasPrefix("control.unavailable ") })
    }

    @Test func nothingIsReadAgainWhereThereIsNoSource() {
        let outcome = ReloadOutcome.unavailable
        let text = String(decoding: outcome.json, as: UTF8.self)
        #expect(text == "{\"ok\":false,\"error\":\"unavailable\"}\n")
    }

    @Test func socketOfAServiceLiesInItsRuntimeDirectory() {
        let state = StateDirectory("/var/lib/alec")
        #expect(state.control(runtimeDirectory: nil) == "/var/lib/alec/control")
        #expect(state.control(runtimeDirectory: "") == "/var/lib/alec/control")
        #expect(state.control(runtimeDirectory: "/run/alec") == "/run/alec/control.sock")
        #expect(state.control(runtimeDirectory: "/run/a:/run/b") == "/run/a/control.sock")
    }
}
