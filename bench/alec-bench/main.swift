// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import Glibc

struct DataSet {
    var name: String
    var times: [[Int64]] = []
    var values: [[Double]] = []
    var rows: Int { times.first?.count ?? 0 }
    var columns: Int { times.count }
}

func load(_ path: String) -> DataSet {
    let file = fopen(path, "rb")!
    var head: [Int64] = [0, 0]
    _ = fread(&head, 8, 2, file)
    let rows = Int(head[0]), cols = Int(head[1])
    var set = DataSet(name: String(path.split(separator: "/").last!.split(separator: ".").first!))
    for _ in 0..<cols {
        var column = [Int64](repeating: 0, count: rows)
        _ = fread(&column, 8, rows, file)
        set.times.append(column)
    }
    let scale: Int64 = set.times[0][0] > 100_000_000_000_000 ? 1000 : 1_000_000
    for c in 0..<cols { for r in 0..<rows { set.times[c][r] *= scale } }
    for _ in 0..<cols {
        var column = [Double](repeating: 0, count: rows)
        _ = fread(&column, 8, rows, file)
        set.values.append(column)
    }
    fclose(file)
    return set
}

func now() -> Double {
    var t = timespec()
    clock_gettime(CLOCK_MONOTONIC, &t)
    return Double(t.tv_sec) * 1e9 + Double(t.tv_nsec)
}

func run(_ set: DataSet, n: Int, k: Int) -> (payload: Int, head: Int, frames: Int, readings: Int, enc: Double, dec: Double) {
    var encoder = FrameEncoder(stream: StreamHead(id: StreamID(random: 1)), channels: set.columns)
    var decoder = FrameDecoder()
    var window = ReadingWindow()
    var batch = ReadingBatch()
    var bytes: [UInt8] = []
    let m = min(n, set.rows)
    var result = (payload: 0, head: 0, frames: 0, readings: 0, enc: 0.0, dec: 0.0)
    for f in 0..<(set.rows / m) {
        bytes.removeAll(keepingCapacity: true)
        let t0 = now()
        for c in 0..<set.columns {
            for r in (f * m)..<(f * m + m) {
                _ = window.append(Reading(sensor: c, time: set.times[c][r], value: set.values[c][r]))
            }
        }
        let role: FrameRole = f % k == 0 ? .key(group: UInt32(1 + f / k)) : .chained
        let s = try! encoder.encode(&window, as: role, into: &bytes)
        let t1 = now()
        let outcome = try! decoder.decode(bytes.span, into: &batch)
        let t2 = now()
        guard case .decoded = outcome else { fatalError("\(outcome)") }
        var i = 0
        for c in 0..<set.columns {
            for r in (f * m)..<(f * m + m) {
                if batch.times[i] != set.times[c][r] || batch.values[i].bitPattern != set.values[c][r].bitPattern {
                    fatalError("\(set.name) frame \(f) channel \(c) row \(r)")
                }
                i += 1
            }
        }
        result.payload += s.payloadBytes
        result.head += s.headBytes
        result.frames += 1
        result.readings += s.readings
        result.enc += t1 - t0
        result.dec += t2 - t1
    }
    return result
}

let sets = CommandLine.arguments.dropFirst(3).map(load)
let n = Int(CommandLine.arguments[1])!, k = Int(CommandLine.arguments[2])!
var sum = 0.0, enc = 0.0, dec = 0.0
for set in sets {
    var r = run(set, n: n, k: k)
    for _ in 0..<3 {
        let again = run(set, n: n, k: k)
        r.enc = min(r.enc, again.enc)
        r.dec = min(r.dec, again.dec)
    }
    let rd = Double(r.readings)
    let b = (Double(r.payload) + 2 * Double(r.frames)) / rd
    print(set.name, b, r.enc / rd, r.dec / rd)
    sum += log(b)
    enc += r.enc / rd
    dec += r.dec / rd
}
print("GEOMEAN", exp(sum / Double(sets.count)), enc / Double(sets.count), dec / Double(sets.count))
