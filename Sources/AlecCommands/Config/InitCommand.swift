// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration
internal import HostSystem

/// `alec init`: a small file of settings to begin with.
enum InitCommand {
    /// Lasting names of serial ports.
    private static let portFolder = "/dev/serial/by-id"

    static func run<Host: CommandHost>(
        _ options: Options.Initialize, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        // Where the folder is missing, nothing is plugged in.
        let names = (try? host.folder(portFolder)) ?? []
        let text = StarterFile.agent(
            host: host.hostName, ports: names.map { portFolder + "/" + $0 })
        guard options.file != "-" else {
            try host.print(text)
            return .success
        }
        do throws(SystemError) {
            try host.createFile(options.file, Array(text.utf8).span)
        } catch {
            throw .cannotCreate(path: options.file, error)
        }
        try host.print(
            "\(options.file): written. Change it, then: alec check \(options.file)\n")
        return .success
    }
}
