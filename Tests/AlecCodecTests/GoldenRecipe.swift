// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import TestSupport

/// What a golden vector is made from: readings of a stream, frame by frame.
struct GoldenRecipe {
    var name: String
    var about: String
    var channels = 1
    var stream = StreamHead(id: StreamID(random: 0x01_2345_6789))
    /// A group number begins a group; nil continues it.
    var frames: [(group: UInt32?, columns: [TrafficColumn])]

    private static let start: Int64 = 1_767_225_600_000_000_000
    private static let second: Int64 = 1_000_000_000

    /// Frames of one channel with a reading each second.
    private static func series(
        _ values: [[Double]], group: UInt32 = 1
    ) -> [(
        UInt32?, [TrafficColumn]
    )] {
        var time = start
        return values.enumerated().map { i, values in
            let times = values.map { _ -> Int64 in
                time += second
                return time
            }
            return (
                i == 0 ? group : nil, [TrafficColumn(sensor: 0, times: times, values: values)]
            )
        }
    }

    /// `counts[i]` values of the given shape for frame i.
    private static func shaped(
        _ shape: ValueSource.Shape, _ counts: [Int], seed: UInt64
    ) -> [[Double]] {
        var random = SeededGenerator(seed: seed)
        var source = ValueSource(shape, &random)
        return counts.map { count in (0..<count).map { _ in source.next(&random) } }
    }

    static var all: [GoldenRecipe] { values + layouts + heads }
}

// MARK: - Values

extension GoldenRecipe {
    private static var values: [GoldenRecipe] {
        [
            GoldenRecipe(
                name: "01-one-reading", about: "a key frame with a single reading",
                frames: series([[21.5]])),
            GoldenRecipe(
                name: "02-decimals", about: "one digit; a group of three frames",
                frames: series(
                    [[20.1, 20.3, 20.2, 20.4], [20.4, 20.5, 20.5, 20.7], [20.8, 20.7]])),
            GoldenRecipe(
                name: "03-products", about: "whole numbers times 0.01",
                frames: series(shaped(.products, [40, 20], seed: 3))),
            GoldenRecipe(
                name: "04-float-decimals", about: "decimals that went through a float",
                frames: series(shaped(.floatDecimals, [40, 20], seed: 9))),
            GoldenRecipe(
                name: "05-floats", about: "floats of no grid",
                frames: series(shaped(.floats, [20, 12], seed: 5))),
            GoldenRecipe(
                name: "06-doubles", about: "doubles that lie near each other",
                frames: series(neighbours)),
            GoldenRecipe(
                name: "07-noise", about: "doubles whose mantissa cannot be predicted",
                frames: series(shaped(.noise, [40, 12], seed: 7))),
            GoldenRecipe(
                name: "08-divisor", about: "all values are 7 more than a multiple of 250",
                frames: series(shaped(.divisor, [20, 10], seed: 8))),
            GoldenRecipe(
                name: "09-lattice", about: "a crooked step, printed with three digits",
                frames: series(grid(step: 0.1611, origin: 0, digits: 1000))),
            GoldenRecipe(
                name: "10-lattice-origin", about: "a crooked step that does not pass through 0",
                frames: series(grid(step: 0.1611, origin: 0.0507, digits: 1000))),
            GoldenRecipe(
                name: "11-lattice-floats", about: "a crooked step as floats",
                frames: series(
                    grid(step: 0.161173, origin: 0, digits: 0).map { $0.map { Double(Float($0)) } })
            ),
            GoldenRecipe(
                name: "12-set", about: "few distinct values far apart", frames: series(states)),
            GoldenRecipe(
                name: "13-same", about: "a constant, then a step",
                frames: series([
                    Array(repeating: 21.5, count: 30),
                    Array(repeating: 21.5, count: 12) + [21.6, 21.6],
                ])),
            GoldenRecipe(
                name: "14-escapes", about: "NaNs with payloads, infinities, both zeros, denormals",
                frames: series(escapes)),
            GoldenRecipe(
                name: "15-corrections", about: "decimals of which some are one bit off",
                frames: series(shaped(.nearDecimals, [30, 20], seed: 15))),
            GoldenRecipe(
                name: "16-filter", about: "an oscillation that the adaptive filter learns",
                frames: series(oscillation)),
            GoldenRecipe(
                name: "17-parameter-change", about: "two digits, then four, then floats",
                frames: series([
                    shaped(.decimals, [12], seed: 3)[0],
                    (0..<12).map { Double(123_456 + $0 * $0 * 37) / 10_000 },
                    shaped(.floats, [40], seed: 18)[0],
                ])),
        ]
    }

