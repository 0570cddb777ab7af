// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
@testable import Gateway
import MCP
import Synchronization
import Testing
import Trading

/// Tools that answer from a list and remember what they were asked.
private final class ScriptedTools: BrokerTools {
    enum Answer: Sendable {
        case value(JSON)
        case failure(String)
        case error(MCPError)
    }

    private let answers: Mutex<[String: [Answer]]>
    private let calls = Mutex<[(tool: String, arguments: JSON)]>([])

    /// The last answer of a tool is given again and again.
    init(_ answers: [String: [Answer]]) {
        self.answers = Mutex(answers)
    }

    var asked: [(tool: String, arguments: JSON)] { calls.withLock { $0 } }

    func count(of tool: String) -> Int { asked.count { $0.tool == tool } }

    func call(_ tool: String, _ arguments: JSON) async throws(MCPError) -> ToolResult {
        calls.withLock { $0.append((tool, arguments)) }
        let answer = answers.withLock { answers in
            let own = answers[tool] ?? []
            if own.count > 1 { answers[tool] = Array(own.dropFirst()) }
            return own.first
        }
        switch answer {
        case .value(let json): return ToolResult(text: json.compactText, structured: json)
        case .failure(let text): return ToolResult(text: text, isError: true)
        case .error(let error): throw error
        case nil: return ToolResult(text: "no such tool", isError: true)
        }
    }
}

@Suite("Broker behind tools")
struct BrokerVenueTests {
    private struct NoSurvey: Error { let trouble: String? }

    private static let order: JSON = [
        "data": [
            "id": "v1", "client_order_id": "o1", "status": "new", "qty": "10", "filled_qty": "0",
        ]
    ]
    private static let account: JSON = ["data": ["account_number": "PA7", "cash": "5"]]
    private static let none: JSON = ["data": ["result": []]]

    private static func refusal(_ status: Int64, _ message: String = "no") -> JSON {
        [
            "data": [
                "error": [
                    "message": "API rejected the order", "http_status": .int(status),
                    "detail": ["message": .string(message)],
                ]
            ]
        ]
    }

    private static func fill(
        _ id: String,
        _ venueID: String = "v1",
        quantity: String = "10"
    ) -> JSON {
        [
            "id": .string(id), "order_id": .string(venueID), "symbol": "AAPL", "side": "buy",
            "qty": .string(quantity), "price": "100.5",
        ]
    }

    private static func held(_ quantity: String, side: String = "long") -> JSON {
        [
            "data": [
                "result": [
                    [
                        "symbol": "AAPL", "qty": .string(quantity), "side": .string(side),
                    ]
                ]
            ]
        ]
    }

    private func mapping() throws -> BrokerMapping {
        try BrokerMapping(
            parsing: try #require(BrokerMapping.builtIn["alpaca"]),
            file: "alpaca"
        )
    }

    private func venue(
        _ answers: [String: [ScriptedTools.Answer]],
        isLive: Bool = false
    ) throws -> (BrokerVenue, ScriptedTools) {
        var all = answers
        if all["get_account_info"] == nil { all["get_account_info"] = [.value(Self.account)] }
        let tools = ScriptedTools(all)
        return (BrokerVenue(try mapping(), tools, isLive: isLive), tools)
    }

    private func entry(_ kind: VenueOrder.Kind = .market) throws -> VenueOrder {
        VenueOrder(
            id: try OrderID("o1"),
            entry: try OrderID("o1"),
            instrument: try InstrumentID("AAPL"),
            side: .buy,
            quantity: try Quantity(Decimal8(10)),
            kind: kind,
            reducesOnly: false
        )
    }

