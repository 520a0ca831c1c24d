// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// A test vector of the laboratory implementation, whose payloads are ours and whose heads are not.
struct LaboratoryVector: Decodable, CustomStringConvertible {
    struct Column: Decodable {
        var channel: Int
        var times: [String]
        var values: [String]

        enum CodingKeys: String, CodingKey {
            case channel
            case times = "times_ns"
            case values = "value_bits"
        }
    }

    struct Parameters: Decodable {
        var channel: Int
        var kind: String
        var digits: UInt8
        var g: Int64
        var off: Int64
        var lattice: Int
        var exact: Int
        var set: Int
        var lms: Int
        var ref: Int32
        var expRef: UInt16
    }

    struct Frame: Decodable {
        var type: String
        var group: UInt32
        var index: UInt32
        var readings: [Column]
        var parameters: [Parameters]
        var digest: String
        var frame: String
    }

    var name: String
    var channels: Int
    var compact: Bool
    var frames: [Frame]

    var description: String { name }

    static let folder = Project.laboratory.appending(path: "vectors")
    static var isAtHand: Bool { Project.exists(folder) }

    static func all() throws -> [LaboratoryVector] {
        guard isAtHand else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .filter { $0.hasSuffix(".json") && $0 != "reject.json" }
            .map {
                try JSONDecoder().decode(
                    LaboratoryVector.self, from: Data(contentsOf: folder.appending(path: $0)))
            }
    }

    /// What stands behind the laboratory's head: byte 0, two varints or one byte, the check.
    static func payload(of frame: [UInt8]) -> [UInt8] {
        guard frame[0] & 0x20 == 0 else { return Array(frame.dropFirst(4)) }
        var at = 1
        for _ in 0..<2 {
            while frame[at] >= 128 { at += 1 }
            at += 1
        }
        return Array(frame.dropFirst(at + 4))
    }
}

extension LaboratoryVector.Frame {
    var columns: [TrafficColumn] {
        readings.map { column in
            TrafficColumn(
                sensor: column.channel, times: column.times.compactMap { Int64($0) },
                values: column.values.compactMap { UInt64($0, radix: 16) }
                    .map { Double(bitPattern: $0) })
        }
    }
}

/// A frame of the laboratory that must be refused.
struct LaboratoryReject: Decodable, CustomStringConvertible {
    struct File: Decodable {
        var frames: [LaboratoryReject]
    }

    var name: String
    var status: String
    var before: [String]
    var frame: String

    var description: String { name }

    static func all() throws -> [LaboratoryReject] {
        guard LaboratoryVector.isAtHand else { return [] }
        let url = LaboratoryVector.folder.appending(path: "reject.json")
        return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).frames
    }
}
