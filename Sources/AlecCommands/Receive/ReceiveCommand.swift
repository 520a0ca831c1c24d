// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration
internal import GatewayReceiver
internal import HostSystem

/// `alec receive`: frames from brokers in, readings out, until SIGTERM.
enum ReceiveCommand {
    static func run(_ options: Options.Receive) throws(CommandError) -> CommandStatus {
        let settings = try load(options)
        do throws(ReceiverError) {
            var service = try ReceiverService.open(settings, tell: tell)
            let outcome = try service.run()
            return status(outcome)
        } catch {
            throw .receiver(error)
        }
    }

    /// What a file did not take is worse than what a broker did not: it may never do.
    static func status(_ outcome: ReceiverOutcome) -> CommandStatus {
        if outcome.isIncomplete { return .inputOutput }
        return outcome.isUnpublished ? .unacknowledged : .success
    }

    private static func load(
        _ options: Options.Receive
    ) throws(CommandError) -> ReceiverSettings {
        do throws(ConfigurationError) {
            var settings = try ReceiverConfiguration.load(
                path: options.path, flags: options.flags,
                environment: { Environment.value($0) })
            if options.skipsHistory { settings.asksForHistory = false }
            return settings
        } catch {
            throw .configuration(error)
        }
    }

    private static func tell(_ line: String) {
        // There is no other place to complain about it.
        try? FileDescriptor.standardError.write(Array((line + "\n").utf8).span)
    }
}
