// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec

/// Writes what is found in a file, as a page for people or as JSON lines.
struct InspectPage {
    /// What was written; the caller empties it.
    var output: [UInt8] = []
    var totals = InspectTotals()
    private let isJSON: Bool
    /// The column heads stand above the frames.
    private var hasHeading = false

    init(isJSON: Bool) { self.isJSON = isJSON }

    mutating func header(_ header: ContainerHeader) {
        totals.parts += 1
        if isJSON {
            write(InspectJSON.header(header))
        } else {
            write("file       version 1, times in \(header.timeUnit.symbol)")
        }
    }

    mutating func table(_ frame: ChannelTableFrame, _ record: ContainerRecord) {
        totals.add(table: record)
        if isJSON {
            write(InspectJSON.table(frame, record))
        } else {
            write("table      " + InspectText.table(frame, record))
            hasHeading = false
        }
    }

    mutating func frame(_ head: FrameHead, _ record: ContainerRecord, _ batch: ReadingBatch) {
        totals.add(head, record, batch)
        let frame = InspectedFrame(head, record, batch)
        if isJSON {
            write(InspectJSON.frame(frame))
        } else {
            if !hasHeading {
                hasHeading = true
                write("")
                write(InspectText.heading)
            }
            write(InspectText.frame(frame))
        }
    }

    mutating func ignored(_ record: ContainerRecord) {
        totals.ignored += 1
        totals.ignoredBytes += record.bytes.count
    }

    mutating func fault(_ fault: StreamFault) {
        totals.faults += 1
        if isJSON {
            write(InspectJSON.damage(fault))
        } else {
            write("damage     at byte \(fault.offset): " + FaultText.words(fault).what)
        }
    }

    mutating func resumed(_ offset: Int, _ skipped: Int) {
        totals.skippedBytes += skipped
        if !isJSON {
            write(
                "           goes on at byte \(offset), "
                    + CountText.counted(skipped, "byte", "bytes") + " further")
        }
    }

    mutating func lostEnd(_ bytes: Int) {
        totals.skippedBytes += bytes
        if !isJSON { write("         " + Notes.endLost(bytes)) }
    }

    mutating func finish(_ table: ChannelTable?, _ context: borrowing Context) {
        if !isJSON, context.channelCount > 0 {
            write("")
            write(InspectText.channelHeading)
        }
        for channel in 0..<context.channelCount {
            let entry = table.flatMap {
                channel < $0.entries.count ? $0.entries[channel] : nil
            }
            let readings =
                channel < totals.readingsOfSensor.count ? totals.readingsOfSensor[channel] : 0
            let description = context.description(of: channel)
            write(
                isJSON
                    ? InspectJSON.channel(channel, entry, description, readings)
                    : InspectText.channel(channel, entry, description, readings))
        }
        for line in isJSON ? [InspectJSON.totals(totals)] : InspectText.totals(totals) {
            write(line)
        }
    }

    private mutating func write(_ line: String) {
        output.append(contentsOf: line.utf8)
        output.append(10)
    }
}

extension SourceTimeUnit {
    var symbol: String {
        switch self {
        case .nanoseconds: "ns"
        case .microseconds: "us"
        case .milliseconds: "ms"
        case .seconds: "s"
        }
    }
}
