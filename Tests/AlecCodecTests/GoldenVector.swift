// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

@testable import AlecCodec

/// Frames of one stream with what they decode to; files of `Vectors/v1`.
struct GoldenVector: Codable, Equatable {
    struct Column: Codable, Equatable {
        var sensor: Int
        /// As text: JSON has no 64-bit integers.
        var times: [String]
        /// The 64 bits of each value.
        var values: [String]
    }

    struct Remark: Codable, Equatable {
        var start: Int
        var count: Int
        var quality: UInt8
        /// 0 for the frame's own.
        var priority: UInt8
    }

    struct Frame: Codable, Equatable {
        var frame: String
        var columns: [Column]
        var remarks: [Remark]?
        /// What the frame makes use of, as `GoldenFeatures` names it.
        var features: [String]
    }

    var name: String
    var about: String
    var channels: Int
    var frames: [Frame]

    static let folder = Project.root.appending(path: "Tests/AlecCodecTests/Vectors/v1")

    static func all() throws -> [GoldenVector] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .filter { $0.hasSuffix(".json") }
            .map {
                try JSONDecoder().decode(
                    GoldenVector.self, from: Data(contentsOf: folder.appending(path: $0)))
            }
    }

    /// Writes one line a frame: short enough to read, and differences show which frame changed.
    func write() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func line(_ value: some Encodable) throws -> String {
            String(decoding: try encoder.encode(value), as: UTF8.self)
        }
        let lines = try frames.map { "  " + (try line($0)) }.joined(separator: ",\n")
        let text = """
            {"name": \(try line(name)),
             "about": \(try line(about)),
             "channels": \(channels),
             "frames": [
            \(lines)
             ]
            }

            """
        try Data(text.utf8).write(to: Self.folder.appending(path: "\(name).json"))
    }
}

extension GoldenVector.Frame {
    init(frame: [UInt8], batch: ReadingBatch, features: [String]) {
        self.frame = Hexadecimal.text(frame)
        columns = batch.trafficColumns.map { column in
            GoldenVector.Column(
                sensor: column.sensor, times: column.times.map { String($0) },
                values: column.values.map { value in
                    let digits = String(value.bitPattern, radix: 16)
                    return String(repeating: "0", count: 16 - digits.count) + digits
                })
        }
        let runs = batch.annotations.map {
            GoldenVector.Remark(
                start: $0.start, count: $0.count, quality: $0.annotation.quality.rawValue,
                priority: $0.annotation.priority?.rawValue ?? 0)
        }
        remarks = runs.isEmpty ? nil : runs
        self.features = features
    }

    var bytes: [UInt8] { Hexadecimal.bytes(frame) ?? [] }

    var traffic: [TrafficColumn] {
        var result = columns.map { column in
            TrafficColumn(
                sensor: column.sensor, times: column.times.compactMap { Int64($0) },
                values: column.values.compactMap { UInt64($0, radix: 16) }
                    .map { Double(bitPattern: $0) })
        }
        var place = 0
        for c in result.indices {
            for i in 0..<result[c].count {
                let run = remarks?.first { $0.start <= place && place < $0.start + $0.count }
                if let run {
                    result[c].annotations[i] = Annotation(
                        quality: Quality(rawValue: run.quality) ?? .good,
                        priority: Priority(rawValue: run.priority))
                }
                place += 1
            }
        }
        return result
    }
}

/// Names of what the frames of a stream make use of.
struct GoldenFeatures {
    private var parameters: [Int: ValueParameters] = [:]
    private var units: [Int: UInt8] = [:]

    /// What the frame with `head`, just decoded, makes use of.
    mutating func list(
        _ head: FrameHead, _ batch: ReadingBatch, _ context: borrowing Context
    ) -> [String] {
        var found: Set<String> = [head.isKey ? "key" : "chained"]
        if head.isKey {
            parameters.removeAll()
            units.removeAll()
        }
        if head.key?.predecessor != nil { found.insert("predecessor") }
        if let lane = head.key?.stream.lane, lane != .data { found.insert("lane \(lane)") }
        if !batch.annotations.isEmpty { found.insert("annotations") }
        for column in batch.columns {
            let channel = context.channels[column.sensor]
            found.formUnion(Self.names(channel.parameters))
            if channel.setIsOn { found.insert("set") }
            if channel.lastEscape != ChannelState.firstEscape { found.insert("escape") }
            if channel.hadCorrection { found.insert("correction") }
            if channel.sameRate >= ChannelState.sameRateThreshold { found.insert("same") }
            let old = parameters.updateValue(channel.parameters, forKey: column.sensor)
            if old?.describesSameValues(as: channel.parameters) == false {
                found.insert("parameter change")
            }
            let unit = units.updateValue(channel.times.unit, forKey: column.sensor)
            if let unit, unit != channel.times.unit { found.insert("time change") }
        }
        return found.sorted()
    }

    private static func names(_ parameters: ValueParameters) -> [String] {
        var names = ["kind \(parameters.kind)"]
        if parameters.divisor > 1 { names.append("divisor") }
        if parameters.isLattice { names.append("lattice") }
        if parameters.isLattice && parameters.origin != 0 { names.append("origin") }
        if parameters.isExact && parameters.kind.hasEscape { names.append("exact") }
        if parameters.usesFilter { names.append("filter") }
        if parameters.reference >= 0 { names.append("reference") }
        return names
    }
}
