// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing
import Trading

@testable import Agents

@Suite("Executor")
struct ExecutorTests {
    static let hash = ContentHash(of: "a strategy").description

    /// A verdict on an intent, with some of its members changed.
    static func verdict(
        _ action: String = "enter",
        intent: String = "intent-0000000000a1",
        changing changes: [String: JSON] = [:]
    ) -> Signal {
        let members: [(String, JSON)] = [
            ("kind", "intent"), ("subject", .string(intent)), ("action", .string(action)),
            ("strategy_hash", .string(hash)), ("symbol", "AAA"), ("side", "long"), ("size", 0.02),
            ("close", 30.0), ("stop", .null), ("target", .null), ("hold", 5), ("passed", true),
            ("rules", []), ("good_through", "2024-03-11"),
        ]
        return Signal(
            id: "verdict-0000000000b1",
            topic: .verdict,
            body: .object(
                members.map { .init($0.0, changes[$0.0] ?? $0.1) }
                    + changes.filter { change in !members.contains { $0.0 == change.key } }
                    .map { .init($0.key, $0.value) }
            )
        )
    }

    static func gateway(shorts: Bool = false) throws -> PaperGateway {
        try PaperGateway(shorts: shorts, at: try Sample.close("2024-03-08"))
    }

    static func turn(
        _ gateway: PaperGateway,
        _ inbox: [Signal] = [],
        state: StateFile = StateFile()
    ) throws -> TurnOutput {
        let input = try Sample.input(gateway.stamp.time, inbox, state: state)
        let output = try Executor(gateway: gateway.client).turn(input)
        try output.requireWellFormed()
        return output
    }

    // MARK: - Orders

    @Test("a passed verdict becomes one order, named after its intent, rounded down")
    func entry() throws {
        let gateway = try Self.gateway()

        let output = try Self.turn(gateway, [Self.verdict()])

        let order = try #require(gateway.submitted.first)
        let body = try #require(output.bodies(.order).first)
        #expect(gateway.submitted.count == 1)
        #expect(order.id.description == "o-0000000000a1")
        #expect(order.side == .buy)
        #expect(order.quantity.description == "666")
        #expect(order.signal == "intent-0000000000a1")
        #expect(order.strategy == Self.hash)
        #expect(body["state"]?.stringValue == "accepted")
        #expect(body["order"]?.stringValue == "o-0000000000a1")
        #expect(body["intent"]?.stringValue == "intent-0000000000a1")
        #expect(body["verdict"]?.stringValue == "verdict-0000000000b1")
        #expect(output.bodies(.fill).isEmpty)
        #expect(output.summary == "order: buy 666 AAA")
    }

    @Test("the plan measures stop and target from the close and takes the hold over")
    func plan() throws {
        let gateway = try Self.gateway(shorts: true)
        let changes: [String: JSON] = ["stop": 0.1, "target": 0.2]

        _ = try Self.turn(
            gateway,
            [
                Self.verdict(changing: changes),
                Self.verdict(
                    intent: "intent-0000000000a2",
                    changing: changes.merging(["side": "short"]) { $1 }
                ),
            ]
        )

        let plans = gateway.submitted.compactMap { order in
            if case .entry(let plan) = order.purpose { plan } else { nil }
        }
        #expect(plans.map { $0.stop?.description } == ["27", "33"])
        #expect(plans.map { $0.target?.description } == ["36", "24"])
        #expect(plans.map(\.holdLimit) == [5, 5])
        #expect(plans.map(\.riskInCurrency.description) == ["1998", "1998"])
        #expect(gateway.submitted.map(\.side) == [.buy, .sell])
    }

    @Test("a verdict with a limit becomes an order at that price, from which stop and target lie")
    func limit() throws {
        let gateway = try Self.gateway(shorts: true)
        let changes: [String: JSON] = ["limit": 0.05, "stop": 0.1, "target": 0.2]
        for side in ["long", "short"] {
            _ = try Self.turn(
                gateway,
                [
                    Self.verdict(
                        intent: "intent-\(side)",
                        changing: changes.merging(["side": .string(side)]) { $1 }
                    )
                ]
            )
        }

        // 30 · 0.95 and 30 · 1.05, and from there 10 % and 20 %.
        #expect(gateway.submitted.map(\.limit?.description) == ["28.5", "31.5"])
        let plans = gateway.submitted.compactMap { order -> ExitPlan? in
            if case .entry(let plan) = order.purpose { plan } else { nil }
        }
        #expect(plans.map(\.stop?.description) == ["25.65", "34.65"])
        #expect(plans.map(\.target?.description) == ["34.2", "25.2"])
    }

