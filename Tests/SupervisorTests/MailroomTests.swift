// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Testing

@testable import Supervisor

@Suite("The mailroom")
struct MailroomTests {
    private let agents: [AgentConfiguration]
    private let commits: [ObjectID]

    init() throws {
        let configuration = try DeskConfiguration(
            parsing: """
                version: 1
                name: mail
                replay: {from: 2000-03-01, through: 2000-03-02}
                market: {feed: {kind: sim}, symbols: [MSFT], session_close: "21:00"}
                account: {capital: 1}
                agents:
                  zeta: {role: researcher, on: [bars, verdict]}
                  ingestor: {role: ingestor, every: bar}
                  alpha: {role: researcher, on: [bars]}
                  tester: {role: backtester, on: [proposal]}
                """
        )
        agents = configuration.agents
        commits = try (1...4).map { number in
            try #require(ObjectID(hex: String(repeating: "\(number)", count: 40)))
        }
    }

    private func name(_ text: String) throws -> AgentName { try #require(AgentName(text)) }

    private func agent(_ text: String) throws -> AgentConfiguration {
        try #require(agents.first { $0.name.description == text })
    }

    private func signal(_ topic: Topic, _ id: String) -> Signal {
        Signal(id: id, topic: topic, body: [:])
    }

    @Test("mail reaches every subscriber once, in the order in which it was posted")
    func delivery() throws {
        var mailroom = Mailroom(agents: agents)
        mailroom.post(
            [signal(.bars, "b1"), signal(.bars, "b2")],
            from: try name("ingestor"),
            commit: commits[0]
        )
        mailroom.post([signal(.bars, "b3")], from: try name("ingestor"), commit: commits[1])

        #expect(mailroom.addressees.map(\.description) == ["alpha", "zeta"])
        #expect(mailroom.collect(for: try name("zeta")).map(\.id) == ["b1", "b2", "b3"])
        #expect(mailroom.collect(for: try name("zeta")).isEmpty)
        #expect(mailroom.addressees.map(\.description) == ["alpha"])
        #expect(mailroom.collect(for: try name("tester")).isEmpty)
    }

    @Test("nobody gets what he said himself, nor what he did not ask for")
    func notOwn() throws {
        var mailroom = Mailroom(agents: agents)

        mailroom.post(
            [signal(.proposal, "p"), signal(.verdict, "v"), signal(.lesson, "l")],
            from: try name("zeta"),
            commit: commits[0]
        )

        #expect(mailroom.addressees.map(\.description) == ["tester"])
        #expect(mailroom.collect(for: try name("tester")).map(\.id) == ["p"])
    }

    @Test("a frontier names the newest turn of everybody who can write to the reader, sorted")
    func frontiers() throws {
        var mailroom = Mailroom(agents: agents)
        #expect(mailroom.frontiers(of: try agent("tester")).isEmpty)

        mailroom.setHead(of: try name("zeta"), to: commits[0])
        mailroom.post([], from: try name("alpha"), commit: commits[1])
        mailroom.post([], from: try name("ingestor"), commit: commits[2])
        mailroom.post([], from: try name("alpha"), commit: commits[3])

        #expect(
            mailroom.frontiers(of: try agent("tester")) == [
                .init(branch: "agents/alpha", commit: commits[3].description),
                .init(branch: "agents/zeta", commit: commits[0].description),
            ]
        )
        #expect(
            mailroom.frontiers(of: try agent("zeta")) == [
                .init(branch: "agents/ingestor", commit: commits[2].description)
            ]
        )
    }
}

@Suite("The name of a file in an outbox")
struct OutboxNameTests {
    @Test(
        "a number, a topic and an ending are read",
        arguments: [
            ("1-bars.json", 1, Topic?.some(.bars)), ("0042-intent.json", 42, .intent),
            ("9999-note.md", 9999, nil), ("0-halt.json", 0, .halt),
        ]
    )
    func read(text: String, number: Int, topic: Topic?) throws {
        let name = try OutboxName(text)

        #expect(name.number == number)
        #expect(name.topic == topic)
    }

    @Test(
        "everything else is refused, with the rule",
        arguments: [
            "", "-", "bars.json", "-bars.json", "--1-bars.json", "1-", "1-.json", "1-rumour.json",
            "1-bars.yml", "1-note.txt", "1-bars.json.gz", "10000-bars.json", "x-bars.json",
            "+1-bars.json", "1 -bars.json", "\u{661}-bars.json", "1-Bars.json", "1-bars.JSON",
            ".hidden", "1--bars.json",
        ]
    )
    func refused(text: String) throws {
        let refusal = #expect(throws: TurnFolder.Refusal.self) { try OutboxName(text) }

        #expect(
            refusal?.description == "the outbox holds '\(text)'; allowed are <number>-<topic>.json"
                + " and <number>-note.md"
        )
    }

    @Test("files are taken by number, then by name")
    func order() throws {
        let names = try ["10-bars.json", "2-note.md", "2-bars.json", "01-note.md"]
            .map { try OutboxName($0) }

        #expect(
            names.sorted().map(\.name) == [
                "01-note.md", "2-bars.json", "2-note.md", "10-bars.json",
            ]
        )
    }
}
