// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import Glibc
import TestSupport

/// Good inputs to start from: frames of all kinds of readings, tables, files.
enum FuzzSeeds {
    private static let streams: UInt64 = 60

    static func write(to folder: String) {
        for seed in 1...streams {
            var traffic = Traffic(seed: seed, mostChannels: 6)
            let frames = frames(of: &traffic, count: seed % 3 == 0 ? 1 : 4)
            let parts = frames.flatMap { frame in
                [UInt8(frame.count & 255), UInt8(frame.count >> 8)] + frame
            }
            save([0] + parts, folder, "frames", seed)
            save([17] + parts, folder, "repaired", seed)
            let table = table(channels: traffic.channels, &traffic.random)
            save([10] + table, folder, "table", seed)
            save([3, 40] + file(table, frames), folder, "file", seed)
        }
    }

    private static func frames(of traffic: inout Traffic, count: Int) -> [[UInt8]] {
        var encoder = FrameEncoder(
            stream: StreamHead(id: StreamID(random: 1)), channels: traffic.channels)
        return (0..<count).compactMap { i in
            var window = ReadingWindow(traffic.next(most: 6))
            var frame: [UInt8] = []
            let role: FrameRole = i == 0 ? .key(group: 5) : .chained
            return (try? encoder.encode(&window, as: role, into: &frame)) == nil ? nil : frame
        }
    }

    private static func table(channels: Int, _ random: inout SeededGenerator) -> [UInt8] {
        let entries = (0..<channels).map { c in
            var channel = Channel(name: Array("sensor \(c)".utf8))
            if random.once(in: 2) { channel.unit = Array("°C".utf8) }
            if random.once(in: 3) { channel.expectedPeriod = 1_000_000_000 }
            if random.once(in: 3) { channel.maximumError = 0.05 }
            if c > 0, random.once(in: 3) {
                channel.aggregate = Channel.Aggregate(of: c - 1, function: .mean)
            }
            return channel
        }
        guard let table = try? ChannelTable(entries) else { return [] }
        var bytes: [UInt8] = []
        ChannelTableFrame(stream: StreamID(random: 1), table: table).append(to: &bytes)
        return bytes
    }

    private static func file(_ table: [UInt8], _ frames: [[UInt8]]) -> [UInt8] {
        var writer = ContainerWriter()
        var bytes: [UInt8] = []
        writer.begin(ContainerHeader(timeUnit: .milliseconds), into: &bytes)
        for frame in [table] + frames where !frame.isEmpty {
            writer.append(frame.span, readings: 1, into: &bytes)
        }
        writer.end(into: &bytes)
        return bytes
    }

    private static func save(_ bytes: [UInt8], _ folder: String, _ kind: String, _ seed: UInt64) {
        guard let file = fopen("\(folder)/\(kind)-\(seed)", "wb") else {
            preconditionFailure("no file can be made in \(folder)")
        }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }
}