    private static var neighbours: [[Double]] {
        var value = 1.0 / 3
        var random = SeededGenerator(seed: 6)
        return [20, 10].map { count in
            (0..<count).map { _ in
                value = Double(
                    bitPattern: value.bitPattern &+ UInt64(random.below(2_000_000_000)))
                return value
            }
        }
    }

    private static func grid(step: Double, origin: Double, digits: Double) -> [[Double]] {
        var random = SeededGenerator(seed: 10)
        var place = 300.0
        return [60, 20].map { count in
            (0..<count).map { _ in
                place += Double(random.pick(-6...6))
                let value = origin + place * step
                return digits > 0 ? (value * digits).rounded() / digits : value
            }
        }
    }

    private static var states: [[Double]] {
        var random = SeededGenerator(seed: 12)
        let levels = [-40.5, 0, 3.25, 17, 1200, 88.125]
        return [60, 30].map { count in (0..<count).map { _ in random.pick(levels) } }
    }

    private static var escapes: [[Double]] {
        let special = ValueSource.special.map { Double(bitPattern: $0) }
        let plain = shaped(.decimals, [44, 12], seed: 3)
        return [plain[0] + [.nan, .nan] + special.prefix(7), special.suffix(5) + plain[1]]
    }

    private static var oscillation: [[Double]] {
        // x[n] = 1.9 x[n-1] - x[n-2]: a sine without a library's sine.
        var (a, b) = (0.0, 100.0)
        return [80, 60].map { count in
            (0..<count).map { _ in
                (a, b) = (b, 1.9 * b - a)
                return (b * 10).rounded() / 10
            }
        }
    }
}

// MARK: - Times and layout

extension GoldenRecipe {
    private static var layouts: [GoldenRecipe] {
        [
            GoldenRecipe(
                name: "20-shared-times", about: "three channels with the same jittered times",
                channels: 3, frames: sharedTimes),
            GoldenRecipe(
                name: "21-subsets", about: "forty channels of which some are present",
                channels: 40, frames: subsets),
            GoldenRecipe(
                name: "22-wild-times", about: "any times, forwards and backwards",
                frames: [
                    (1, [wild([0, .max, .min, -1, 1, start, 5, 5])]),
                    (nil, [wild([start, .min, start + 1, .max])]),
                ]),
            GoldenRecipe(
                name: "23-time-change", about: "from seconds to milliseconds within a group",
                frames: [
                    (1, [wild((0..<8).map { start + $0 * second })]),
                    (nil, [wild((8..<14).map { start + $0 * second + $0 * 1_000_000 })]),
                    (nil, [wild((20..<26).map { start + $0 * second })]),
                ]),
            GoldenRecipe(
                name: "24-references", about: "channels that move together, seen by the filter",
                channels: 3, frames: together),
            GoldenRecipe(
                name: "25-annotations", about: "remarks on single readings and on runs",
                channels: 2, frames: annotated),
        ]
    }

    private static func wild(_ times: [Int64]) -> TrafficColumn {
        TrafficColumn(sensor: 0, times: times, values: times.indices.map { Double($0) })
    }

