// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

extension AgentProgress {
    /// Bytes of the page, whatever it says.
    package static let pageBytes = 1024
    private static let version = 1

    /// One line of `key=value`, filled up with spaces.
    package var page: [UInt8] {
        var line = text
        line.append(contentsOf: repeatElement(0x20, count: max(Self.pageBytes - 1 - line.count, 0)))
        line.append(0x0A)
        return line
    }

    private var text: [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(Self.pageBytes)
        func add(_ key: StaticString, _ value: some BinaryInteger) {
            Self.append(key, to: &line)
            line.append(contentsOf: String(value).utf8)
        }
        add("alec_progress=", Self.version)
        Self.append(" sid=", to: &line)
        for i in 0..<StreamID.textLength { line.append(stream.text[i]) }
        add(" read_lines=", read.lines)
        add(" read_bytes=", read.bytes)
        add(" read_readings=", readReadings)
        add(" appended_lines=", appended.lines)
        add(" appended_bytes=", appended.bytes)
        add(" appended_readings=", appendedReadings)
        add(" synced_lines=", synced.lines)
        add(" synced_bytes=", synced.bytes)
        add(" synced_readings=", syncedReadings)
        add(" appended_place=", appendedPlace)
        add(" synced_place=", syncedPlace)
        add(" published_place=", published)
        add(" acknowledged_place=", acknowledged)
        if let intent {
            add(" intent_lane=", intent.frame.group.lane.rawValue)
            add(" intent_group=", intent.frame.group.group)
            add(" intent_index=", intent.frame.index)
            add(" intent_lines=", intent.mark.lines)
            add(" intent_bytes=", intent.mark.bytes)
            add(" intent_readings=", intent.readings)
        }
        return line
    }

    private static func append(_ text: StaticString, to line: inout [UInt8]) {
        line.append(contentsOf: text.description.utf8)
    }

    /// What a page says; nil if it is none of ours.
    package init?(page: [UInt8]) {
        var fields: [Substring: Substring] = [:]
        let text = String(decoding: page, as: UTF8.self)
        for field in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            guard let equals = field.firstIndex(of: "=") else { return nil }
            fields[field[..<equals]] = field[field.index(after: equals)...]
        }
        guard fields["alec_progress"] == "\(Self.version)",
            let stream = fields["sid"].flatMap({ StreamID(text: $0) })
        else { return nil }
        func number(_ key: Substring) -> Int { fields[key].flatMap { Int($0) } ?? 0 }
        func place(_ key: Substring) -> UInt64 { fields[key].flatMap { UInt64($0) } ?? 0 }
        func mark(_ key: String) -> InputMark {
            InputMark(lines: number("\(key)_lines"), bytes: number("\(key)_bytes"))
        }
        self.init(stream: stream)
        read = mark("read")
        appended = mark("appended")
        synced = mark("synced")
        readReadings = number("read_readings")
        appendedReadings = number("appended_readings")
        syncedReadings = number("synced_readings")
        appendedPlace = place("appended_place")
        syncedPlace = place("synced_place")
        published = place("published_place")
        acknowledged = place("acknowledged_place")
        if let group = fields["intent_group"].flatMap({ UInt32($0) }),
            let lane = fields["intent_lane"].flatMap({ UInt8($0) }).flatMap({ Lane(rawValue: $0) }),
            let index = fields["intent_index"].flatMap({ UInt32($0) })
        {
            intent = Intent(
                frame: FrameIdentity(
                    group: GroupIdentity(stream: stream, lane: lane, group: group), index: index),
                mark: mark("intent"), readings: number("intent_readings"))
        }
    }
}

extension StreamID {
    /// The stream that is written like this.
    fileprivate init?(text: Substring) {
        guard text.utf8.count == Self.textLength else { return nil }
        var bits: UInt64 = 0
        for byte in text.utf8 {
            switch byte {
            case 97...122: bits = bits << 5 | UInt64(byte - 97)
            case 50...55: bits = bits << 5 | UInt64(byte - 24)
            default: return nil
            }
        }
        self.init(random: bits)
    }
}
