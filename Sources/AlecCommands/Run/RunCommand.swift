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
        let settings = try settings(options)
        let log = AgentLog(words: LineText.what)
        do throws(AgentError) {
            let agent = try Agent(
                settings, log: log, random: (host.randomBits(), host.randomBits()))
            let outcome = try agent.run(
                stream: OpenSource(stream: .standardInput), notifier: ServiceNotifier())
            log.info("run.ended", RunText.summary(outcome))
            return CommandStatus(outcome.verdict)
        } catch {
            throw .agent(error)
        }
    }

    private static func settings(_ options: Options.Run) throws(CommandError) -> AgentSettings {
        do throws(ConfigurationError) {
            var settings = try AgentConfiguration.load(
                path: options.configuration,
                flags: options.flags.map { FlagValue($0.name, $0.value) },
                environment: { Environment.value($0) })
            if let drain = options.drainSeconds { settings.drain = .seconds(drain) }
            return settings
        } catch {
            throw .configuration(error)
        }
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
