// SPDX-License-Identifier: Apache-2.0

internal import LineProtocols

/// `alec reload`: makes the agent that runs read its settings again.
enum ReloadCommand {
    static func run<Host: CommandHost>(
        _ options: Options.Reload, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        let answer = try AgentQuestion.ask("reload", options.place, on: &host)
        guard let isDone = answer.value["ok"]?.boolean else {
            throw .badAnswer(path: answer.path)
        }
        if isDone {
            try host.print(ReloadText.done(answer.value))
            return .success
        }
        host.tell(ReloadText.failed(answer.value))
        return answer.value["faults"] == nil ? .unavailable : .configuration
    }
}
