// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("Triggers, supervision and logs in orchestrator.yml")
struct TriggerConfigurationTests {
    /// The default desk with lines for the backtester in place of its `on:`, and lines at the top.
    private func desk(_ agent: String, top: String = "") throws -> DeskConfiguration {
        let text = DefaultDesk.replacing("    on: [proposal]", with: agent)
        return try DeskConfiguration(parsing: "\(top)\n\(text)", zones: TestZones.database)
    }

    private func triggers(_ agent: String, top: String = "") throws -> TriggerConfiguration {
        let name = try #require(AgentName("backtester"))
        return try #require(try desk(agent, top: top).agent(name)).triggers
    }

    @Test("every, cron, on, webhook and missed are read together")
    func all() throws {
        let triggers = try triggers(
            """
                every: 90s
                cron: ["30 9 * * mon-fri", "CRON_TZ=Asia/Kolkata @daily"]
                on: proposal
                webhook: {secret_file: hook.key, style: github}
                missed: skip
            """,
            top: "time_zone: America/New_York\nendpoint: {listen: 0.0.0.0:8787}"
        )

        #expect(
            triggers.schedules.map(\.description)
                == [
                    "every 90s", "cron 30 9 * * mon-fri in America/New_York",
                    "cron @daily in Asia/Kolkata",
                ]
        )
        #expect(triggers.topics == [.proposal] && triggers.missed == .skip)
        #expect(triggers.webhook?.secretFile == "hook.key" && triggers.webhook?.style == .github)
        #expect(!triggers.runsEveryBar && triggers.goal == nil)
    }

    @Test("what is not said has its default")
    func defaults() throws {
        let desk = try desk("    cron: '@hourly'")
        let triggers = try triggers("    cron: '@hourly'")

        #expect(triggers.schedules.map(\.description) == ["cron @hourly in UTC"])
        #expect(triggers.missed == .once && triggers.webhook == nil && triggers.topics.isEmpty)
        #expect(desk.timeZone == .utc && desk.endpoint == nil)
        #expect(desk.logs.rotate.description == "10MB" && desk.logs.keep == 5)
        #expect(desk.supervision.heartbeat?.description == "5s" && desk.supervision.restarts == 5)
        #expect(desk.supervision.window.description == "1m")
        #expect(desk.supervision.stableAfter.description == "1m")
        #expect(desk.supervision.groups.isEmpty)
    }

    @Test("an agent with a cron expression alone runs at no bar of its own in a replay")
    func replay() throws {
        let name = try #require(AgentName("backtester"))

        #expect(try desk("    cron: '@hourly'").agent(name)?.runsEveryBar == false)
        #expect(try desk("    every: 2h").agent(name)?.runsEveryBar == true)
        #expect(try triggers("    every: 2h").runsEveryBar == false)
        #expect(try triggers("    every: bar").runsEveryBar)
    }

    @Test(
        "an address is a numeric one with a port, or a port of this computer",
        arguments: [
            ("127.0.0.1:8787", "127.0.0.1:8787", true), ("8787", "127.0.0.1:8787", true),
            ("localhost:1", "127.0.0.1:1", true), ("'[::1]:80'", "[::1]:80", true),
            ("0.0.0.0:8787", "0.0.0.0:8787", false), ("'[::]:80'", "[::]:80", false),
        ] as [(String, String, Bool)]
    )
    func address(text: String, shown: String, isLoopback: Bool) throws {
        let desk = try desk("    every: bar", top: "endpoint: {listen: \(text)}")

        #expect(desk.endpoint?.description == shown && desk.endpoint?.isLoopback == isLoopback)
    }

    @Test("supervision and logs are read")
    func supervision() throws {
        let text = DefaultDesk.replacing(
            "  attempts: 3",
            with: """
                  attempts: 3
                  heartbeat: off
                  restarts: 0
                  window: 2h
                  stable_after: 1d
                  groups:
                    money: {agents: [executor, risk], strategy: rest_for_one}
                    rest: {agents: ingestor}
                """
        )

        let desk = try DeskConfiguration(parsing: "logs: {rotate: 64MiB, keep: 0}\n" + text)

        #expect(desk.supervision.heartbeat == nil && desk.supervision.restarts == 0)
        #expect(desk.supervision.window.description == "2h")
        #expect(desk.supervision.stableAfter.description == "1d")
        let groups = desk.supervision.groups
        #expect(groups.map(\.name) == ["money", "rest"])
        #expect(groups.map(\.strategy) == [.restForOne, .oneForOne])
        #expect(groups[0].agents.map(\.description) == ["executor", "risk"])
        #expect(desk.logs.rotate.bytes == 67_108_864 && desk.logs.keep == 0)
    }

    static let faults = [
        ("every: 5", "", "agents.backtester.every: found '5'; expected 'bar' or a time such as 1m"),
        ("cron: 0 0 L * *", "", "agents.backtester.cron: day of month 'L': 'L' (the last day)"),
        ("cron: 0 0 31 2 *", "", "'0 0 31 2 *' never fires: none of its months has such a day"),
        ("cron: []", "", "agents.backtester.cron: empty"),
        ("cron: {a: 1}", "", "agents.backtester.cron: found a mapping; expected a text such as"),
        ("cron: ['@daily', '@daily']", "", "agents.backtester.cron: found '@daily' twice"),
        ("cron: CRON_TZ=Mars @daily", "", "agents.backtester.cron: CRON_TZ 'Mars': no such time"),
        ("cron: CRON_TZ=Asia/Kolkata", "", "found 0 fields; expected five"),
        ("missed: twice", "", "agents.backtester.missed: found 'twice'; expected once or skip"),
        ("webhook: yes", "", "agents.backtester.webhook: found 'yes'; expected true, or"),
        ("webhook: {style: github}", "", "agents.backtester.webhook.secret_file: missing"),
        ("webhook: {secret_file: k, style: x}", "", "webhook.style: found 'x'; expected standard"),
        ("webhook: {secret: k}", "", "webhook.secret: unknown key; allowed are secret_file, style"),
        ("webhook: true", "", "agents.backtester.webhook: nobody can call it; give 'endpoint:'"),
        (
            "webhook: true", "endpoint: {listen: 0.0.0.0:80}",
            "agents.backtester.webhook: expected secret_file, because other computers can reach"
        ),
        ("every: bar", "endpoint: {listen: example.org:80}", "endpoint.listen: found 'example.org"),
        ("every: bar", "endpoint: {listen: 127.0.0.1:65536}", "endpoint.listen: found"),
        ("every: bar", "endpoint: {listen: '[127.0.0.1]:1'}", "endpoint.listen: found"),
        ("every: bar", "endpoint: {port: 1}", "endpoint.port: unknown key; allowed are listen"),
        ("every: bar", "endpoint: on", "endpoint: found 'on'; expected a mapping"),
        ("every: bar", "time_zone: Mars", "time_zone: found 'Mars'; expected the name of a time"),
        ("every: bar", "time_zone: ../etc", "time_zone: found '../etc'"),
        ("every: bar", "logs: {rotate: 10}", "logs.rotate: found '10'; expected a size from 1kB"),
        ("every: bar", "logs: {rotate: 1.5MB}", "logs.rotate: found '1.5MB'"),
        ("every: bar", "logs: {keep: -1}", "logs.keep: found '-1'; expected a whole number"),
    ]

    @Test("each fault names the key, what was found and what is allowed", arguments: faults)
    func fault(agent: String, top: String, message: String) throws {
        let error = #expect(throws: DeskError.self) { try desk("    \(agent)", top: top) }

        let problem = try #require(error?.problems.first { $0.message.contains(message) })
        #expect(problem.line != nil, "\(problem)")
    }

    @Test(
        "a fault in a group of agents is named",
        arguments: [
            (
                "{a: {agents: [nobody]}}",
                "supervision.groups.a.agents: found 'nobody'; expected the"
            ),
            ("{a: {agents: []}}", "supervision.groups.a.agents: missing"),
            ("{a: {strategy: one_for_all}}", "supervision.groups.a.agents: missing"),
            ("{a: {agents: [risk], strategy: all}}", "strategy: found 'all'; expected one of one_"),
            (
                "{a: {agents: [risk]}, b: {agents: [risk]}}",
                "supervision.groups.b.agents: found 'risk', which is in the group 'a' already"
            ),
            ("{a: risk}", "supervision.groups.a: found 'risk'; expected a mapping with 'agents'"),
            ("{a: {agents: [risk], x: 1}}", "supervision.groups.a.x: unknown key"),
            ("5", "supervision.groups: found '5'; expected a mapping"),
        ]
    )
    func groups(text: String, message: String) {
        let changed = DefaultDesk.replacing("  attempts: 3", with: "  groups: \(text)")

        let error = #expect(throws: DeskError.self) { try DeskConfiguration(parsing: changed) }

        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test("without a database of zones, UTC is known and any other zone is a fault")
    func zones() throws {
        let text = "time_zone: America/New_York\n" + DefaultDesk.text

        #expect(throws: DeskError.self) { try DeskConfiguration(parsing: text) }
        #expect(
            try DeskConfiguration(parsing: "time_zone: UTC\n" + DefaultDesk.text).timeZone == .utc
        )
        let unchecked = try DeskConfiguration(parsing: text, zones: .unchecked)
        #expect(unchecked.timeZone.description == "America/New_York")
    }
}
