// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import LineProtocols

extension Annotation {
    /// What a line says of a reading, for a stream whose readings are P3 by themselves.
    init(_ remarks: JSONRemarks) {
        let priority = Priority(rawValue: remarks.priority)
        self.init(
            quality: Quality(rawValue: remarks.quality) ?? .good,
            priority: priority == .normal ? nil : priority)
    }
}
