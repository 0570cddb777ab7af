// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Expressions
import Quant
import Testing
import Trading

@testable import Agents

@Suite("Risk monitor")
struct RiskMonitorTests {
    /// A gateway whose only lot is worth so much of what it cost, half the capital.
    static func gateway(price: String) throws -> PaperGateway {
        let gateway = try PaperGateway(at: try Sample.close("2024-03-06"))
        _ = try Executor(gateway: gateway.client).turn(
            try Sample.input(
                gateway.stamp.time,
                [ExecutorTests.verdict(changing: ["size": 0.5, "close": 100.0, "hold": 100])]
            )
        )
        try gateway.settle(try Sample.close("2024-03-07"), ["AAA": "100"])
        try gateway.settle(try Sample.close("2024-03-08"), ["AAA": price])
        return gateway
    }

    static func turn(
        _ gateway: PaperGateway,
        turn: Int = 1,
        state: StateFile = StateFile(),
        skill: Skill? = nil,
        reportEvery: Int = 21
    ) throws -> TurnOutput {
        let monitor = RiskMonitor(gateway: gateway.client, reportEvery: reportEvery)
        let output = try monitor.turn(
            try Sample.input(
                gateway.stamp.time,
                state: state,
                turn: turn,
                skill: try skill ?? Sample.skill("agents/risk")
            )
        )
        try output.requireWellFormed()
        return output
    }

