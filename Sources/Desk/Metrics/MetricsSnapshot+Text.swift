// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension MetricsSnapshot {
    /// The snapshot in the text format 0.0.4 of Prometheus, sorted, so that equal ones are equal
    /// texts.
    public var text: String {
        var page = MetricsPage()
        addTurns(to: &page)
        addAgents(to: &page)
        addDesk(to: &page)
        page.add(
            "loopdesk_http_requests_total",
            .counter,
            "Requests that were answered, by page and status.",
            answers.map {
                (
                    labels: [("page", $0.key.page), ("status", String($0.key.status))],
                    value: Double($0.value)
                )
            }
        )
        return page.text
    }

    private func addTurns(to page: inout MetricsPage) {
        page.add(
            "loopdesk_turns_total",
            .counter,
            "Attempts at turns that ended, by agent and outcome.",
            turns.map {
                (
                    labels: [("agent", $0.key.agent.description), ("outcome", $0.key.name)],
                    value: Double($0.value)
                )
            }
        )
        page.add(
            "loopdesk_turn_seconds",
            "Seconds from the start of a turn to its commit.",
            turnSeconds.map { (labels: [("agent", $0.key.description)], histogram: $0.value) }
        )
    }

    private func addAgents(to page: inout MetricsPage) {
        var states: [String: Int] = [:]
        for state in agentStates.values { states[state, default: 0] += 1 }
        page.add(
            "loopdesk_agents",
            .gauge,
            "Agents, by what they are doing.",
            states.map { (labels: [("state", $0.key)], value: Double($0.value)) }
        )
        page.add(
            "loopdesk_agent_restarts_total",
            .counter,
            "Times that an agent's process was started again.",
            byAgent(restarts)
        )
        page.add(
            "loopdesk_mail_waiting",
            .gauge,
            "Signals that wait for their reader.",
            byAgent(mailWaiting)
        )
    }

    private func addDesk(to page: inout MetricsPage) {
        page.add(
            "loopdesk_up",
            .gauge,
            "1 for the state that the desk is in.",
            Health.allCases.map {
                (labels: [("state", $0.rawValue)], value: $0 == health ? 1 : 0)
            }
        )
        page.add("loopdesk_up_seconds", .gauge, "Seconds since the start.", upSeconds)
        page.add("loopdesk_commits_total", .counter, "Commits made.", Double(commits))
        page.add(
            "loopdesk_publish_seconds",
            "Seconds that a publication took.",
            [(labels: [], histogram: publishSeconds)]
        )
        page.add(
            "loopdesk_journal_bytes",
            .gauge,
            "Bytes of commits that wait for publication.",
            Double(journalBytes)
        )
        page.add(
            "loopdesk_triggers_waiting",
            .gauge,
            "Requests for turns that wait.",
            Double(triggersWaiting)
        )
        page.add(
            "loopdesk_ledger_halted",
            .gauge,
            "1 while no orders are accepted.",
            isHalted ? 1 : 0
        )
        page.add(
            "loopdesk_events_dropped_total",
            .counter,
            "Events that could not be written.",
            Double(eventsDropped)
        )
        page.add(
            "loopdesk_resident_bytes",
            .gauge,
            "Memory of the supervisor.",
            Double(residentBytes)
        )
    }

    private func byAgent(_ values: [AgentName: Int]) -> [MetricsPage.Sample] {
        values.map { (labels: [("agent", $0.key.description)], value: Double($0.value)) }
    }
}
