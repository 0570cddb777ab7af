// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("The form of each topic")
struct SignalSchemaTests {
    static let hash = JSON.string(String(repeating: "a", count: 64))
    /// The gate's tests, of which the last came to something.
    static func gate(_ outcome: String, passed: Bool = true, dropping dropped: Int = 0) -> JSON {
        let names = GateTests.names.dropLast(dropped)
        return [
            "passed": .bool(passed),
            "tests": .array(
                names.map { name in
                    [
                        "name": .string(name),
                        "outcome": name == names.last ? .string(outcome) : "held",
                    ]
                }
            ),
        ]
    }

    static let good: [Topic: JSON] = [
        .bars: [
            "time": "2000-03-01T21:00:00Z", "refused": [],
            "bars": [
                ["symbol": "A", "open": 1, "high": 2, "low": 1, "close": .double(1.5), "volume": 0]
            ],
        ],
        .proposal: ["family": "trend", "strategy_hash": hash, "strategy": [:]],
        .intent: ["strategy_hash": hash, "symbol": "A", "action": "enter"],
        .report: ["proposal": "p", "strategy_hash": hash, "strategy": [:], "metrics": [:]],
        .verdict: [
            "kind": "report", "subject": "r", "passed": true, "rules": [["holds": true]],
            "gate": gate("held"),
        ],
        .trials: ["records": [["trial": hash]]],
        .order: ["order": "o", "intent": "i", "symbol": "A", "state": "new"],
        .fill: ["order": "o", "state": "filled"],
        .trade: ["entry": "e", "symbol": "A", "pnl": "-1.5", "reason": "stop"],
        .risk: ["equity": "100", "drawdown": .double(0.1)],
        .halt: ["equity": "100", "drawdown": 0, "reason": "limit"],
        .lesson: [
            "slug": "no-fomc", "date": "2000-03-01", "subject": "intent", "text": "Stay out.",
            "predicate": "!calendar.is_fomc", "trade": "trade-1",
        ],
    ]

    @Test("a good body of each topic is taken, further members too", arguments: Topic.allCases)
    func valid(topic: Topic) throws {
        let body = try #require(Self.good[topic])
        let members = try #require(body.objectValue)

        #expect(throws: Never.self) { try SignalSchema.check(topic, body, file: "f") }
        #expect(throws: Never.self) {
            try SignalSchema.check(topic, .object(members + [.init("more", 1)]), file: "f")
        }
    }

    @Test(
        "each member that is asked for is missed, and none may be of another kind",
        arguments: Topic.allCases
    )
    func members(topic: Topic) throws {
        let members = try #require(Self.good[topic]?.objectValue)

        for member in members {
            let rest = members.filter { $0.name != member.name }
            let missing = #expect(throws: DeskError.self) {
                try SignalSchema.check(topic, .object(rest), file: "f")
            }
            #expect(missing?.description == "f: \(topic.rawValue): '\(member.name)' is missing")
            #expect(missing?.code == .signal)
            let wrong = #expect(throws: DeskError.self) {
                let faulty = rest + [.init(member.name, ["wrong": .null])]
                // An object is right for a strategy and for metrics; there, a truth value is wrong.
                let body = JSON.object(
                    member.value == [:] ? rest + [.init(member.name, true)] : faulty
                )
                try SignalSchema.check(topic, body, file: "f")
            }
            #expect(wrong?.description.contains(member.name) == true)
        }
    }

    private static func changing(_ topic: Topic, _ name: String, _ value: JSON) -> JSON {
        .object((good[topic]?.objectValue ?? []).map { $0.name == name ? .init(name, value) : $0 })
    }

    @Test(
        "a value that means nothing is refused by name",
        arguments: [
            (.bars, changing(.bars, "time", "yesterday"), "bars.time: expected a time"),
            (.bars, changing(.bars, "bars", [1]), "bars.bars[0]: expected an object"),
            (.bars, changing(.bars, "bars", [["symbol": "A"]]), "bars.bars[0]: 'open' is missing"),
            (
                .bars,
                changing(
                    .bars,
                    "bars",
                    [
                        [
                            "symbol": "A", "open": 1, "high": 2, "low": 1, "close": 1,
                            "volume": 0, "settlement": .null, "limit_up": "2",
                        ]
                    ]
                ), "bars.bars[0].limit_up: expected a number"
            ),
            (
                .proposal, changing(.proposal, "strategy_hash", "abc"),
                "proposal.strategy_hash: expected a SHA-256"
            ),
            (
                .intent, changing(.intent, "action", "hold"),
                "found 'hold'; allowed are enter and exit"
            ),
            (
                .verdict, changing(.verdict, "kind", "trade"),
                "found 'trade'; allowed are report and intent"
            ),
            (.verdict, changing(.verdict, "rules", []), "a verdict passes exactly when"),
            (
                .verdict, changing(.verdict, "rules", [["holds": false]]),
                "a verdict passes exactly when"
            ),
            (.verdict, changing(.verdict, "passed", false), "a verdict passes exactly when"),
            (
                .verdict, changing(.verdict, "rules", [["holds": "yes"]]),
                "verdict.rules[0].holds: expected true or false"
            ),
            (.verdict, changing(.verdict, "rules", [true]), "verdict.rules[0]: expected an object"),
            (
                .verdict, changing(.verdict, "gate", gate("failed")),
                "'sealed_newey_west_t' is 'failed', not held"
            ),
            (
                .verdict, changing(.verdict, "gate", gate("not_run")),
                "'sealed_newey_west_t' is 'not_run', not held"
            ),
            (
                .verdict, changing(.verdict, "gate", gate("held", dropping: 1)),
                "'sealed_newey_west_t' is missing"
            ),
            (
                .verdict, changing(.verdict, "gate", gate("held", passed: false)),
                "and every test of the gate"
            ),
            (.trials, changing(.trials, "records", [["trial": "x"]]), "trials.records[0].trial"),
            (
                .trade, changing(.trade, "pnl", .double(1.5)),
                "trade.pnl: expected a decimal in quotes"
            ),
            (.risk, changing(.risk, "equity", "1e6"), "risk.equity: expected a decimal in quotes"),
            (.risk, [1], "risk: expected an object, found a list"),
            (.lesson, changing(.lesson, "slug", "-a"), "lesson.slug: found '-a'"),
            (.lesson, changing(.lesson, "date", "2000-02-30"), "lesson.date: expected a date"),
            (
                .lesson, changing(.lesson, "subject", "trade"),
                "lesson.subject: expected report, intent or account"
            ),
        ] as [(Topic, JSON, String)]
    )
    func invalid(topic: Topic, body: JSON, message: String) {
        let error = #expect(throws: DeskError.self) {
            try SignalSchema.check(topic, body, file: "f")
        }

        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test("a report that failed needs no gate, and an intent has none")
    func withoutGate() {
        let failed: JSON = ["kind": "report", "subject": "r", "passed": false, "rules": []]
        let intent: JSON = [
            "kind": "intent", "subject": "i", "passed": true, "rules": [["holds": true]],
        ]

        #expect(throws: Never.self) { try SignalSchema.check(.verdict, failed, file: "f") }
        #expect(throws: Never.self) { try SignalSchema.check(.verdict, intent, file: "f") }
    }

    @Test("a verdict without rules may only fail")
    func withoutRules() {
        let body: JSON = ["kind": "intent", "subject": "i", "passed": false, "rules": []]

        #expect(throws: Never.self) { try SignalSchema.check(.verdict, body, file: "f") }
    }
}
