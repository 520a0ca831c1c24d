// SPDX-License-Identifier: Apache-2.0

/// How long answers took of late: a mean that follows, and a value that few exceed.
package struct LatencyWindow: Sendable {
    /// Answers that are remembered.
    package static let memory = 64

    /// The newest answers weigh most: each counts an eighth of the mean.
    package private(set) var mean: Duration?
    private var samples: [Int64] = []
    private var next = 0

    /// Nothing was measured.
    package init() {}

    /// An answer took so long.
    package mutating func add(_ latency: Duration) {
        let latency = max(latency, .zero)
        mean = mean.map { $0 + (latency - $0) / 8 } ?? latency
        if samples.count < Self.memory {
            samples.append(latency.nanoseconds)
        } else {
            samples[next] = latency.nanoseconds
            next = (next + 1) % Self.memory
        }
    }

    /// Of 20 of the latest answers 19 took at most so long; nil before the first.
    package var high: Duration? {
        guard !samples.isEmpty else { return nil }
        let rank = (samples.count * 95 + 99) / 100 - 1
        return .nanoseconds(samples.sorted()[rank])
    }

    /// Forgets all: another connection has other answers.
    package mutating func clear() { self = LatencyWindow() }
}

/// The shortest of the latest ten minutes, in steps of a minute.
struct LatencyFloor: Sendable {
    private static let step = Duration.seconds(60)
    private static let steps = 10

    private var shortest: [(step: Int64, latency: Duration)] = []

    mutating func add(_ latency: Duration, at now: MonotonicInstant) {
        let step = now.nanoseconds / Self.step.nanoseconds
        if let last = shortest.indices.last, shortest[last].step >= step {
            shortest[last].latency = min(shortest[last].latency, latency)
        } else {
            shortest.append((step, latency))
        }
        shortest.removeAll { $0.step <= step - Int64(Self.steps) }
    }

    /// Nil before the first.
    var value: Duration? { shortest.map(\.latency).min() }
}
