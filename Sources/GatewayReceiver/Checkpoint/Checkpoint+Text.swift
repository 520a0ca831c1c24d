// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

/// The file: one fact a line, a word first, numbers in decimal, and a check of all lines last.
///
///     alec-receiver-checkpoint 1
///     place 4294967412 4294967412
///     sink jsonl 1024 /var/lib/x/readings.jsonl
///     node alec/v1/site/node/
///     stream 123456789
///     lane 0 17
///     settled 17-20 22-22
///     open 23 4 - 3 23
///     waiting 123456789 0 24 3735928559 4294967300
///     check 305419896
extension Checkpoint {
    private static let title = "alec-receiver-checkpoint"

    /// The content of the file.
    var bytes: [UInt8] {
        var text = "\(Self.title) 1\nplace \(place) \(topicPlace)\n"
        for sink in sinks { text += "sink \(sink.format) \(sink.offset) \(sink.path)\n" }
        for node in nodes {
            text += "node \(node.prefix)\n"
            for memory in node.streams {
                text += "stream \(memory.stream.rawValue)\n"
                for lane in Lane.allCases { Self.append(memory[lane], lane, to: &text) }
            }
            for group in node.waiting {
                text += "waiting \(group.group.stream.rawValue) \(group.group.lane.rawValue) "
                text += "\(group.group.group) \(group.table) \(group.place)\n"
            }
        }
        var bytes = Array(text.utf8)
        bytes += Array("check \(Self.check(bytes, bytes.count))\n".utf8)
        return bytes
    }

    /// Reads what `bytes` gave.
    init(_ bytes: [UInt8]) throws(CheckpointError) {
        let end = (bytes.dropLast().lastIndex(of: 10) ?? -1) + 1
        let lines = String(decoding: bytes[..<end], as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        guard let first = lines.first, first.hasPrefix(Self.title) else {
            throw .damaged(line: 1)
        }
        guard first == "\(Self.title) 1" else { throw .unsupportedVersion }
        let last = String(decoding: bytes[end...], as: UTF8.self)
        guard last == "check \(Self.check(bytes, end))\n" else {
            throw .damaged(line: lines.count + 1)
        }
        for (i, line) in lines.enumerated().dropFirst() {
            let words = line.split(separator: " ")
            guard let word = words.first, take(word, words.dropFirst(), line) else {
                throw .damaged(line: i + 1)
            }
        }
        laneOfLine = nil
    }

    private static func check(_ bytes: [UInt8], _ count: Int) -> UInt32 {
        var check = Checksum()
        check.add(bytes.span, 0..<count)
        return check.value
    }

    private static func append(
        _ memory: DuplicateMemory, _ lane: Lane, to text: inout String
    ) {
        guard memory != DuplicateMemory() else { return }
        text += "lane \(lane.rawValue) \(memory.origin.map { "\($0)" } ?? "-")\n"
        text += line("settled", memory.settled) + line("lost", memory.lost)
        for group in memory.open {
            text += "open \(group.group) \(group.next) \(group.last.map { "\($0)" } ?? "-") "
            text += "\(group.known) \(group.reach)\n"
        }
        for group in memory.awaited { text += "awaited \(group.group) \(group.last)\n" }
    }

    private static func line(_ word: String, _ ranges: GroupRanges) -> String {
        guard !ranges.isEmpty else { return "" }
        return ranges.ranges.reduce(into: word) {
            $0 += " \($1.lowerBound)-\($1.upperBound)"
        } + "\n"
    }

    /// Takes one line; false where it makes no sense.
    private mutating func take(
        _ word: Substring, _ words: ArraySlice<Substring>, _ line: Substring
    ) -> Bool {
        let rest = Array(words)
        switch word {
        case "place": return takePlaces(rest)
        case "sink": return takeSink(rest, line)
        case "node":
            nodes.append(Node(prefix: String(line.dropFirst("node ".count))))
            return true
        case "stream": return takeStream(rest)
        case "lane", "settled", "lost", "open", "awaited": return takeMemory(word, rest)
        case "waiting": return takeWaiting(rest)
        default: return false
        }
    }

    private mutating func takePlaces(_ words: [Substring]) -> Bool {
        guard words.count == 2, let first = UInt64(words[0]), let second = UInt64(words[1]) else {
            return false
        }
        place = first
        topicPlace = second
        return true
    }

    private mutating func takeSink(_ words: [Substring], _ line: Substring) -> Bool {
        guard words.count >= 3, let offset = Int(words[1]), offset >= 0 else { return false }
        // A path may have blanks.
        let path = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)[3]
        sinks.append(Sink(format: String(words[0]), offset: offset, path: String(path)))
        return true
    }

