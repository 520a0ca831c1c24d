// SPDX-License-Identifier: Apache-2.0

extension AgentConfiguration {
    static let windowKeys: [Key<WindowSettings>] = [
        Key(
            "age", \.age, .duration(.milliseconds(10)...(.seconds(3600))),
            "Readings wait so long for others of their frame. Longer is smaller and later."),
        Key(
            "offline_age", \.offlineAge, .duration(.milliseconds(10)...(.seconds(3600))),
            "The same while no broker is connected; not less than age."),
        Key(
            "frame_bytes", \.frameBytes, .size(256...(128 << 10)),
            "A frame closes at this size, however young it is."),
        Key(
            "group_samples", \.groupSamples, .integer(1...65_535),
            "A group of frames ends when one of its sensors has so many readings,"),
        Key("group_frames", \.groupFrames, .integer(1...16_384), "or after so many frames,"),
        Key(
            "group_age", \.groupAge, .duration(.seconds(1)...(.seconds(86_400))),
            "or when it is so old,"),
        Key(
            "group_bytes", \.groupBytes, .size((4 << 10)...(16 << 20)),
            "or so large. A group is delivered, kept or lost as a whole."),
        Key(
            "table_delay", \.tableDelay, .duration(.zero...(.seconds(60))),
            "New sensors are gathered so long before they are announced together."),
    ]

    static func checkWindows(_ settings: AgentSettings, _ reading: inout TableReading) {
        let windows = settings.windows
        let spool = settings.spool
        let bounds: [(Bool, key: String, other: String)] = [
            (windows.age > windows.offlineAge, "windows.age", "windows.offline_age"),
            (
                windows.frameBytes > windows.groupBytes, "windows.frame_bytes",
                "windows.group_bytes"
            ),
            (
                windows.groupBytes > spool.segmentBytes, "windows.group_bytes",
                "spool.segment_bytes"
            ),
            (
                spool.segmentBytes > spool.maximumBytes / 4, "spool.segment_bytes",
                "a quarter of spool.max_bytes"
            ),
        ]
        for bound in bounds where bound.0 {
            reading.add(about: bound.key, .exceeds(key: bound.key, other: bound.other))
        }
    }
}