    @Test("a stop or a target that no price can reach is none")
    func unreachable() throws {
        let gateway = try Self.gateway()

        _ = try Self.turn(
            gateway,
            [Self.verdict(changing: ["stop": 1.0, "target": 1e8, "close": 100.0])]
        )

        guard case .entry(let plan)? = gateway.submitted.first?.purpose else {
            Issue.record("there is no entry")
            return
        }
        #expect(plan.stop == nil)
        #expect(plan.target == nil)
        #expect(plan.riskInCurrency.description == "20000")
    }

    @Test(
        "an entry that cannot be an order is said to be unplaced and keeps no other back",
        arguments: [
            ("close", 20_001.0, "too little equity for one unit"),
            ("size", 0.0, "too little equity for one unit"),
            ("close", 0.0000001, "more than 1000000000 units"),
            ("good_through", "2024-03-07", "was good through 2024-03-07"),
            ("hold", .null, "needs a stop or a holding limit"), ("symbol", "A A", "instrument"),
        ] as [(String, JSON, String)]
    )
    func unplaced(name: String, value: JSON, reason: String) throws {
        let gateway = try Self.gateway()
        let other = Self.verdict(intent: "intent-0000000000a2")

        let output = try Self.turn(gateway, [Self.verdict(changing: [name: value]), other])

        let fill = try #require(output.bodies(.fill).first)
        #expect(fill["order"]?.stringValue == "o-0000000000a1")
        #expect(fill["state"]?.stringValue == "unplaced")
        #expect(fill["reason"]?.stringValue?.contains(reason) == true)
        #expect(output.notes.count == 1)
        #expect(gateway.submitted.map(\.id.description) == ["o-0000000000a2"])
    }

    @Test("one unit is ordered when equity pays for exactly one")
    func oneUnit() throws {
        let gateway = try Self.gateway()

        _ = try Self.turn(gateway, [Self.verdict(changing: ["close": 20_000.0])])

        #expect(gateway.submitted.map(\.quantity.description) == ["1"])
    }

    @Test(
        "rounding never takes more than the stake",
        arguments: [3.0, 7.0, 0.7, 0.3333, 33.33333333, 19_999.99999999, 1e-4]
    )
    func neverMore(close: Double) throws {
        let gateway = try Self.gateway()

        _ = try Self.turn(gateway, [Self.verdict(changing: ["close": .double(close)])])

        let units = try #require(gateway.submitted.first).quantity.value
        let price = try #require(Decimal8(rounding: close))
        #expect(units * price <= Decimal8(20_000))
        #expect((units + Decimal8(1)) * price > Decimal8(20_000))
    }

    @Test("a failed verdict and one on a report are no orders, and the account is not read")
    func ignored() throws {
        let gateway = try Self.gateway()
        let report = Self.verdict(changing: ["kind": "report"])

        let output = try Self.turn(gateway, [Self.verdict(changing: ["passed": false]), report])

        #expect(output.signals.isEmpty)
        #expect(gateway.asked == ["events/read"])
        #expect(output.summary == "nothing to do")
    }

