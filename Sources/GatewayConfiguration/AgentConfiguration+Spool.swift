// SPDX-License-Identifier: Apache-2.0

extension AgentConfiguration {
    static let spoolKeys: [Key<SpoolBounds>] = [
        Key(
            "max_bytes", \.maximumBytes, .size((1 << 20)...(1 << 40)),
            "Readings that wait for delivery; beyond, on_full says what happens."),
        Key(
            "segment_bytes", \.segmentBytes, .size((64 << 10)...(64 << 20)),
            "The size of a file; at least a group, at most a quarter of max_bytes."),
        Key(
            "history_bytes", \.historyBytes, .size(0...(1 << 40)),
            "Delivered readings that a late receiver may still ask for."),
        Key(
            "memory_bytes", \.memoryBytes, .size((64 << 10)...(1 << 30)),
            "Readings kept in memory while the disk refuses; beyond, what matters least goes."),
        Key(
            "min_free_bytes", \.minimumFreeBytes, .size(0...(1 << 40)),
            "So much of the file system stays free for others."),
        Key(
            "min_free_percent", \.minimumFreePercent, .integer(0...50),
            "The same in percent of the file system; the larger of both holds."),
        Key(
            "on_full", \.fullPolicy, .word,
            "Without room: evict what matters least, or let the inputs wait; auto: wait if all "
                + "inputs are stdin. Critical readings never wait."),
        Key("ttl_p1", \.lifeP1, .duration(life), "How long critical readings may wait."),
        Key("ttl_p2", \.lifeP2, .duration(life), "How long important readings may wait."),
        Key("ttl_p3", \.lifeP3, .duration(life), "How long normal readings may wait."),
        Key("ttl_p4", \.lifeP4, .duration(life), "How long deferred readings may wait."),
        Key("ttl_p5", \.lifeP5, .duration(life), "How long aggregates may wait."),
    ]

    private static let life = Duration.seconds(60)...Duration.seconds(3650 * 86_400)
}