    private static var sharedTimes: [(UInt32?, [TrafficColumn])] {
        var random = SeededGenerator(seed: 20)
        var time = start
        return (0..<3).map { frame in
            let times = (0..<10).map { _ -> Int64 in
                time += second + Int64(random.pick(-3...3)) * 1_000_000
                return time
            }
            let columns = (0..<3).map { c in
                TrafficColumn(
                    sensor: c, times: times,
                    values: times.indices.map { Double(200 + c * 7 + $0 % 3) / 10 })
            }
            return (frame == 0 ? 1 : nil, columns)
        }
    }

    private static var subsets: [(UInt32?, [TrafficColumn])] {
        var random = SeededGenerator(seed: 21)
        return (0..<5).map { frame in
            var columns: [TrafficColumn] = []
            for c in 0..<40 where random.once(in: 4) {
                let count = random.pick(1...3)
                let times = (0..<count).map { start + Int64(frame * 10 + $0) * second }
                columns.append(
                    TrafficColumn(
                        sensor: c, times: times, values: times.map { _ in Double(c) + 0.5 }))
            }
            return (frame == 0 ? 1 : nil, columns)
        }
    }

    private static var together: [(UInt32?, [TrafficColumn])] {
        var random = SeededGenerator(seed: 24)
        var level = 0
        var time = start
        return (0..<2).map { frame in
            var columns = (0..<3).map { TrafficColumn(sensor: $0, times: [], values: []) }
            for _ in 0..<50 {
                level += random.pick(-40...40)
                time += second
                for c in 0..<3 {
                    columns[c].times.append(time)
                    columns[c].values.append(Double(level * (c + 1) + random.pick(-1...1)) / 10)
                }
            }
            for c in 0..<3 { columns[c].annotations = columns[c].values.map { _ in .none } }
            return (frame == 0 ? 1 : nil, columns)
        }
    }

    private static var annotated: [(UInt32?, [TrafficColumn])] {
        (0..<3).map { frame in
            var columns = (0..<2).map { c in
                let times = (0..<12).map { start + Int64(frame * 12 + $0) * second }
                return TrafficColumn(
                    sensor: c, times: times, values: times.indices.map { Double($0) / 2 })
            }
            switch frame {
            case 0: columns[0].annotations[3] = Annotation(quality: .bad)
            case 1:
                for i in 8..<12 { columns[0].annotations[i] = Annotation(priority: .critical) }
                for i in 0..<5 { columns[1].annotations[i] = Annotation(priority: .critical) }
                columns[1].annotations[5] = Annotation(quality: .time, priority: .disposable)
                columns[1].annotations[11] = Annotation(quality: .stale)
            default: break
            }
            return (frame == 0 ? 1 : nil, columns)
        }
    }
}

// MARK: - Heads

extension GoldenRecipe {
    private static var heads: [GoldenRecipe] {
        [
            GoldenRecipe(
                name: "30-long-varints", about: "large group numbers and a far predecessor",
                frames: series([[1], [2], [3]], group: 7)
                    + series([[4], [5]], group: 4_000_000_000)
            ),
            GoldenRecipe(
                name: "31-alert-lane", about: "every frame a key frame that names the one before",
                stream: StreamHead(
                    id: StreamID(random: 0xFF_EEDD_CCBB), lane: .alert, basePriority: .important,
                    nodeHash: 0xDEAD_BEEF, tableID: 0x0102_0304),
                frames: series([[99.5]], group: 100) + series([[101.25]], group: 103)
                    + series([[87]], group: 104)),
            GoldenRecipe(
                name: "32-deferred-lane", about: "key frames of different sizes",
                stream: StreamHead(id: StreamID(random: 1), lane: .deferred, tableID: 1),
                frames: series([[0.5, 0.25]], group: 12) + series([[0.125]], group: 13)
                    + series([[0.75, 1, 1.5]], group: 15)),
        ]
    }
}
