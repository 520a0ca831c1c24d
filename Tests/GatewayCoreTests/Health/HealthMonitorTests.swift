// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import Testing

/// Says what a test wants it to say.
struct Stated: HealthCheckable {
    var finding: HealthFinding

    init(_ level: HealthLevel, _ reason: HealthReason = .slow) {
        finding = HealthFinding(level, level == .healthy ? .none : reason)
    }

    func finding(at now: MonotonicInstant) -> HealthFinding { finding }
}

@Suite struct HealthMonitorTests {
    var monitor = HealthMonitor(at: seconds(0))

    private mutating func report(
        _ component: HealthComponent, _ level: HealthLevel, at now: Double,
        _ reason: HealthReason = .slow
    ) -> HealthLevel? {
        monitor.report(component, Stated(level, reason), at: seconds(now))?.to.level
    }

    @Test mutating func worstComponentCounts() {
        #expect(monitor.overall == HealthFinding(.unknown, .starting) && monitor.worst == nil)
        equal(report(.codec, .healthy, at: 1), .healthy)
        equal(report(.link, .degraded, at: 2, .offline), .degraded)
        equal(report(.spool, .unhealthy, at: 3, .full), .unhealthy)
        equal(report(.clock, .degraded, at: 4), nil)
        equal(report(.process, .unknown, at: 5), nil)
        #expect(monitor.worst == .spool && monitor.overall.reason == .full)
        #expect(monitor.since == seconds(3))
        equal(monitor.remove(.spool, at: seconds(6))?.to, HealthFinding(.degraded, .offline))
        #expect(monitor.worst == .link)
    }

    /// What is reported each second, and when what is shown changes.
    @Test(arguments: [
        // Worse for ten seconds.
        ([(HealthLevel.healthy, 1), (.degraded, 10)], HealthLevel.healthy),
        ([(.healthy, 1), (.degraded, 11)], .degraded),
        ([(.healthy, 1), (.degraded, 9), (.healthy, 1), (.degraded, 9)], .healthy),
        // What it is at the end of the ten seconds counts.
        ([(.healthy, 1), (.degraded, 10), (.unhealthy, 1)], .unhealthy),
        ([(.degraded, 1), (.unhealthy, 11)], .unhealthy),
        // Better for thirty.
        ([(.degraded, 1), (.healthy, 30)], .degraded),
        ([(.degraded, 1), (.healthy, 31)], .healthy),
        ([(.unhealthy, 1), (.degraded, 20), (.healthy, 11)], .healthy),
        ([(.unhealthy, 1), (.healthy, 29), (.unhealthy, 1), (.healthy, 29)], .unhealthy),
        // From better to worse a new time begins.
        ([(.degraded, 1), (.healthy, 25), (.unhealthy, 9)], .degraded),
        ([(.degraded, 1), (.healthy, 25), (.unhealthy, 11)], .unhealthy),
        // Out of the unknown at once.
        ([(.unknown, 1), (.unhealthy, 1)], .unhealthy), ([(.unknown, 1), (.healthy, 1)], .healthy),
        ([(.degraded, 1), (.unknown, 31)], .unknown), ([(.healthy, 1), (.unknown, 11)], .unknown),
    ])
    func levelsAreHeld(_ script: [(HealthLevel, Int)], _ expected: HealthLevel) {
        var monitor = HealthMonitor(at: seconds(0))
        var now = seconds(0)
        for (level, count) in script {
            for _ in 0..<count {
                _ = monitor.report(.link, Stated(level), at: now)
                now = now + .seconds(1)
            }
        }
        #expect(monitor.overall.level == expected)
    }

    @Test mutating func newReasonOfALevelShowsAtOnce() {
        equal(report(.link, .degraded, at: 0, .offline), .degraded)
        let change = monitor.report(.link, Stated(.degraded, .breaker), at: seconds(5))
        #expect(change?.to.reason == .breaker && change?.from.reason == .offline)
        #expect(monitor.since == seconds(0))
    }

    @Test mutating func componentThatIsSilentIsUnknown() {
        equal(report(.process, .healthy, at: 0), .healthy)
        equal(report(.source("a"), .healthy, at: 30), nil)
        equal(monitor.tick(at: seconds(35)), nil)
        let change = monitor.tick(at: seconds(36))
        #expect(change?.to == HealthFinding(.unknown, .noReport) && change?.component == .process)
        equal(report(.process, .healthy, at: 40), .healthy)
    }

    @Test mutating func componentsAreBounded() {
        for i in 0..<100 { _ = report(.source("s\(i)"), .healthy, at: 0) }
        #expect(monitor.entries.count == HealthMonitor.componentLimit && monitor.overflows == 28)
    }

    @Test mutating func reportsAreTextAndJSON() {
        _ = report(.spool, .healthy, at: 10)
        _ = report(.link, .degraded, at: 20, .breaker)
        _ = report(.source("a\"b"), .unhealthy, at: 30, .sourceLost)
        let text = String(decoding: monitor.text(at: seconds(42.9)), as: UTF8.self)
        #expect(
            text == """
                unhealthy source-lost 12 s
                source/a"b unhealthy source-lost 12 s
                link degraded breaker 22 s
                spool healthy 32 s

                """)
        let payload = String(decoding: monitor.payload(at: seconds(42.9)), as: UTF8.self)
        #expect(
            payload == #"{"level":"unhealthy","reason":"source-lost","component":"source/a\"b","#
                + #""for":12,"components":[{"name":"spool","level":"healthy","reason":"none","#
                + #""for":32},{"name":"link","level":"degraded","reason":"breaker","for":22},"#
                + #"{"name":"source/a\"b","level":"unhealthy","reason":"source-lost","for":12}]}"#)
        let empty = HealthMonitor(at: seconds(0)).payload(at: seconds(1))
        #expect(
            String(decoding: empty, as: UTF8.self)
                == #"{"level":"unknown","reason":"starting","for":1,"components":[]}"#)
    }
}
