// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Testing
import Trading

@Suite("Gateway service")
struct ServiceTests {
    static let matrix = GatewayMethod.allCases.flatMap { method in
        ClientRole.allCases.map { (method, $0) }
    }

    static let wrongRequests: [(GatewayMethod, JSON)] = [
        (.settle, [:]), (.settle, ["time": "soon"]), (.settle, []),
        (.settle, ["time": "2000-01-02", "more": 1]),
        (.beginRound, ["time": "2000-01-02", "round": -1]),
        (.beginRound, ["time": "2000-01-02"]), (.summary, ["equityCurve": 3]),
        (.recordVerdict, [:]), (.recordVerdict, ["found": "x", "permit": 1]),
        (.recordVerdict, ["found": .string(String(repeating: "x", count: 2_001)), "permit": [:]]),
        (.submit, ["id": "a"]), (.readAccount, ["after": 1]), (.readMetrics, ["after": 1]),
        (.readEvents, [:]),
        (.readEvents, ["after": -1]), (.readEvents, ["after": 0, "limit": 0]),
        (.closeAll, [:]), (.closeAll, ["reason": ""]), (.halt, ["reason": 1]),
        (.halt, ["reason": "x", "state": "active"]), (.halt, ["reason": "x", "state": "y"]),
        (.resume, ["reason": .string(String(repeating: "x", count: 501))]),
    ]

    private func parameters(_ method: GatewayMethod) -> JSON {
        switch method {
        case .settle: ["time": .string(Bench.day(1))]
        case .beginRound: ["time": .string(Bench.day(1)), "round": 0]
        case .recordVerdict: Bench.permit(Bench.entry("a", day: 0))
        case .summary, .readAccount, .readMetrics: [:]
        case .submit: Bench.entry("a", day: 0)
        case .readEvents: ["after": 0, "limit": 5]
        case .closeAll, .halt, .resume: ["reason": "because"]
        }
    }

    @Test("each method answers its roles and refuses the others", arguments: matrix)
    func roles(method: GatewayMethod, role: ClientRole) throws {
        let bench = try Bench()
        bench.round(0, 0)

        let reply = bench.ask(method, parameters(method), as: role)

        if allowed(method).contains(role) {
            #expect(reply["result"] != nil)
        } else {
            #expect(reply.errorCode == .notAllowed)
        }
    }

    private func allowed(_ method: GatewayMethod) -> [ClientRole] {
        switch method.rawValue {
        case "session/settle", "round/begin", "verdict/record", "ledger/summary", "resume":
            [.supervisor]
        case "order/submit": [.executor]
        case "account/metrics": ClientRole.allCases
        case "account/closeAll", "halt": [.risk, .supervisor]
        default: [.executor, .risk, .observer]
        }
    }