    private mutating func takeStream(_ words: [Substring]) -> Bool {
        guard words.count == 1, let raw = UInt64(words[0]), !nodes.isEmpty else { return false }
        nodes[nodes.count - 1].streams.append(
            SequenceTracker.StreamMemory(stream: StreamID(random: raw)))
        laneOfLine = nil
        return true
    }

    private mutating func takeMemory(_ word: Substring, _ words: [Substring]) -> Bool {
        guard let node = nodes.indices.last, let stream = nodes[node].streams.indices.last else {
            return false
        }
        if word == "lane" {
            guard words.count == 2, let lane = UInt8(words[0]).flatMap(Lane.init(rawValue:)),
                words[1] == "-" || UInt32(words[1]) != nil
            else { return false }
            laneOfLine = lane
            nodes[node].streams[stream][lane] = DuplicateMemory(origin: UInt32(words[1]))
            return true
        }
        guard let lane = laneOfLine else { return false }
        let memory = nodes[node].streams[stream][lane]
        guard let changed = Self.changed(memory, word, words) else { return false }
        nodes[node].streams[stream][lane] = changed
        return true
    }

    private static func changed(
        _ memory: DuplicateMemory, _ word: Substring, _ words: [Substring]
    ) -> DuplicateMemory? {
        var (settled, lost) = (memory.settled, memory.lost)
        var (open, awaited) = (memory.open, memory.awaited)
        if word == "settled" || word == "lost" {
            let ranges = words.compactMap(range)
            guard ranges.count == words.count else { return nil }
            if word == "lost" { lost = GroupRanges(ranges) } else { settled = GroupRanges(ranges) }
        } else {
            let numbers = words.map { UInt32($0) }
            if word == "awaited", numbers.count == 2, let group = numbers[0], let last = numbers[1]
            {
                awaited.append(DuplicateMemory.Awaited(group: group, last: last))
            } else if word == "open", numbers.count == 5, let group = numbers[0],
                let next = numbers[1], let known = numbers[3], let reach = numbers[4],
                reach <= group, words[2] == "-" || numbers[2] != nil
            {
                open.append(
                    DuplicateMemory.OpenGroup(
                        group: group, next: next, last: numbers[2], known: known, reach: reach))
            } else {
                return nil
            }
        }
        return DuplicateMemory(
            settled: settled, lost: lost, open: open, awaited: awaited, origin: memory.origin)
    }

    private static func range(_ word: Substring) -> ClosedRange<UInt32>? {
        let ends = word.split(separator: "-").map { UInt32($0) }
        guard ends.count == 2, let low = ends[0], let high = ends[1], low <= high else {
            return nil
        }
        return low...high
    }

    private mutating func takeWaiting(_ words: [Substring]) -> Bool {
        guard words.count == 5, let raw = UInt64(words[0]),
            let lane = UInt8(words[1]).flatMap(Lane.init(rawValue:)),
            let group = UInt32(words[2]), let table = UInt32(words[3]),
            let place = UInt64(words[4]), !nodes.isEmpty
        else { return false }
        nodes[nodes.count - 1].waiting.append(
            WaitingGroup(
                group: GroupIdentity(stream: StreamID(random: raw), lane: lane, group: group),
                table: table, place: place))
        return true
    }
}
