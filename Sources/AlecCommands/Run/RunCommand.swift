// SPDX-License-Identifier: Apache-2.0

internal import GatewayAgent
internal import GatewayConfiguration
internal import GatewayCore
internal import HostSystem

/// `alec run`: the agent.
enum RunCommand {
    static func run<Host: CommandHost>(
        _ options: Options.Run, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        let settings: AgentSettings
        do throws(ConfigurationError) {
            settings = try read(options)
        } catch {
            throw .configuration(error)
        }
        let log = AgentLog(words: LineText.what)
        do throws(AgentError) {
            let agent = try Agent(
                settings, log: log, random: (host.randomBits(), host.randomBits()))
            let outcome = try agent.run(
                stream: OpenSource(stream: .standardInput), notifier: ServiceNotifier(),
                surroundings: surroundings(settings, options))
            log.info("run.ended", RunText.summary(outcome))
            return CommandStatus(outcome.verdict)
        } catch {
            throw .agent(error)
        }
    }

    private static func surroundings(
        _ settings: AgentSettings, _ options: Options.Run
    ) -> AgentSurroundings {
        let source = SettingsSource {
            do throws(ConfigurationError) {
                return .settings(try read(options))
            } catch {
                return .faults(ConfigurationText.sentences(error))
            }
        }
        let control = StateDirectory(settings.stateDirectory).control(
            runtimeDirectory: Environment.value("RUNTIME_DIRECTORY"))
        return AgentSurroundings(
            source: source, controlPath: control, software: HelpText.software)
    }

    private static func read(
        _ options: Options.Run
    ) throws(ConfigurationError) -> AgentSettings {
        var settings = try AgentConfiguration.load(
            path: options.configuration,
            flags: options.flags.map { FlagValue($0.name, $0.value) },
            environment: { Environment.value($0) })
        if let drain = options.drainSeconds { settings.drain = .seconds(drain) }
        return settings
    }
}

extension CommandStatus {
    init(_ verdict: RunVerdict) {
        self =
            switch verdict {
            case .complete: .success
            case .dropped: .dropped
            case .damaged: .damagedData
            case .storeFailed: .inputOutput
            case .unacknowledged: .unacknowledged
            }
    }
}