    @Test("an order goes out in the broker's words, each kind with its own")
    func words() async throws {
        let (venue, tools) = try venue(["place_stock_order": [.value(Self.order)]])
        let price = try Price(Decimal8(90))

        for kind in [VenueOrder.Kind.market, .limit(price), .stop(price)] {
            _ = await venue.answer(.place(try entry(kind)))
        }

        let common: [JSON.Member] = [
            .init("symbol", "AAPL"), .init("side", "buy"), .init("qty", "10"),
            .init("client_order_id", "o1"),
        ]
        let placed = tools.asked.filter { $0.tool == "place_stock_order" }.map(\.arguments)
        #expect(
            placed == [
                .object(common + [.init("type", "market"), .init("time_in_force", "day")]),
                .object(
                    common + [
                        .init("type", "limit"), .init("limit_price", "90"),
                        .init("time_in_force", "day"),
                    ]
                ),
                .object(
                    common + [
                        .init("type", "stop"), .init("stop_price", "90"),
                        .init("time_in_force", "gtc"),
                    ]
                ),
            ]
        )
    }

    @Test("only an answer that says clearly what became of an order says anything")
    func placing() async throws {
        let lost = MCPError(.disconnected, "call", "it died", mayHaveArrived: true)
        let id = try OrderID("o1")
        let cases: [(ScriptedTools.Answer, [VenueReport])] = [
            (.value(Self.order), [.standing(id, .open)]),
            (.value(Self.refusal(422)), [.standing(id, .declined)]),
            (.value(Self.refusal(403)), [.standing(id, .declined)]),
            (.value(Self.refusal(429)), []),
            (.value(Self.refusal(500)), []),
            (.value(["data": ["error": ["message": "sent", "timeout": true]]]), []),
            (.failure("Server disconnected without sending a response."), []),
            (.error(lost), []),
            (.value(["data": [:]]), []),
        ]

        for (answer, expected) in cases {
            let (venue, tools) = try venue(["place_stock_order": [answer]])
            let reports = await venue.answer(.place(try entry()))
            let trouble = await venue.trouble

            #expect(reports == expected)
            #expect((trouble == nil) == !expected.isEmpty)
            #expect(tools.count(of: "place_stock_order") == 1)
        }
    }

    @Test("an answer about another order says nothing of this one")
    func otherOrder() async throws {
        var (venue, tools) = try venue([
            "place_stock_order": [
                .value([
                    "data": [
                        "id": "v9", "client_order_id": "o9", "status": "new", "qty": "1",
                        "filled_qty": "0",
                    ]
                ])
            ]
        ])

        let placed = await venue.answer(.place(try entry()))
        (venue, tools) = try self.venue(["get_order_by_client_id": [.value(Self.order)]])
        let asked = await venue.answer(.query(try OrderID("o2")))

        #expect(placed.isEmpty)
        #expect(asked.isEmpty)
        #expect(tools.count(of: "get_order_by_client_id") == 1)
    }

    @Test("an id that the broker has already is looked up and not placed again")
    func duplicate() async throws {
        let (venue, tools) = try venue([
            "place_stock_order": [
                .value(Self.refusal(422, "client_order_id must be unique"))
            ],
            "get_order_by_client_id": [.value(Self.order)],
        ])

        let reports = await venue.answer(.place(try entry()))

        #expect(reports == [.standing(try OrderID("o1"), .open)])
        #expect(tools.count(of: "place_stock_order") == 1)
    }

    @Test("an order that the broker does not know is unknown, and any other failure is nothing")
    func query() async throws {
        let id = try OrderID("o1")
        let (absent, _) = try venue([
            "get_order_by_client_id": [.failure("HTTP error 404: Not Found")]
        ])
        let (ill, _) = try venue([
            "get_order_by_client_id": [.failure("HTTP error 500: Internal Server Error")]
        ])

        let told = await absent.answer(.query(id))
        let nothing = await ill.answer(.query(id))

        #expect(told == [.standing(id, .unknown)])
        #expect(nothing.isEmpty)
    }

    @Test("an order is taken back by the broker's id, and then looked at")
    func cancel() async throws {
        var done = Self.order
        if case .object(let members) = Self.order["data"] {
            done = [
                "data": .object(
                    members.map { $0.name == "status" ? .init("status", "canceled") : $0 }
                )
            ]
        }
        let (venue, tools) = try venue([
            "get_order_by_client_id": [.value(Self.order), .value(done)],
            "cancel_order_by_id": [.value(["data": ["text": ""]])],
        ])

        let reports = await venue.answer(.cancel(try OrderID("o1")))

        #expect(reports == [.standing(try OrderID("o1"), .cancelled)])
        let cancels = tools.asked.filter { $0.tool == "cancel_order_by_id" }
        #expect(cancels.map(\.arguments) == [["order_id": "v1"]])
    }

    private func survey(of venue: BrokerVenue, _ number: Int = 1) async throws
        -> VenueReport.Survey
    {
        let report = await venue.answer(.survey(number)).first
        guard case .survey(let survey) = report else {
            throw NoSurvey(trouble: await venue.trouble)
        }
        return survey
    }

    @Test("a look tells orders, executions by our ids, trades by hand and what is held")
    func survey() async throws {
        let byHand: JSON = [
            "data": ["id": "v2", "client_order_id": "no id of ours!", "qty": .null]
        ]
        let (venue, tools) = try venue([
            "get_orders": [.value(["data": ["result": [Self.order["data"] ?? .null]]])],
            "get_account_activities_by_type": [
                .value(["data": ["result": [Self.fill("f2", "v2"), Self.fill("f1")]]])
            ],
            "get_order_by_id": [.value(byHand), .value(Self.order)],
            "get_all_positions": [.value(Self.held("20"))],
        ])

        let survey = try await survey(of: venue, 7)
        _ = await venue.answer(.survey(8))

        #expect(survey.number == 7)
        #expect(survey.open == [try OrderID("o1"): try Quantity(Decimal8(10))])
        #expect(survey.fills.map(\.id) == ["f1", "f2"])
        #expect(survey.fills.map(\.order) == [try OrderID("o1"), nil])
        #expect(survey.positions == [try InstrumentID("AAPL"): Decimal8(20)])
        // Each order is asked for once.
        #expect(tools.count(of: "get_order_by_id") == 2)
    }

    @Test("an open order is told with its whole quantity, unless nothing of it is left")
    func partial() async throws {
        func order(_ number: Int, filled: String) -> JSON {
            [
                "id": .string("v\(number)"), "client_order_id": .string("o\(number)"),
                "status": "partially_filled", "qty": "10", "filled_qty": .string(filled),
            ]
        }
        let orders: JSON = [order(1, filled: "0"), order(2, filled: "4"), order(3, filled: "10")]
        let (venue, _) = try venue([
            "get_orders": [.value(["data": ["result": orders]])],
            "get_account_activities_by_type": [.value(Self.none)],
            "get_all_positions": [.value(Self.none)],
        ])

        let survey = try await survey(of: venue)
        #expect(survey.open.map { "\($0.key): \($0.value)" }.sorted() == ["o1: 10", "o2: 10"])
    }

    @Test("what is sold short is held with a minus, whichever sign the broker gives it")
    func short() async throws {
        for quantity in ["5", "-5"] {
            let (venue, _) = try venue([
                "get_orders": [.value(Self.none)],
                "get_account_activities_by_type": [.value(Self.none)],
                "get_all_positions": [.value(Self.held(quantity, side: "short"))],
            ])
            #expect(
                try await survey(of: venue).positions == [try InstrumentID("AAPL"): Decimal8(-5)]
            )
        }
    }

    @Test("a look in the middle of which something is filled is taken again")
    func moving() async throws {
        let full: JSON = ["data": ["result": [Self.fill("f1")]]]
        let (venue, tools) = try venue([
            "get_orders": [.value(Self.none)],
            "get_account_activities_by_type": [.value(Self.none), .value(full)],
            "get_order_by_id": [.value(Self.order)],
            "get_all_positions": [.value(Self.none), .value(Self.held("10"))],
        ])

        let reports = await venue.answer(.survey(1))

        guard case .survey(let survey) = reports.first else {
            Issue.record("no survey")
            return
        }
        #expect(survey.fills.count == 1)
        #expect(survey.positions == [try InstrumentID("AAPL"): Decimal8(10)])
        #expect(tools.count(of: "get_all_positions") == 2)
    }

    @Test("a broker that fills without end, or has pages without end, is not looked at for ever")
    func endless() async throws {
        let growing = (1...9).map { count in
            ScriptedTools.Answer.value(
                ["data": ["result": .array((0..<count).map { Self.fill("f\($0)") })]]
            )
        }
        let pages = (0..<250).map { page in
            ScriptedTools.Answer.value([
                "data": ["result": .array((0..<100).map { Self.fill("f\(page)-\($0)") })]
            ])
        }
        var told: [String] = []
        for answers in [growing, pages] {
            let (venue, _) = try venue([
                "get_orders": [.value(Self.none)],
                "get_account_activities_by_type": answers,
                "get_order_by_id": [.value(Self.order)],
                "get_all_positions": [.value(Self.none)],
            ])
            let reports = await venue.answer(.survey(1))
            #expect(reports.isEmpty)
            told.append(await venue.trouble ?? "")
        }

        #expect(
            told == [
                "the broker fills faster than it can be looked at",
                "there are more than 200 pages of executions",
            ]
        )
    }

    @Test("executions are read page by page, and a look that fails in between leaves no gap")
    func pages() async throws {
        let first = (0..<100).map { Self.fill("f\(1_000 - $0)", quantity: "1") }
        let pageOne: JSON = ["data": ["result": .array(first)]]
        let pageTwo: JSON = ["data": ["result": [Self.fill("f1", quantity: "1")]]]
        let (venue, tools) = try venue([
            "get_orders": [.value(Self.none)],
            "get_account_activities_by_type": [
                .value(pageOne), .failure("HTTP error 500"), .value(pageOne), .value(pageTwo),
                .value(pageOne),
            ],
            "get_order_by_id": [.value(Self.order)],
            "get_all_positions": [.value(Self.held("101"))],
        ])

        let failed = await venue.answer(.survey(1))
        let reports = await venue.answer(.survey(2))

        #expect(failed.isEmpty)
        guard case .survey(let survey) = reports.first else {
            Issue.record("no survey: \(await venue.trouble ?? "")")
            return
        }
        #expect(survey.fills.count == 101)
        let tokens = tools.asked.compactMap { $0.arguments["page_token"]?.stringValue }
        #expect(tokens == ["f901", "f901"])
    }

    @Test(
        "what cannot be read makes the whole look fail",
        arguments: [
            ("get_orders", JSON.object([])),
            (
                "get_orders",
                ["data": ["result": [["id": "v", "client_order_id": "o", "qty": "x"]]]]
            ),
            (
                "get_account_activities_by_type",
                ["data": ["result": [BrokerVenueTests.fill("f1", quantity: "-3")]]]
            ),
            (
                "get_account_activities_by_type",
                ["data": ["result": [BrokerVenueTests.fill("f1", quantity: "NaN")]]]
            ),
            ("get_all_positions", ["data": ["result": [["symbol": "AAPL"]]]]),
            ("get_all_positions", BrokerVenueTests.held("1e99")),
        ] as [(String, JSON)]
    )
    func unreadable(tool: String, answer: JSON) async throws {
        var answers: [String: [ScriptedTools.Answer]] = [
            "get_orders": [.value(Self.none)],
            "get_account_activities_by_type": [.value(Self.none)],
            "get_order_by_id": [.value(Self.order)],
            "get_all_positions": [.value(Self.none)],
        ]
        answers[tool] = [.value(answer)]
        let (venue, _) = try venue(answers)

        let reports = await venue.answer(.survey(1))

        #expect(reports.isEmpty)
        #expect(await venue.trouble != nil)
    }

    @Test("as many open orders as fit into an answer may not be all, and are not taken for it")
    func fullPage() async throws {
        let entry = Self.order["data"] ?? .null
        let (venue, _) = try venue([
            "get_orders": [
                .value(["data": ["result": .array(Array(repeating: entry, count: 500))]])
            ],
            "get_account_activities_by_type": [.value(Self.none)],
            "get_all_positions": [.value(Self.none)],
        ])

        let reports = await venue.answer(.survey(1))

        #expect(reports.isEmpty)
        #expect(
            await venue.trouble == "there are 500 open orders or more, and all have to be known"
        )
    }

    @Test("an account of real money is only used when the owner has said so")
    func realMoney() async throws {
        let real: JSON = ["data": ["account_number": "123456"]]
        let answers: [String: [ScriptedTools.Answer]] = [
            "get_account_info": [.value(real)], "place_stock_order": [.value(Self.order)],
        ]
        let (careful, tools) = try venue(answers)
        let (live, _) = try venue(answers, isLive: true)

        let refused = await careful.answer(.place(try entry()))
        let taken = await live.answer(.place(try entry()))

        #expect(refused.isEmpty)
        #expect(tools.count(of: "place_stock_order") == 0)
        #expect(await careful.trouble?.contains("not one of play money") == true)
        #expect(taken == [.standing(try OrderID("o1"), .open)])
    }

    @Test("an account that becomes another one between two looks is not used any more")
    func changedAccount() async throws {
        let other: JSON = ["data": ["account_number": "PA8"]]
        let (venue, _) = try venue([
            "get_account_info": [.value(Self.account), .value(other)],
            "get_orders": [.value(Self.none)],
            "get_account_activities_by_type": [.value(Self.none)],
            "get_all_positions": [.value(Self.none)],
        ])

        let first = await venue.answer(.survey(1))
        let second = await venue.answer(.survey(2))

        #expect(first.count == 1)
        #expect(second.isEmpty)
        #expect(await venue.trouble == "the account was PA7 and is PA8 now")
    }
}
