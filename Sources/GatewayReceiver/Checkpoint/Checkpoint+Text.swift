// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

/// The file: one fact a line, a word first, numbers in decimal, and a check of all lines last.
///
///     alec-receiver-checkpoint 2
///     place 4294967412
///     sink jsonl 1024 4294967412 /var/lib/x/readings.jsonl
///     waiting 0 123456789 0 24 4294967300 3735928559
///     owed 0 123456789 0 23 4294967200
///     node alec/v1/site/node/
///     link 0
///     stream 123456789
///     lane 0 17
///     settled 17-20 22-22
///     open 23 4 - 3 23
///     check 305419896
extension Checkpoint {
    private static let title = "alec-receiver-checkpoint"
    private static let version = 2

    /// The content of the file.
    var bytes: [UInt8] {
        var text = "\(Self.title) \(Self.version)\nplace \(place)\n"
        for sink in sinks {
            text += "sink \(sink.format) \(sink.offset) \(sink.place) \(sink.path)\n"
            for (group, entry) in sink.waiting.sorted(by: { $0.value.from < $1.value.from }) {
                text += "waiting \(Self.text(group)) \(entry.from) \(entry.table)\n"
            }
            for debt in sink.owed { text += "owed \(Self.text(debt.group)) \(debt.from)\n" }
        }
        for node in nodes {
            text += "node \(node.prefix)\nlink \(node.link)\n"
            for memory in node.streams {
                text += "stream \(memory.stream.rawValue)\n"
                for lane in Lane.allCases { Self.append(memory[lane], lane, to: &text) }
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
        guard first == "\(Self.title) \(Self.version)" else { throw .unsupportedVersion }
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
        let nodeCount = nodes.count
        for sink in sinks {
            guard sink.waiting.keys.allSatisfy({ $0.node < nodeCount }),
                sink.owed.allSatisfy({ $0.group.node < nodeCount })
            else { throw .damaged(line: lines.count + 1) }
        }
    }

    private static func text(_ group: NodeGroup) -> String {
        let stream = group.group.stream.rawValue
        return "\(group.node) \(stream) \(group.group.lane.rawValue) \(group.group.group)"
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
        case "place":
            guard rest.count == 1, let number = UInt64(rest[0]) else { return false }
            place = number
            return true
        case "sink": return takeSink(rest, line)
        case "node":
            nodes.append(Node(prefix: String(line.dropFirst("node ".count))))
            return true
        case "stream": return takeStream(rest)
        case "lane", "settled", "lost", "open", "awaited": return takeMemory(word, rest)
        case "waiting", "owed": return takeGroup(word, rest)
        case "link":
            guard rest.count == 1, let link = Int(rest[0]), !nodes.isEmpty else { return false }
            nodes[nodes.count - 1].link = link
            return true
        default: return false
        }
    }

    private mutating func takeSink(_ words: [Substring], _ line: Substring) -> Bool {
        guard words.count >= 4, let offset = Int(words[1]), offset >= 0,
            let place = UInt64(words[2])
        else { return false }
        // A path may have blanks.
        let path = line.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)[4]
        sinks.append(
            Sink(format: String(words[0]), offset: offset, path: String(path), place: place))
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

    /// What a sink has not got of a group.
    private mutating func takeGroup(_ word: Substring, _ words: [Substring]) -> Bool {
        guard words.count >= 5, let node = Int(words[0]), node >= 0, let raw = UInt64(words[1]),
            let lane = UInt8(words[2]).flatMap(Lane.init(rawValue:)),
            let number = UInt32(words[3]), let from = UInt64(words[4]), !sinks.isEmpty
        else { return false }
        let group = NodeGroup(
            node: node,
            group: GroupIdentity(stream: StreamID(random: raw), lane: lane, group: number))
        if word == "owed", words.count == 5 {
            sinks[sinks.count - 1].owed.append(SinkFeed.Debt(group: group, from: from))
            return true
        }
        guard word == "waiting", words.count == 6, let table = UInt32(words[5]) else {
            return false
        }
        sinks[sinks.count - 1].waiting[group] = SinkFeed.Waiting(table: table, from: from)
        return true
    }
}
