// SPDX-License-Identifier: Apache-2.0

/// How long to wait before the next try: anything from nothing to a ceiling that doubles with
/// each failure ("full jitter").
///
/// When a broker comes back, all its nodes are waiting for it. Only a wait that is chance
/// altogether spreads them; a fixed wait with some chance added keeps them together.
package struct RetrySchedule: Sendable {
    /// The ceiling after the first failure.
    package let shortest: Duration
    /// The ceiling never rises above it.
    package let longest: Duration
    private var ceiling: Duration

    /// Ceilings from `shortest` to `longest`.
    package init(shortest: Duration = .seconds(1), longest: Duration = .seconds(30)) {
        precondition(shortest > .zero && shortest <= longest, "ceilings rise from above zero")
        self.shortest = shortest
        self.longest = longest
        ceiling = shortest
    }

    /// The wait after one more failure.
    package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let wait = Duration.nanoseconds(
            Int64.random(in: 0...ceiling.nanoseconds, using: &generator))
        ceiling = min(ceiling * 2, longest)
        return wait
    }

    /// A try succeeded.
    package mutating func reset() { ceiling = shortest }
}
