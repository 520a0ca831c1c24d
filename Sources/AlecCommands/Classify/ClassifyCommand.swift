// SPDX-License-Identifier: Apache-2.0

enum ClassifyCommand {
    static func run<Host: CommandHost>(
        _ options: Options.Classify, on host: inout Host
    ) throws(CommandError) -> ExitStatus { .success }
}
