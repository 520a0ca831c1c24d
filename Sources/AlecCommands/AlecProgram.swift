// SPDX-License-Identifier: Apache-2.0

internal import HostSystem

/// The program behind the executable `alec`.
package enum AlecProgram {
    /// Runs the command that the process was started with, and ends the process.
    package static func main() -> Never {
        ProcessSetting.ignoreBrokenPipes()
        var host = SystemHost()
        let status = run(Array(CommandLine.arguments.dropFirst()), on: &host)
        ProcessSetting.exit(status.rawValue)
    }

    /// Runs one command with `arguments`, which do not include the program's own name.
    package static func run<Host: CommandHost>(
        _ arguments: [String], on host: inout Host
    ) -> CommandStatus {
        do throws(CommandError) {
            switch try Invocation(arguments) {
            case .help(let topic):
                try host.print(HelpText.page(topic))
                return .success
            case .version:
                try host.print(HelpText.version)
                return .success
            case .encode(let options): return try EncodeCommand.run(options, on: &host)
            case .decode(let options): return try DecodeCommand.run(options, on: &host)
            case .inspect(let options): return try InspectCommand.run(options, on: &host)
            case .classify(let options): return try ClassifyCommand.run(options, on: &host)
            case .run(let options): return try RunCommand.run(options, on: &host)
            case .status(let options): return try StatusCommand.run(options, on: &host)
            case .reload(let options): return try ReloadCommand.run(options, on: &host)
            case .spool(let options):
                switch options.action {
                case .list: return try SpoolCommand.run(options, on: &host)
                case .cat: return try SpoolCat.run(options, on: &host)
                case .export: return try SpoolExport.run(options, on: &host)
                case .verify: return try SpoolVerify.run(options, on: &host)
                case .drop: return try SpoolDrop.run(options, on: &host)
                }
            case .serial(let options): return try SerialCommand.run(options, on: &host)
            case .initialize(let options): return try InitCommand.run(options, on: &host)
            case .config(let options): return try ConfigCommand.run(options, on: &host)
            case .check(let options): return try CheckCommand.run(options, on: &host)
            case .simulate(let options): return try SimulateCommand.run(options, on: &host)
            case .receive(let options): return try ReceiveCommand.run(options)
            }
        } catch {
            // Whoever read our output has had enough: that is no failure.
            if case .outputClosed = error { return .success }
            host.tell(error.text)
            return error.status
        }
    }
}
