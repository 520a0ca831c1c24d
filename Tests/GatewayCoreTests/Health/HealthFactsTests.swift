// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import Testing

@Suite struct HealthFactsTests {
    let now = seconds(10_000)

    private func check(
        _ facts: some HealthCheckable, _ level: HealthLevel, _ reason: HealthReason,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(
            facts.finding(at: now) == HealthFinding(level, reason),
            sourceLocation: sourceLocation)
    }

    @Test func sourceRules() {
        var facts = SourceFacts()
        check(facts, .healthy, .none)
        facts.hasStaleSensor = true
        check(facts, .degraded, .stale)
        facts.lines = 100
        facts.badLines = 5
        check(facts, .degraded, .stale)
        facts.badLines = 6
        check(facts, .degraded, .badLines)
        facts.lostSince = seconds(9_940)
        check(facts, .degraded, .reopening)
        facts.lostSince = seconds(9_939)
        check(facts, .unhealthy, .sourceLost)
    }

    @Test func linkRules() {
        var facts = LinkFacts()
        check(facts, .healthy, .none)
        facts.isUnheard = true
        check(facts, .degraded, .unheard)
        facts.roundTrip = .seconds(2)
        check(facts, .degraded, .unheard)
        facts.roundTrip = .milliseconds(2001)
        check(facts, .degraded, .slow)
        facts.reconnects = 3
        check(facts, .degraded, .unstable)
        for mode in [CircuitBreaker.Mode.open, .halfOpen, .forcedOpen] {
            facts.breaker = mode
            check(facts, .degraded, .breaker)
        }
        facts.downSince = seconds(9_700)
        check(facts, .degraded, .offline)
        facts.downSince = seconds(9_699)
        check(facts, .unhealthy, .outage)
        facts.needsOperator = true
        check(facts, .unhealthy, .needsOperator)
        facts = LinkFacts()
        for mode in [CircuitBreaker.Mode.closed, .forcedClosed, .metricsOnly] {
            facts.breaker = mode
            check(facts, .healthy, .none)
        }
    }

    @Test func spoolRules() {
        var facts = SpoolFacts()
        check(facts, .healthy, .none)
        facts.backlog = .seconds(60)
        facts.percent = 50
        check(facts, .healthy, .none)
        facts.backlog = .seconds(61)
        check(facts, .degraded, .backlog)
        facts.percent = 90
        check(facts, .degraded, .filling)
        facts.isDamaged = true
        check(facts, .unhealthy, .damaged)
        facts.percent = 91
        check(facts, .unhealthy, .full)
        facts.alertsLostAt = seconds(6_401)
        check(facts, .unhealthy, .alertsLost)
        facts.isFailing = true
        check(facts, .unhealthy, .failing)
        facts = SpoolFacts()
        facts.alertsLostAt = seconds(6_400)
        check(facts, .healthy, .none)
    }

    @Test func clockRules() {
        var facts = ClockFacts()
        check(facts, .healthy, .none)
        facts.isSynchronised = false
        check(facts, .degraded, .unsynchronised)
        facts.jump = .seconds(3600)
        check(facts, .degraded, .unsynchronised)
        facts.jump = .seconds(3601)
        check(facts, .unhealthy, .clockJump)
        facts.jump = .seconds(-3601)
        check(facts, .unhealthy, .clockJump)
    }

    @Test func processRules() {
        var facts = ProcessFacts()
        facts.lag = .milliseconds(250)
        facts.memoryPercent = 80
        facts.stalledFor = .seconds(15)
        check(facts, .healthy, .none)
        facts.lag = .milliseconds(251)
        check(facts, .degraded, .lag)
        facts.memoryPercent = 81
        check(facts, .degraded, .memory)
        facts.stalledFor = .milliseconds(15_001)
        check(facts, .unhealthy, .stalled)
    }

    /// Milliseconds and pieces one after the other, and what is found after each.
    @Test func measuredValuesHaveThresholdsWithHysteresis() {
        var facts = MeasuredFacts()
        check(facts, .healthy, .none)
        let script: [(Int, Int, HealthLevel, HealthReason)] = [
            (100, 1000, .healthy, .none), (101, 0, .degraded, .slow), (81, 0, .degraded, .slow),
            (80, 0, .healthy, .none), (90, 0, .healthy, .none), (0, 1001, .degraded, .queue),
            (0, 801, .degraded, .queue), (0, 800, .healthy, .none),
            (1001, 1001, .unhealthy, .slow), (801, 0, .unhealthy, .slow),
            (800, 0, .degraded, .slow), (200, 10_001, .unhealthy, .queue),
            (200, 8_001, .unhealthy, .queue), (200, 8_000, .degraded, .slow),
            (0, 0, .healthy, .none),
        ]
        for (milliseconds, depth, level, reason) in script {
            facts.note(latency: .milliseconds(milliseconds), depth: depth)
            check(facts, level, reason)
        }
    }
}
