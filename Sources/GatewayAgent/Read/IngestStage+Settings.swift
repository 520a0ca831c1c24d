// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration
internal import GatewayCore

extension IngestStage {
    /// Takes other settings, if there are.
    mutating func takeSettings(at now: MonotonicInstant) {
        guard let release = shared.settings(after: settingsVersion) else { return }
        settingsVersion = release.version
        patience = release.settings.drain
        encode.apply(release.settings, at: now)
        replaceInputs(release.settings.inputs, at: now)
    }

    /// Inputs that are in both stay open with all that they hold. Of one that goes, whole lines
    /// that were read are taken first.
    private mutating func replaceInputs(_ inputs: [InputSettings], at now: MonotonicInstant) {
        for i in ports.indices where !inputs.contains(ports[i].settings) {
            if ports[i].lines.hasChunk { drain(i, at: now) }
            formerLines.add(ports[i].lines.counts)
            shared.log.info("input.removed", "input=\(ports[i].name)")
        }
        let old = ports
        ports = inputs.map { settings in
            old.first { $0.settings == settings }
                ?? InputPort(
                    settings, stream: stream, devices: devices, log: shared.log, at: now)
        }
        watchDevices()
        for settings in inputs where !old.contains(where: { $0.settings == settings }) {
            shared.log.info("input.added", "input=\(settings.label)")
        }
    }
}