    @Test("a report tells what is held by sector and through events")
    func exposures() throws {
        let gateway = try Self.gateway(price: "90")
        let account = try GatewayClientAccount.read(gateway)
        func day(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }
        let market = RiskMarket(
            sectors: ["AAA": "metal", "BBB": "metal"],
            common: EventCalendar([.init(date: try day("2024-03-20"), label: "fomc")]),
            own: EventCalendar([
                .init(date: try day("2024-03-11"), label: "AAA"),
                .init(date: try day("2024-03-09"), label: "BBB"),
            ])
        )

        let body = RiskReport(account, market, on: try day("2024-03-08")).body([])
        let late = RiskReport(account, market, on: try day("2024-03-11")).body([])

        // 5000 units at 90 of an equity of 950000.
        let fraction = JSON.number(450_000.0 / 950_000.0)
        #expect(
            body["sectors"] == [["sector": "metal", "worth": "450000", "fraction": fraction]]
        )
        #expect(
            body["events"] == [
                ["symbol": "AAA", "date": "2024-03-11", "worth": "450000", "fraction": fraction]
            ]
        )
        #expect(late["events"] == [])
    }

    @Test(
        "rules for an account may read what is held of the largest sector and through events",
        arguments: [
            ("sector_exposure <= 0.48", true), ("sector_exposure <= 0.47", false),
            ("event_exposure <= 0.48", true), ("event_exposure <= 0.47", false),
        ]
    )
    func exposureRules(predicate: String, holds: Bool) throws {
        let gateway = try Self.gateway(price: "90")
        let market = RiskMarket(
            common: EventCalendar([
                .init(date: try #require(CalendarDate("2024-03-11")), label: "fomc")
            ])
        )
        let report = RiskReport(
            try GatewayClientAccount.read(gateway),
            market,
            on: try #require(CalendarDate("2024-03-08"))
        )

        let rule = Rule(
            subject: .account,
            line: 1,
            text: "x",
            predicate: try Expression(parsing: predicate)
        )

        #expect(rule.judge(report.bindings).holds == holds)
    }

    /// Reads the account as an agent does.
    private enum GatewayClientAccount {
        static func read(_ gateway: PaperGateway) throws -> AccountReport {
            var client = gateway.client
            return try client.account()
        }
    }

    static let controls = ["halt", "account/closeAll"]

    @Test("a drawdown of exactly five per cent is borne")
    func borne() throws {
        let gateway = try Self.gateway(price: "90")

        let output = try Self.turn(gateway)

        let body = try #require(output.bodies(.risk).first)
        #expect(output.bodies(.halt).isEmpty)
        #expect(body["drawdown"]?.doubleValue == 0.05)
        #expect(body["equity"]?.stringValue == "950000")
        #expect(body["positions"]?.arrayValue?.count == 1)
        #expect(output.state["worst_drawdown"]?.doubleValue == 0.05)
        #expect(output.summary == "equity 950000, drawdown 5.00 %, 1 lots")
        #expect(!gateway.asked.contains("halt"))
    }

    @Test("beyond five per cent everything is closed, the gateway halted, and it is written down")
    func halts() throws {
        let gateway = try Self.gateway(price: "89.99")

        let output = try Self.turn(gateway)
        try gateway.settle(try Sample.close("2024-03-11"), ["AAA": "89"])

        let body = try #require(output.bodies(.halt).first)
        #expect(gateway.asked.suffix(2) == Self.controls[...])
        #expect(body["closed_lots"]?.intValue == 1)
        #expect(body["reason"]?.stringValue?.contains("drawdown is 0.05005") == true)
        #expect(output.state.prose.contains("2024-03-08T21:00:00Z: closed 1 lots and halted"))
        #expect(output.summary.hasPrefix("HALT: "))
        #expect(gateway.exchange.book.account.lots.isEmpty)
    }

    @Test("it halts once, and the prose is kept")
    func once() throws {
        let gateway = try Self.gateway(price: "80")

        let first = try Self.turn(gateway)
        try gateway.settle(try Sample.close("2024-03-11"), [:])
        let second = try Self.turn(gateway, turn: 2, state: first.state)
        try gateway.settle(try Sample.close("2024-03-12"), ["AAA": "80"])
        let third = try Self.turn(gateway, turn: 3, state: second.state)

        #expect(gateway.halts.count == 1)
        #expect(first.bodies(.halt).count == 1)
        #expect(second.bodies(.halt).isEmpty && third.bodies(.halt).isEmpty)
        #expect(third.state.prose == first.state.prose)
        #expect(second.bodies(.risk).first?["state"]?.stringValue == "halted")
        #expect(third.summary.hasSuffix(", halted"))
    }

    @Test("a desk that a person resumed halts again while the rule is broken")
    func resumed() throws {
        let gateway = try Self.gateway(price: "80")
        let first = try Self.turn(gateway)
        try gateway.settle(try Sample.close("2024-03-11"), ["AAA": "80"])
        gateway.exchange.record(
            Control(.resume, reason: "a person", at: Stamp(time: gateway.stamp.time, round: 0))
        )

        let second = try Self.turn(gateway, turn: 2, state: first.state)

        #expect(second.bodies(.halt).count == 1)
        #expect(gateway.halts.count == 2)
    }

    @Test(
        "a desk that a person held back is closed all the same",
        arguments: [Control.Kind.halt, .reduce]
    )
    func heldBack(kind: Control.Kind) throws {
        let gateway = try Self.gateway(price: "80")
        gateway.exchange.record(
            Control(kind, reason: "a person", at: Stamp(time: gateway.stamp.time, round: 0))
        )

        let output = try Self.turn(gateway)

        #expect(output.bodies(.halt).count == 1)
        #expect(gateway.asked.suffix(2) == Self.controls[...])
    }

    @Test(
        "a rule that cannot be evaluated counts as broken",
        arguments: ["lots / 0 == 1", "[equity][1] > 0.0", "double('a') < equity"]
    )
    func unusable(rule: String) throws {
        let gateway = try Self.gateway(price: "100")

        let output = try Self.turn(gateway, skill: try Sample.skill("an account", rules: [rule]))

        #expect(output.bodies(.halt).count == 1)
        #expect(gateway.halts.count == 1)
    }

    @Test("every name that a rule for an account may read has a value")
    func vocabulary() throws {
        let gateway = try Self.gateway(price: "100")
        let rules = RuleVocabulary.paths(for: .account).map { "\($0) == \($0)" }

        let output = try Self.turn(gateway, skill: try Sample.skill("an account", rules: rules))

        #expect(output.bodies(.halt).isEmpty)
        #expect(output.bodies(.risk).first?["rules"]?.arrayValue?.count == rules.count)
    }

    @Test("reasons too long for the gateway are cut there and kept whole here")
    func longReason() throws {
        let gateway = try Self.gateway(price: "100")
        let words = String(repeating: "größer als gedacht ", count: 20)
        let text = "\(Sample.plainSkill)\n## Rules for an account\n\n- \(words) `lots > 1`\n"
        let rules = text + "- \(words) `lots > 2`\n"
        let skill = try Skill(parsing: rules, file: "agents/plain/SKILL.md")

        let output = try Self.turn(gateway, skill: skill)

        let reason = try #require(output.bodies(.halt).first?["reason"]?.stringValue)
        let told = try #require(gateway.halts.first)
        #expect(reason.utf8.count > Control.longestReason)
        #expect(told.utf8.count <= Control.longestReason)
        #expect(told.utf8.count > Control.longestReason - 4)
        #expect(reason.hasPrefix(told))
    }

    @Test(
        "it reports every so many turns while nothing changes",
        arguments: [(1, [1, 2, 3, 4, 5, 6, 7]), (3, [1, 4, 7]), (100, [1])]
    )
    func reports(every: Int, turns: [Int]) throws {
        let gateway = try Self.gateway(price: "100")
        var state = StateFile()
        var said: [Int] = []

        for turn in 1...7 {
            let output = try Self.turn(gateway, turn: turn, state: state, reportEvery: every)
            state = output.state
            if !output.bodies(.risk).isEmpty { said.append(turn) }
        }

        #expect(said == turns)
    }

    @Test("equal accounts give equal bytes")
    func deterministic() throws {
        let first = try Self.turn(try Self.gateway(price: "80"))
        let second = try Self.turn(try Self.gateway(price: "80"))

        #expect(first.bytes == second.bytes)
    }
}
