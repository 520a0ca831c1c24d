// SPDX-License-Identifier: Apache-2.0

enum InspectCommand {
    static func run<Host: CommandHost>(
        _ options: Options.Inspect, on host: inout Host
    ) throws(CommandError) -> ExitStatus { .success }
}
