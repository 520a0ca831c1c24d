// SPDX-License-Identifier: Apache-2.0

internal import GatewayCore
internal import StoreAndForward

/// `alec spool cat`: each record with all that it says of itself, for programs.
enum SpoolCat {
    static func run<Host: CommandHost>(
        _ options: Options.Spool, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        var walk = try SpoolWalk(options, includesHistory: true)
        var status = CommandStatus.success
        var text = ""
        while let step = try walk.next() {
            switch step {
            case .item(let item):
                guard isWanted(item, options) else { continue }
                text += options.isJSON ? json(item) : line(item)
                text += "\n"
            case .damaged(let place):
                status = .damagedData
                host.tell(SpoolPage.damaged(place))
            }
            guard text.utf8.count >= Host.chunkBytes else { continue }
            try host.print(text)
            text = ""
        }
        try host.print(text)
        return status
    }

    private static func isWanted(_ item: SpoolItem, _ options: Options.Spool) -> Bool {
        guard let group = options.group else { return true }
        return item.header.kind == .frame && item.header.frame.group.group == UInt32(group)
    }

    private static func state(_ item: SpoolItem) -> String {
        item.isAcknowledged ? "acknowledged" : "pending"
    }

    private static func place(_ item: SpoolItem) -> String {
        "\(Place.segment(of: item.place)):\(Place.offset(of: item.place))"
    }

    static func line(_ item: SpoolItem) -> String {
        let header = item.header
        let group = header.frame.group
        var text = "place=\(place(item)) "
        if header.kind == .table {
            text += "kind=table sid=\(group.stream.string) "
            text += "table=\(CountText.hexadecimal(group.group))"
        } else {
            text += "kind=frame sid=\(group.stream.string) lane=\(group.lane) group=\(group.group) "
            text += "index=\(header.frame.index) readings=\(header.readings)"
            for i in header.priorities.indices { text += " p\(i + 1)=\(header.priorities[i])" }
            text += " first_ns=\(header.firstTime) last_ns=\(header.lastTime)"
        }
        return text + " bytes=\(item.byteCount) state=\(state(item))"
    }

    static func json(_ item: SpoolItem) -> String {
        let header = item.header
        let group = header.frame.group
        var json = JSONText()
        json.add("place", place(item))
        json.add("kind", header.kind == .table ? "table" : "frame")
        json.add("sid", group.stream.string)
        if header.kind == .table {
            json.add("table", CountText.hexadecimal(group.group))
        } else {
            json.add("lane", "\(group.lane)")
            json.add("group", Int(group.group))
            json.add("index", Int(header.frame.index))
            json.add("readings", Int(header.readings))
            let priorities = header.priorities.indices.map { "\(header.priorities[$0])" }
            json.addRaw("priorities", "[" + priorities.joined(separator: ",") + "]")
            json.add("first_ns", Int(header.firstTime))
            json.add("last_ns", Int(header.lastTime))
        }
        json.add("bytes", item.byteCount)
        json.add("state", state(item))
        return json.text
    }
}
