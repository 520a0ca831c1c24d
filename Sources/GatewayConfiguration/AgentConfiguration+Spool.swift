// SPDX-License-Identifier: Apache-2.0

extension AgentConfiguration {
    static let spoolKeys: [Key<SpoolBounds>] = [
        Key(
            "max_bytes", \.maximumBytes, .size((1 << 20)...(1 << 40)),
            "Readings that wait for delivery; when it is full, the inputs wait too."),
        Key(
            "segment_bytes", \.segmentBytes, .size((64 << 10)...(64 << 20)),
            "The size of a file; at least a group, at most a quarter of max_bytes."),
        Key(
            "history_bytes", \.historyBytes, .size(0...(1 << 40)),
            "Delivered readings that a late receiver may still ask for."),
    ]
}
