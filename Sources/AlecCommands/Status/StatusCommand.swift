// SPDX-License-Identifier: Apache-2.0

internal import GatewayAgent

/// `alec status`: how the agent that runs is.
enum StatusCommand {
    static func run<Host: CommandHost>(
        _ options: Options.Status, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        let answer = try AgentQuestion.ask("status", options.place, on: &host)
        let page = StatusPage(answer.value)
        guard !page.node.isEmpty else { throw .badAnswer(path: answer.path) }
        if options.isJSON {
            try host.writeOutput(answer.bytes.span)
        } else {
            try host.print(StatusText.page(page))
        }
        return page.isWell ? .success : .dropped
    }
}

extension StatusPage {
    /// Nothing is known to be wrong.
    var isWell: Bool { health.level == "healthy" || health.level == "unknown" }
}