    @Test(
        "what is no request with an id is an invalid request",
        arguments: [
            "[]", "{}", "1", "{\"jsonrpc\":\"2.0\",\"method\":\"halt\"}",
            "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"halt\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"halt\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":3}",
        ]
    )
    func invalidRequests(text: String) throws {
        let bench = try Bench()

        let reply = bench.service.handle(request: try JSON(parsing: text), from: .supervisor)

        #expect(reply.errorCode == .invalidRequest)
    }

    @Test("an unknown method is an error that keeps the id")
    func unknownMethod() throws {
        let bench = try Bench()

        let reply = bench.service.handle(
            request: ["jsonrpc": "2.0", "id": "x", "method": "order/cancel"],
            from: .executor
        )

        #expect(reply.errorCode == .unknownMethod)
        #expect(reply["id"] == "x")
    }

    @Test(
        "wrong parameters are an error that says which",
        arguments: wrongRequests
    )
    func wrongParameters(method: GatewayMethod, parameters: JSON) throws {
        let bench = try Bench()
        bench.round(0, 0)

        let reply = bench.ask(method, parameters)

        #expect(reply.errorCode == .invalidParameters)
        #expect(reply["error"]?["message"]?.stringValue?.isEmpty == false)
    }

    @Test("clients wait until the supervisor has named a round, also after a restart")
    func notReady() throws {
        let bench = try Bench()
        let first = bench.ask(.readAccount)
        bench.settle(1)
        let second = bench.ask(.readAccount)
        try bench.reopen()

        let third = bench.ask(.submit, Bench.entry("a", day: 0))

        #expect(first.errorCode == .notReady)
        #expect(second["result"]?["time"]?.stringValue == Bench.day(1))
        #expect(third.errorCode == .notReady)
    }

    @Test("a round before the last settled session is refused")
    func timePassed() throws {
        let bench = try Bench()
        bench.settle(5)

        #expect(bench.round(4, 0).errorCode == .timePassed)
        #expect(bench.round(5, 0)["result"] != nil)
    }

    @Test("a session that is settled again is reported as it was")
    func settledTwice() throws {
        let bench = try Bench()
        bench.round(1, 0)
        _ = bench.ask(.submit, Bench.entry("a", day: 1))
        let first = bench.settle(2)
        bench.settle(3)
        let digest = bench.summary()["digest"]

        let again = bench.settle(2)

        #expect(first["result"]?["fills"] == 1)
        #expect(again["result"]?["fills"] == 1)
        #expect(again["result"]?["equity"] == first["result"]?["equity"])
        #expect(again["result"]?["settledThrough"]?.stringValue == Bench.day(3))
        #expect(bench.summary()["digest"] == digest)
    }

    @Test("an order submitted again gets its first answer, also after a restart and a halt")
    func repeatedSubmit() throws {
        let bench = try Bench()
        bench.round(1, 0)
        let order = Bench.entry("a", day: 1)
        let first = bench.ask(.submit, order)
        let digest = bench.summary()["digest"]
        try bench.reopen()
        bench.round(1, 3)

        let second = bench.ask(.submit, order)
        let reused = bench.ask(.submit, Bench.entry("a", day: 1, quantity: "11"))

        #expect(first["result"] == ["state": "accepted"])
        #expect(second == first)
        #expect(reused["result"] == ["state": "rejected", "reason": "id reused"])
        #expect(bench.summary()["digest"] == digest)
    }

    @Test("a round that is run again sees nothing of later rounds")
    func rerun() throws {
        let bench = try Bench()
        bench.settle(1)
        bench.round(1, 1)
        let before = bench.ask(.readAccount)
        _ = bench.ask(.halt, ["reason": "drawdown"])
        let during = bench.ask(.readAccount)
        bench.round(1, 2)
        let after = bench.ask(.readAccount)

        bench.round(1, 1)

        #expect(during == before)
        #expect(after["result"]?["state"] == "halted")
        #expect(bench.ask(.readAccount) == before)
        #expect(bench.ask(.submit, Bench.entry("a", day: 1))["result"]?["state"] == "accepted")
    }

    @Test("the account and the events do not show what a round submits")
    func roundsAreBlind() throws {
        let bench = try Bench()
        bench.settle(1)
        let account = bench.ask(.readAccount)
        let events = bench.ask(.readEvents, ["after": 0])

        _ = bench.ask(.submit, Bench.entry("a", day: 1))
        _ = bench.ask(.closeAll, ["reason": "x"])

        #expect(bench.ask(.readAccount) == account)
        #expect(bench.ask(.readEvents, ["after": 0]) == events)
    }

    @Test("the summary counts orders, fills, trades, wins and losses, and lists the curve if asked")
    func summaryCounts() throws {
        let bench = try Bench()
        bench.round(1, 0)
        _ = bench.ask(.submit, Bench.entry("a", day: 1, hold: 1))
        for day in 2...5 { bench.settle(day) }

        let summary = bench.ask(.summary, ["equityCurve": true])["result"]

        #expect(summary?["orders"] == 1)
        #expect(summary?["fills"] == 2)
        #expect(summary?["trades"] == 1)
        #expect((summary?["wins"]?.intValue ?? 0) + (summary?["losses"]?.intValue ?? 0) == 1)
        #expect(summary?["equityCurve"]?.arrayValue?.count == 4)
        #expect(summary?["state"] == "active")
        #expect(bench.summary()["equityCurve"] == nil)
    }

    @Test("the typed client and the service understand each other")
    func typedClient() throws {
        let bench = try Bench()
        bench.settle(1)
        var executor = GatewayClient { line in
            bench.service.handle(request: try JSON(parsing: line), from: .executor).compactText
        }
        var risk = GatewayClient { line in
            bench.service.handle(request: try JSON(parsing: line), from: .risk).compactText
        }
        let order = try Order(MessageReader(Bench.entry("a", day: 1), path: "order"))
        bench.permit(order.json)

        let answer = try executor.submit(order)
        bench.settle(2)
        let account = try executor.account()
        let events = try executor.events(after: 0)
        try risk.closeAll(reason: "drawdown")
        try risk.halt(reason: "drawdown", state: .reducing)
        bench.settle(3)
        let state = try risk.account().state
        let refused = #expect(throws: TradingError.self) { try risk.submit(order) }

        #expect(answer == .accepted)
        #expect(account.lots.map(\.entry) == [order.id])
        #expect(events.events.map(\.name) == ["orderFilled"])
        #expect(try risk.events(after: 1).events.map(\.name) == ["orderFilled", "lotClosed"])
        #expect(state == .reducing)
        #expect(refused?.fault == .notAllowed)
    }
}
