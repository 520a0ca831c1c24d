// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import LineProtocols

/// Turns readings, line by line, into the bytes of an `.alec` file.
///
/// A frame closes when one of its sensors has all its samples and another reading of it comes. The
/// readings of a line stay together. Where sensors were added, frames wait until a table for them
/// pays (see `WaitingWindows`); it begins a new group.
struct EncodedStream: ~Copyable {
    /// Bytes to be written; the caller empties them.
    var output: [UInt8] = []
    private(set) var statistics = EncodeStatistics()
    /// Frames of groups, as opposed to tables.
    private let samplesPerFrame: Int
    private let framesPerGroup: Int
    private let maximumErrors: [SensorSetting<Double>]
    private var encoder: FrameEncoder
    private var writer = ContainerWriter()
    private var window = ReadingWindow()
    private var waiting = WaitingWindows()
    private var sampleCounts: [Int] = []
    private var frame: [UInt8] = []
    private var isBegun = false
    private var tableCount = 0
    private var nextGroup: UInt32
    /// Frames of the open group; nil where the next frame has to begin one.
    private var framesInGroup: Int?

    /// `random` gives the stream its name and its first group's number.
    init(_ options: Options.Encode, random: UInt64, group: UInt64) {
        samplesPerFrame = options.samples
        framesPerGroup = options.frames
        maximumErrors = options.maximumErrors
        nextGroup = UInt32(truncatingIfNeeded: group & 0x0FFF_FFFF)
        encoder = FrameEncoder(stream: StreamHead(id: StreamID(random: random)), channels: 1)
    }

    /// Adds the readings of one line.
    mutating func append(
        _ readings: borrowing LineReadings, names: borrowing SensorNames, unit: TimeUnit?
    ) {
        while sampleCounts.count < names.count { sampleCounts.append(0) }
        let items = readings.items
        let remarks = readings.remarks
        if isFull(for: items) { closeWindow(names: names, unit: unit) }
        var remarked = 0
        for (position, reading) in items.enumerated() {
            sampleCounts[reading.sensor] += 1
            var annotation = Annotation.none
            if remarked < remarks.count, remarks[remarked].position == position {
                annotation = Annotation(remarks[remarked].remarks)
                remarked += 1
            }
            // Cannot fail: names have an index of a table, and a full window was closed.
            _ = window.append(
                Reading(sensor: reading.sensor, time: reading.time, value: reading.value),
                annotation: annotation)
        }
    }

    /// Encodes what is left and ends the file.
    mutating func finish(names: borrowing SensorNames, unit: TimeUnit?) {
        encodeRest(names: names, unit: unit)
        begin(unit: unit)
        writer.end(into: &output)
        statistics.containerBytes = writer.framingBytes
    }

    /// Encodes all readings that came, in frames that are smaller than they might have been.
    mutating func encodeRest(names: borrowing SensorNames, unit: TimeUnit?) {
        closeWindow(names: names, unit: unit)
        encodeWaiting(names)
    }

    private func isFull(for readings: [LineReading]) -> Bool {
        if window.count + readings.count > ReadingWindow.readingLimit { return true }
        for reading in readings where sampleCounts[reading.sensor] >= samplesPerFrame {
            return true
        }
        return false
    }

    /// Encodes what the window holds, or lets it wait for a table.
    private mutating func closeWindow(names: borrowing SensorNames, unit: TimeUnit?) {
        guard !window.isEmpty else { return }
        for i in sampleCounts.indices { sampleCounts[i] = 0 }
        begin(unit: unit)
        // Taken out, as a method may not change its own value twice at once.
        var window = ReadingWindow()
        swap(&window, &self.window)
        guard names.count > tableCount else {
            encode(&window)
            self.window = window
            return
        }
        waiting.append(window)
        let isWorthATable = waiting.isWorthATable(
            sensors: names.count, nameBytes: names.text.count, known: tableCount)
        if isWorthATable { encodeWaiting(names) }
    }

    private mutating func encodeWaiting(_ names: borrowing SensorNames) {
        guard !waiting.isEmpty else { return }
        writeTable(names)
        for var window in waiting.take() { encode(&window) }
    }

    private mutating func begin(unit: TimeUnit?) {
        guard !isBegun else { return }
        isBegun = true
        let unit = unit ?? TimeUnit.coarsest(for: window)
        // The two types count alike.
        let sourceUnit = SourceTimeUnit(rawValue: unit.rawValue) ?? .nanoseconds
        writer.begin(ContainerHeader(timeUnit: sourceUnit), into: &output)
    }

    private mutating func writeTable(_ names: borrowing SensorNames) {
        var entries: [Channel] = []
        for sensor in 0..<names.count {
            var channel = Channel(name: Array(names.text[names.range(of: sensor)]))
            channel.maximumError = maximumError(of: channel.name)
            entries.append(channel)
        }
        // Cannot fail: `SensorNames` holds what a table may hold.
        guard let table = try? ChannelTable(entries) else { return }
        tableCount = names.count
        encoder.setTable(id: table.id, channels: tableCount)
        for (sensor, entry) in entries.enumerated() {
            encoder.setMaximumError(of: sensor, to: entry.maximumError ?? 0)
        }
        framesInGroup = nil
        frame.removeAll(keepingCapacity: true)
        ChannelTableFrame(stream: encoder.stream.id, table: table).append(to: &frame)
        write(readings: 0)
        statistics.overheadBytes += frame.count
    }

    /// Puts `frame` into the file.
    private mutating func write(readings: Int) {
        // On its own, as a span keeps the value that it comes from from changing.
        let bytes = frame
        writer.append(bytes.span, readings: readings, into: &output)
    }

    private func maximumError(of name: [UInt8]) -> Double? {
        maximumErrors.last { Array($0.sensor.utf8) == name }?.value
    }

    /// Encodes a window as one frame, or as several where one would be too large.
    private mutating func encode(_ window: inout ReadingWindow) {
        // A copy for a second try; only a window of this size can give too large a frame.
        let copy = window.count > Self.certainReadings ? window : nil
        let isChained = framesInGroup.map { $0 < framesPerGroup } ?? false
        let role: FrameRole = isChained && encoder.canChain ? .chained : .key(group: nextGroup)
        frame.removeAll(keepingCapacity: true)
        do throws(EncodeError) {
            let summary = try encoder.encode(&window, as: role, into: &frame)
            if role == .chained {
                framesInGroup = (framesInGroup ?? 0) + 1
            } else {
                framesInGroup = 1
                // Begins below 2^28: a file of four thousand million groups does not come.
                nextGroup += 1
            }
            write(readings: summary.readings)
            statistics.add(summary)
        } catch {
            framesInGroup = nil
            guard let copy else { return }
            var (first, second) = copy.halves()
            encode(&first)
            encode(&second)
        }
        window.removeAll()
    }

    /// So many readings fit into a frame whatever they are, at 32 bytes each.
    private static let certainReadings = DecoderLimits.frameBytes / 32
}

extension TimeUnit {
    /// The coarsest unit in which all times of a window are whole; milliseconds for none.
    static func coarsest(for window: ReadingWindow) -> TimeUnit {
        guard !window.isEmpty else { return .milliseconds }
        return [TimeUnit.seconds, .milliseconds, .microseconds].first {
            window.hasTimes(inMultiplesOf: Int64($0.nanoseconds))
        } ?? .nanoseconds
    }
}
