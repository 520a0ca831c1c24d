// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration
internal import GatewayCore
internal import LineProtocols

extension IngestStage {
    /// How long a command of an input that was taken away may take to end.
    private static let removalPatience = Duration.milliseconds(500)

    /// Takes other settings, if there are.
    mutating func takeSettings(at now: MonotonicInstant) {
        guard let release = shared.settings(after: settingsVersion) else { return }
        settingsVersion = release.version
        patience = release.settings.drain
        removeInputs(release.settings.inputs, at: now)
        encode.apply(release.settings, at: now)
        addInputs(release.settings, at: now)
    }

    /// Inputs that are in both stay open with all that they hold. Of one that goes, whole lines
    /// that were read are taken first, while the encoder still knows its number.
    private mutating func removeInputs(_ inputs: [InputSettings], at now: MonotonicInstant) {
        for i in ports.indices where !inputs.contains(ports[i].settings) {
            if ports[i].lines.hasChunk { drain(i, at: now) }
            formerLines.add(ports[i].lines.counts)
            ports[i].terminate()
            ports[i].stop(by: now + Self.removalPatience)
            shared.log.info("input.removed", "input=\(ports[i].name)")
        }
    }

    /// The inputs in the order of the settings, which gives them their numbers.
    private mutating func addInputs(_ settings: AgentSettings, at now: MonotonicInstant) {
        let inputs = settings.inputs
        let old = ports
        let texts = TextValues(settings.sensors)
        ports = inputs.map { input in
            old.first { $0.settings == input }
                ?? InputPort(
                    input, texts: texts, stream: stream, devices: devices, log: shared.log,
                    at: now)
        }
        watchDevices()
        for input in inputs where !old.contains(where: { $0.settings == input }) {
            shared.log.info("input.added", "input=\(input.label)")
        }
    }
}
