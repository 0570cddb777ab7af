// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Testing

@Suite("Metrics")
struct MetricsTests {
    @Test("the text has help, type and sorted values of each metric")
    func text() throws {
        let (one, two) = (try #require(AgentName("one")), try #require(AgentName("two")))
        let metrics = DeskMetrics()

        metrics.update { snapshot in
            snapshot.countTurn(of: two, "committed", seconds: 0.003)
            snapshot.countTurn(of: one, "failed")
            snapshot.countTurn(of: two, "committed", seconds: 400)
            snapshot.agentStates = [one: "resting", two: "resting"]
            snapshot.health = .running
            snapshot.upSeconds = 1.5
        }
        let text = metrics.snapshot.text

        #expect(
            text.hasPrefix(
                """
                # HELP loopdesk_turns_total Attempts at turns that ended, by agent and outcome.
                # TYPE loopdesk_turns_total counter
                loopdesk_turns_total{agent="one",outcome="failed"} 1
                loopdesk_turns_total{agent="two",outcome="committed"} 2
                # HELP loopdesk_turn_seconds Seconds from the start of a turn to its commit.
                # TYPE loopdesk_turn_seconds histogram
                loopdesk_turn_seconds_bucket{agent="two",le="0.001"} 0
                loopdesk_turn_seconds_bucket{agent="two",le="0.002"} 0
                loopdesk_turn_seconds_bucket{agent="two",le="0.005"} 1

                """
            )
        )
        #expect(text.contains("loopdesk_turn_seconds_bucket{agent=\"two\",le=\"300\"} 1\n"))
        #expect(text.contains("loopdesk_turn_seconds_bucket{agent=\"two\",le=\"+Inf\"} 2\n"))
        #expect(text.contains("loopdesk_turn_seconds_sum{agent=\"two\"} 400.003\n"))
        #expect(text.contains("loopdesk_turn_seconds_count{agent=\"two\"} 2\n"))
        #expect(text.contains("loopdesk_agents{state=\"resting\"} 2\n"))
        #expect(
            text.contains("loopdesk_up{state=\"degraded\"} 0\nloopdesk_up{state=\"running\"} 1\n")
        )
        #expect(text.contains("loopdesk_up_seconds 1.5\n"))
    }

    @Test("every line is a comment or a name, labels and a number")
    func form() throws {
        let agent = try #require(AgentName("one"))
        var snapshot = MetricsSnapshot()
        snapshot.countTurn(of: agent, "odd \"name\"\\\n", seconds: 1)
        snapshot.restarts[agent] = 2
        snapshot.mailWaiting[agent] = 3
        snapshot.agentStates[agent] = "running"
        snapshot.answers[.init(page: "hooks", status: 202)] = 4

        let lines = snapshot.text.split(separator: "\n")

        #expect(lines.count > 60)
        let label = #"[a-z]+="([^"\\]|\\.)*""#
        let labels = "(\\{\(label)(,\(label))*\\})?"
        let form = try Regex("^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+\(labels) [-+0-9.eInf]+)$")
        for line in lines { #expect(line.firstMatch(of: form) != nil, "\(line)") }
        #expect(snapshot.text.contains(#"outcome="odd \"name\"\\\n""#))
    }

    @Test("a value on a bound belongs below it, and one that is no number nowhere")
    func histogram() {
        var histogram = Histogram(bounds: [1, 2])

        for value in [1, 1.5, 2, 3, .nan, .infinity] { histogram.observe(value) }

        #expect(histogram.counts == [1, 2, 1])
        #expect(histogram.sum == 7.5 && histogram.count == 4)
    }
}
