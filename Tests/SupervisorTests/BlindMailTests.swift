// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import Basics
import Desk
import Git
import TestSupport
import Testing

@testable import Supervisor

@Suite("What a verifier is delivered", .scratchFolder)
struct BlindMailTests {
    private func office() async throws -> (mail: BlindMail, verifier: AgentConfiguration) {
        let bench = try await Bench.make("a", BlindnessTests.setting)
        let desk = try bench.open()
        let mail = BlindMail(desk, strategies: TypedStrategies(desk.configuration))
        return (mail, try #require(desk.configuration.agents.first { $0.role == .verifier }))
    }

    /// A proposal as a maker might write it, and the hash by which it calls it.
    private static func strategy(_ words: [String], _ level: Int = 20) throws -> (JSON, String) {
        let (name, parameter, feature) = (words[0], "a\(words[1])", "b\(words[2])")
        let strategy: JSON = [
            "exit": .string("close<\(feature)//\(words[0])"), "schema": 1, "name": .string(name),
            "family": "trend", "universe": ["MSFT"], "side": "long", "size": .double(0.02),
            "parameters": .object([
                .init(parameter, .double(Double(level))), .init("unused\(words[1])", 3),
            ]),
            "features": .object([
                .init(feature, .string("sma( close , \(parameter) )")),
                .init("idle\(words[2])", "close"),
            ]),
            "enter": .string("close  >  \(feature)"),
        ]
        let reading = TypedStrategies(try configuration()).read(strategy)
        guard case .typed(let typed) = reading else { return (strategy, "") }
        return (strategy, typed.original.description)
    }

    private static func configuration() throws -> DeskConfiguration {
        try DeskConfiguration(
            parsing: """
                version: 1
                name: test
                replay: {from: 2000-03-01, through: 2000-03-08}
                market: {feed: {kind: sim, seed: 1}, symbols: [MSFT]}
                account: {capital: 1000000}
                agents:
                  ingestor: {role: ingestor, every: bar}
                """,
            zones: .none
        )
    }

    private static func delivered(_ delivery: BlindDelivery?) -> ContentHash {
        ContentHash(of: (delivery?.items ?? []).flatMap { $0.delivery.compactBytes })
    }

    @Test("a thousand reasonings for one proposal give one hash of the verifier's input")
    func thousandReasonings() async throws {
        let (mail, verifier) = try await office()
        var random = SeededRandom(seed: 11)
        var hashes: Set<ContentHash> = []
        var ids: Set<String> = []

        for number in 0..<1000 {
            let words = (0..<3).map { _ in "w\(random.next())" }
            let (strategy, hash) = try Self.strategy(words)
            let report = Signal(
                id: "report-\(ContentHash(of: "\(words) \(number)").short)",
                topic: .report,
                body: [
                    "why": .string(words[2]), "strategy": strategy, "proposal": .string(words[1]),
                    "strategy_hash": .string(hash), "metrics": ["sharpe": .int(Int64(number))],
                ]
            )
            ids.insert(report.id)
            let delivery = mail.delivery(
                for: verifier,
                turn: 7,
                at: .init(time: Bench.days[0], round: 4),
                [report],
                data: nil,
                skills: []
            )
            hashes.insert(Self.delivered(delivery))
        }

        #expect(ids.count == 1000)
        #expect(hashes.count == 1)
    }

    @Test("the order in which things are said, and who said them, changes nothing")
    func order() async throws {
        let (mail, verifier) = try await office()
        let said: [(Topic, JSON)] = [
            (.trade, ["symbol": "MSFT", "pnl": "1.50", "reason": "because", "intent": "intent-x"]),
            (.intent, ["symbol": "MSFT", "action": "exit", "strategy_hash": "none"]),
            (.intent, ["symbol": "MSFT", "action": "enter", "strategy_hash": "none"]),
        ]
        func deliver(_ order: [Int], _ mark: String) -> ContentHash {
            let inbox = order.map {
                Signal(id: "\(mark)-\($0)", topic: said[$0].0, body: said[$0].1)
            }
            let place = Trial.Place(time: Bench.days[0], round: 4)
            return Self.delivered(
                mail.delivery(
                    for: verifier,
                    turn: 7,
                    at: place,
                    inbox,
                    data: nil,
                    skills: []
                )
            )
        }

        let first = deliver([0, 1, 2], "a")

        #expect(deliver([2, 0, 1], "b") == first)
        #expect(deliver([0, 1], "a") != first)
    }

    @Test("what is typed differs when the rules do")
    func typed() async throws {
        let (mail, verifier) = try await office()
        func deliver(_ level: Int) throws -> BlindDelivery? {
            let (strategy, hash) = try Self.strategy(["x", "y", "z"], level)
            let body: JSON = ["strategy": strategy, "strategy_hash": .string(hash)]
            return mail.delivery(
                for: verifier,
                turn: 7,
                at: .outside,
                [Signal(id: "report-1", topic: .report, body: body)],
                data: nil,
                skills: []
            )
        }

        #expect(try Self.delivered(deliver(20)) != Self.delivered(deliver(21)))
        let body = try #require(try deliver(20)?.items.last?.body)
        #expect(body["strategy"]?["parameters"] == ["p1": 20])
        #expect(body["strategy"]?["features"] == ["f1": "sma(close, p1)"])
        #expect(body["strategy"]?["enter"] == "close > f1")
    }

    @Test(
        "what cannot be said in typed fields is a fault, and none of it is delivered",
        arguments: [
            (["enter": "close > 1.0 || 'secret' == 'a'"], "free_text"),
            (["universe": ["SECRET"]], "unknown_symbol"), (["enter": "secret >"], "malformed"),
            (["size": 7], "malformed"), (["strategy_hash": "secret"], "other_hash"),
        ] as [(JSON, String)]
    )
    func faults(change: JSON, fault: String) async throws {
        let (mail, verifier) = try await office()
        let (strategy, hash) = try Self.strategy(["x", "y", "z"])
        let members = (strategy.objectValue ?? []).map {
            JSON.Member($0.name, change[$0.name] ?? $0.value)
        }
        let body: JSON = [
            "strategy": .object(members), "strategy_hash": change["strategy_hash"] ?? .string(hash),
        ]

        let delivery = mail.delivery(
            for: verifier,
            turn: 7,
            at: .outside,
            [Signal(id: "report-1", topic: .report, body: body)],
            data: nil,
            skills: []
        )

        #expect(delivery?.items.last?.body == ["fault": .string(fault)])
    }

    @Test("every topic is told by numbers, times, symbols and listed words alone")
    func topics() async throws {
        let (mail, verifier) = try await office()
        let secret: JSON = "secret"
        let names = [
            "time", "symbol", "side", "quantity", "price", "state", "reason", "kind", "passed",
            "subject", "order", "intent", "entry", "pnl", "equity", "drawdown", "strategy_hash",
            "rules", "bars", "refused", "records", "action", "family", "secret",
        ]
        let body = JSON.object(names.map { .init($0, secret) })

        for topic in Topic.allCases {
            let delivery = mail.delivery(
                for: verifier,
                turn: 7,
                at: .outside,
                [Signal(id: "secret", topic: topic, body: body)],
                data: nil,
                skills: []
            )
            let text = (delivery?.items ?? []).map(\.delivery.compactText).joined()
            #expect(!text.contains("secret"), "\(topic): \(text)")
            #expect(text.contains(topic.rawValue))
        }
    }

    @Test("a verifier knows an entry that it let pass itself by its own item, and no other intent")
    func ownEntries() async throws {
        let (mail, verifier) = try await office()
        let other = try #require(AgentName("other"))
        func say(_ mark: String, _ action: String, _ passed: Bool, by agent: AgentName) throws {
            let verdict = Signal(
                id: "verdict-\(mark)",
                topic: .verdict,
                body: [
                    "kind": "intent", "subject": .string("intent-\(mark)"),
                    "item": .string("intent-7-\(mark)"), "action": .string(action),
                    "passed": .bool(passed), "rules": [],
                ]
            )
            let plan = TurnPlan(
                agent: verifier,
                turn: 7,
                time: Bench.days[0],
                round: 2,
                triggers: [],
                inbox: [],
                frontiers: [],
                data: nil,
                newSkills: []
            )
            try mail.note(
                FinishedTurn(
                    agent: agent,
                    commit: ObjectID(hashing: [], kind: .commit),
                    record: plan.record(TurnStory("judged"), skills: [], TurnTape()),
                    signals: [verdict]
                )
            )
        }
        try say("aa", "enter", true, by: verifier.name)
        try say("bb", "enter", false, by: verifier.name)
        try say("cc", "exit", true, by: verifier.name)
        try say("dd", "enter", true, by: other)

        let fills = ["aa", "bb", "cc", "dd"].map {
            Signal(id: "fill-\($0)", topic: .fill, body: ["order": .string("o-\($0)")])
        }
        let delivery = mail.delivery(
            for: verifier,
            turn: 8,
            at: .outside,
            fills,
            data: nil,
            skills: []
        )

        let known = (delivery?.items ?? []).compactMap { $0.body["intent"]?.stringValue }
        #expect(delivery?.items.count == 4)
        #expect(known == ["intent-7-aa"])
    }

    @Test("an agent that is no verifier reads what others wrote")
    func others() async throws {
        let (mail, _) = try await office()
        let desk = try await Bench.make("b", BlindnessTests.setting).open()
        for agent in desk.configuration.agents where agent.role != .verifier {
            let delivery = mail.delivery(
                for: agent,
                turn: 1,
                at: .outside,
                [],
                data: nil,
                skills: []
            )
            #expect(delivery == nil, "\(agent.name)")
        }
    }

    @Test(
        "how sure a maker says to be is in the verdict for the executor, and told no verifier",
        arguments: [(0.65, 0.65), (1.0, 1.0), (1.5, nil), (nil, nil)] as [(Double?, Double?)]
    )
    func confidence(said: Double?, told: Double?) async throws {
        let (mail, verifier) = try await office()
        let decision: JSON = said.map { ["confidence": .double($0)] } ?? .null
        let intent = Signal(
            id: "intent-000000000001",
            topic: .intent,
            body: ["symbol": "MSFT", "action": "enter", "decision": decision]
        )

        let delivery = try #require(
            mail.delivery(for: verifier, turn: 7, at: .outside, [intent], data: nil, skills: [])
        )
        let item = try #require(delivery.items.first)
        let verdict: JSON = ["kind": "intent", "subject": .string(item.id), "passed": true]
        let bytes = Signal.draft(.verdict, verdict).prettyBytes
        let resolved = try delivery.resolve(
            TurnFolder.Harvest(signals: [(topic: .verdict, bytes: bytes)], state: [])
        )

        #expect(!item.delivery.compactText.contains("confidence"))
        let body = try Signal(
            committed: try #require(resolved.signals.first?.bytes),
            path: "verdict"
        ).body
        #expect(body["confidence"]?.doubleValue == told)
    }
}
