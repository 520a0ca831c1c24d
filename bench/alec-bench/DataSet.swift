// SPDX-License-Identifier: Apache-2.0

import Glibc
import LineProtocols

/// The readings of one CSV file, a column for each sensor, all columns of the same length.
struct DataSet {
    var name: String
    var times: [[Int64]]
    var values: [[Double]]

    var rows: Int { times.first?.count ?? 0 }
    var columns: Int { times.count }

    /// All CSV files of a directory that can be read, by name.
    static func all(in directory: String) -> [DataSet] {
        guard let handle = opendir(directory) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".csv") { names.append(String(name.dropLast(4))) }
        }
        return names.sorted().compactMap { DataSet(path: "\(directory)/\($0).csv", name: $0) }
    }

    /// nil, with a word on standard error, if the file is not a CSV file of readings.
    init?(path: String, name: String) {
        guard let bytes = Self.contents(of: path) else { return nil }
        self.name = name
        var splitter = LineSplitter(maximumLength: LineSplitter.highestMaximumLength)
        var reader = LineReader(format: .csv)
        var sensors = SensorNames()
        var readings = LineReadings()
        func read(_ line: Span<UInt8>) -> Bool {
            do {
                _ = try reader.read(line, names: &sensors, into: &readings)
                return true
            } catch {
                _ = Output.write("\(path):\(splitter.lineNumber): \(error)\n", to: STDERR_FILENO)
                return false
            }
        }
        while let place = splitter.next(in: bytes.span) {
            switch place {
            case .chunk(let range): if !read(bytes.span.extracting(range)) { return nil }
            case .carried: if !read(splitter.carried.span) { return nil }
            }
        }
        if splitter.finish() != nil, !read(splitter.carried.span) { return nil }
        times = []
        values = []
        arrange(readings, sensors)
    }

    /// Columns in the order of the numbers in their names, cut to the shortest.
    private mutating func arrange(_ readings: LineReadings, _ sensors: SensorNames) {
        var columns = (0..<sensors.count).map { sensor in
            let text = sensors.text[sensors.range(of: sensor)]
            let digits = text.filter { $0 >= 48 && $0 <= 57 }
            let number = Int(String(decoding: digits, as: UTF8.self)) ?? sensor
            return (number: number, times: [Int64](), values: [Double]())
        }
        for reading in readings.items {
            columns[reading.sensor].times.append(reading.time)
            columns[reading.sensor].values.append(reading.value)
        }
        columns.sort { $0.number < $1.number }
        let rows = columns.map(\.times.count).min() ?? 0
        times = columns.map { Array($0.times.prefix(rows)) }
        values = columns.map { Array($0.values.prefix(rows)) }
    }

    private static func contents(of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else { return nil }
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
        }
    }
}
