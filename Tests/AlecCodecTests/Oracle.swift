// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// The laboratory's implementation in C, as a process that works through a file of commands.
struct Oracle {
    static let folder = Project.laboratory.appending(path: "oracle")

    static var isAtHand: Bool {
        Project.exists(folder) && run("/usr/bin/env", ["clang", "--version"])
    }

    private let place: URL
    private var commands: [UInt8] = []

    /// Compiles the driver into a folder of its own.
    init?() {
        place = FileManager.default.temporaryDirectory
            .appending(path: "alec-oracle-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let driver = Project.root.appending(path: "Tests/AlecCodecTests/Oracle/driver.c").path
        let isBuilt = Self.run(
            "/usr/bin/env",
            [
                "clang", "-O1", "-w", "-fwrapv", "-ffp-contract=off", "-I", Self.folder.path,
                "-o", place.appending(path: "driver").path, driver, "-lm",
            ])
        guard isBuilt else { return nil }
    }

    func remove() { try? FileManager.default.removeItem(at: place) }

    mutating func begin(channels: Int) {
        commands.append(UInt8(ascii: "N"))
        number(channels)
    }

    mutating func encode(_ columns: [TrafficColumn], isKey: Bool, group: Int, index: Int) {
        commands.append(UInt8(ascii: "E"))
        for part in [isKey ? 1 : 0, group, index, columns.count] { number(part) }
        for column in columns {
            number(column.sensor)
            number(column.count)
            for time in column.times { word(UInt64(bitPattern: time)) }
            for value in column.values { word(value.bitPattern) }
        }
    }

    mutating func decode(_ frame: [UInt8]) {
        commands.append(UInt8(ascii: "D"))
        number(frame.count)
        commands += frame
    }

    /// What the driver answers to all commands since the last time.
    mutating func answers() throws -> OracleAnswers? {
        let (input, output) = (place.appending(path: "in"), place.appending(path: "out"))
        try Data(commands).write(to: input)
        commands.removeAll()
        let driver = place.appending(path: "driver").path
        guard Self.run(driver, [input.path, output.path]) else { return nil }
        return OracleAnswers(bytes: [UInt8](try Data(contentsOf: output)))
    }

    private mutating func number(_ value: Int) {
        for i in 0..<4 { commands.append(UInt8(truncatingIfNeeded: value >> (8 * i))) }
    }

    private mutating func word(_ value: UInt64) {
        for i in 0..<8 { commands.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * i))) }
    }

    private static func run(_ program: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

/// The driver's answers, read in the order of the commands.
struct OracleAnswers {
    var bytes: [UInt8]
    private var at = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The payload of an encoded frame.
    mutating func payload() -> [UInt8] {
        let size = number()
        let overhead = number()
        defer { at += size }
        return Array(bytes[(at + overhead)..<(at + size)])
    }

    /// What a frame decoded to; nil if it was refused.
    mutating func columns() -> [TrafficColumn]? {
        guard number() == 0 else { return nil }
        return (0..<number()).map { _ in
            let sensor = number()
            let count = number()
            let times = (0..<count).map { _ in Int64(bitPattern: word()) }
            let values = (0..<count).map { _ in Double(bitPattern: word()) }
            return TrafficColumn(sensor: sensor, times: times, values: values)
        }
    }

    private mutating func number() -> Int { Int(truncatingIfNeeded: integer(4)) }

    private mutating func word() -> UInt64 { integer(8) }

    private mutating func integer(_ count: Int) -> UInt64 {
        var result: UInt64 = 0
        for i in 0..<count { result |= UInt64(bytes[at + i]) << UInt64(8 * i) }
        at += count
        return result
    }
}