    @Test(
        "a passed verdict without usable numbers is an error",
        arguments: [("close", .null), ("close", 0.0), ("size", 1e300)] as [(String, JSON)]
    )
    func malformed(name: String, value: JSON) throws {
        let gateway = try Self.gateway()

        #expect(throws: (any Error).self) {
            try Self.turn(gateway, [Self.verdict(changing: [name: value])])
        }
        #expect(gateway.submitted.isEmpty)
    }

    @Test("the same verdict twice is the same order, and one lot comes of it")
    func twice() throws {
        let gateway = try Self.gateway()

        let first = try Self.turn(gateway, [Self.verdict()])
        let second = try Self.turn(gateway, [Self.verdict()])
        try gateway.settle(try Sample.close("2024-03-11"), ["AAA": "30"])

        #expect(first.bytes == second.bytes)
        #expect(gateway.submitted.map(\.id.description) == ["o-0000000000a1", "o-0000000000a1"])
        #expect(gateway.exchange.book.account.lots.count == 1)
    }

    @Test("an order that the gateway refuses is said with the reason, as an order and as a fill")
    func refused() throws {
        let gateway = try Self.gateway()
        gateway.exchange.record(
            Control(.halt, reason: "a test", at: Stamp(time: gateway.stamp.time, round: 0))
        )

        let output = try Self.turn(gateway, [Self.verdict()])

        let order = try #require(output.bodies(.order).first)
        let fill = try #require(output.bodies(.fill).first)
        #expect(order["state"]?.stringValue == "rejected")
        #expect(order["reason"]?.stringValue == "halted")
        #expect(fill["order"]?.stringValue == "o-0000000000a1")
        #expect(fill["state"]?.stringValue == "rejected")
        #expect(output.summary == "order refused: buy 666 AAA: halted")
    }

    @Test("an exit closes the whole lot of its strategy, and without one there is nothing to close")
    func exit() throws {
        let gateway = try Self.gateway()
        let before = try Self.turn(gateway, [Self.verdict("exit", intent: "intent-0000000000a0")])
        _ = try Self.turn(gateway, [Self.verdict()])
        try gateway.settle(try Sample.close("2024-03-11"), ["AAA": "31"])

        _ = try Self.turn(gateway, [Self.verdict("exit", intent: "intent-0000000000a2")])
        let other: [String: JSON] = [
            "strategy_hash": .string(ContentHash(of: "another").description)
        ]
        let strange = try Self.turn(
            gateway,
            [Self.verdict("exit", intent: "intent-0000000000a3", changing: other)]
        )

        let order = try #require(gateway.submitted.last)
        #expect(before.bodies(.fill).first?["reason"]?.stringValue == "nothing to close")
        #expect(order.id.description == "o-0000000000a2")
        #expect(order.side == .sell)
        #expect(order.quantity.description == "666")
        #expect(order.purpose == .exit(of: try OrderID("o-0000000000a1"), .exit))
        #expect(strange.bodies(.order).isEmpty)
    }

    // MARK: - Events

    @Test("fills and trades are said once, with what the trade earned")
    func events() throws {
        let gateway = try Self.gateway()
        let asked = try Self.turn(gateway, [Self.verdict()])
        try gateway.settle(try Sample.close("2024-03-11"), ["AAA": "31"])

        let filled = try Self.turn(
            gateway,
            [Self.verdict("exit", intent: "intent-0000000000a2")],
            state: asked.state
        )
        try gateway.settle(try Sample.close("2024-03-12"), ["AAA": "29.5"])
        let closed = try Self.turn(gateway, state: filled.state)
        let after = try Self.turn(gateway, state: closed.state)

        let fill = try #require(filled.bodies(.fill).first)
        let trade = try #require(closed.bodies(.trade).first)
        #expect(fill["state"]?.stringValue == "filled")
        #expect(fill["order"]?.stringValue == "o-0000000000a1")
        #expect(fill["price"]?.stringValue == "31")
        #expect(trade["intent"]?.stringValue == "intent-0000000000a1")
        #expect(trade["strategy_hash"]?.stringValue == Self.hash)
        #expect(trade["pnl"]?.stringValue == "-999")
        #expect(closed.bodies(.fill).count == 1)
        #expect(closed.summary.hasSuffix("AAA lost 999 (exit)"))
        #expect(filled.state["last_event"]?.intValue == 1)
        #expect(closed.state["last_event"]?.intValue == 3)
        #expect(after.signals.isEmpty)
        #expect(after.state == closed.state)
    }

    @Test("a trade says what it lost between its decisions and its fills, then they are forgotten")
    func slippage() throws {
        let gateway = try Self.gateway()
        let asked = try Self.turn(gateway, [Self.verdict()])
        try gateway.settle(try Sample.close("2024-03-11"), ["AAA": "31"])
        let left = try Self.turn(
            gateway,
            [Self.verdict("exit", intent: "intent-0000000000a2", changing: ["close": 32.0])],
            state: asked.state
        )
        try gateway.settle(try Sample.close("2024-03-12"), ["AAA": "29.5"])

        let closed = try Self.turn(gateway, state: left.state)

        let trade = try #require(closed.bodies(.trade).first)
        let kept: JSON = ["o-0000000000a1": "30", "o-0000000000a2": "32"]
        #expect(left.state["decisions"] == kept)
        #expect(trade["decision_price"] == "30")
        #expect(trade["slippage"] == "666")
        #expect(trade["exit_decision_price"] == "32")
        #expect(trade["exit_slippage"] == "1665")
        #expect(closed.state["decisions"] == nil)
    }

    @Test("a short position loses by a lower fill, and an exit of the gateway's was not decided")
    func shortSlippage() throws {
        let gateway = try Self.gateway(shorts: true)
        let asked = try Self.turn(
            gateway,
            [Self.verdict(changing: ["side": "short", "hold": 1])]
        )
        try gateway.settle(try Sample.close("2024-03-11"), ["AAA": "29"])
        try gateway.settle(try Sample.close("2024-03-12"), ["AAA": "28"])

        let closed = try Self.turn(gateway, state: asked.state)

        let trade = try #require(closed.bodies(.trade).first)
        #expect(trade["slippage"] == "666")
        #expect(trade["exit_decision_price"] == .null)
        #expect(trade["exit_slippage"] == .null)
    }

    @Test("an order that is never filled leaves no price behind")
    func forgotten() throws {
        let gateway = try Self.gateway()
        let asked = try Self.turn(gateway, [Self.verdict(changing: ["stop": 0.1])])
        try gateway.settle(try Sample.close("2024-03-11"), ["AAA": "20"])

        let output = try Self.turn(gateway, state: asked.state)

        #expect(asked.state["decisions"] != nil)
        #expect(output.state["decisions"] == nil)
    }

    @Test("an order that waits too long is said to have expired")
    func expired() throws {
        let gateway = try Self.gateway()
        let asked = try Self.turn(gateway, [Self.verdict()])
        try gateway.settle(try Sample.close("2024-03-11"), [:])
        try gateway.settle(try Sample.close("2024-03-12"), [:])

        let output = try Self.turn(gateway, state: asked.state)

        let fill = try #require(output.bodies(.fill).first)
        #expect(fill["state"]?.stringValue == "expired")
        #expect(fill["order"]?.stringValue == "o-0000000000a1")
    }

    @Test("an order that the open refuses is said to be rejected")
    func rejected() throws {
        let gateway = try Self.gateway()
        let asked = try Self.turn(gateway, [Self.verdict(changing: ["stop": 0.1])])
        try gateway.settle(try Sample.close("2024-03-11"), ["AAA": "20"])

        let output = try Self.turn(gateway, state: asked.state)

        #expect(output.bodies(.fill).map { $0["state"]?.stringValue } == ["rejected"])
        #expect(output.summary.contains("o-0000000000a1 rejected: the open lies beyond"))
    }

    @Test("events come page by page until the last", arguments: [1, 2, 3, 1000])
    func pages(page: Int) throws {
        let gateway = try Self.gateway()
        let verdicts = (10...16).map { Self.verdict(intent: "intent-0000000000\($0)") }
        let asked = try Self.turn(gateway, verdicts)
        try gateway.settle(try Sample.close("2024-03-11"), ["AAA": "31"])
        gateway.page = page

        let output = try Self.turn(gateway, state: asked.state)

        #expect(output.bodies(.fill).count == 7)
        #expect(output.state["last_event"]?.intValue == 7)
    }

    @Test("a gateway that does not answer is an error, and nothing is said")
    func silence() throws {
        struct Silence: Error {}
        let executor = Executor(gateway: GatewayClient { _ in throw Silence() })

        #expect(throws: TradingError.self) {
            try executor.turn(
                try Sample.input(try Sample.close("2024-03-08"), [Self.verdict()])
            )
        }
    }

    @Test("equal gateways and verdicts give equal bytes")
    func deterministic() throws {
        let verdicts = [Self.verdict(), Self.verdict("exit", intent: "intent-0000000000a2")]

        let first = try Self.turn(try Self.gateway(), verdicts)
        let second = try Self.turn(try Self.gateway(), verdicts)

        #expect(first.bytes == second.bytes)
    }
}
