// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

@Suite("Gateway client")
struct ClientTests {
    struct Broken: Error {}

    /// Answers each request with a result or an error under its own id.
    private func client(_ member: String, _ value: JSON) -> GatewayClient {
        GatewayClient { line in
            let request = try JSON(parsing: line)
            let reply: [JSON.Member] = [
                JSON.Member("jsonrpc", "2.0"), JSON.Member("id", request["id"] ?? .null),
                JSON.Member(member, value),
            ]
            return JSON.object(reply).compactText
        }
    }

    @Test("an order that is accepted or rejected is an answer")
    func answers() throws {
        var accepting = client("result", ["state": "accepted"])
        var rejecting = client("result", ["state": "rejected", "reason": "insufficient cash"])
        let order = try Samples.entry("a")

        #expect(try accepting.submit(order) == .accepted)
        #expect(try rejecting.submit(order) == .rejected("insufficient cash"))
    }

    @Test(
        "a lost or unusable answer to an order is unknown and never a rejection",
        arguments: [
            "", "{}", "{\"id\":1}", "{\"id\":2,\"result\":{\"state\":\"accepted\"}}",
            "{\"id\":1,\"result\":{\"state\":\"maybe\"}}",
            "{\"id\":1,\"result\":{\"state\":\"rejected\"}}",
            "{\"id\":1,\"error\":{\"code\":-32011,\"message\":\"m\"}}",
            "{\"id\":1,\"error\":{\"code\":-1,\"message\":\"m\"}}",
        ]
    )
    func unknown(reply: String) throws {
        var client = GatewayClient { _ in
            guard !reply.isEmpty else { throw Broken() }
            return reply
        }
        let order = try Samples.entry("a")

        let error = #expect(throws: TradingError.self) { try client.submit(order) }

        #expect(error?.code == .outcomeUnknown)
    }

    @Test("a lost answer to a question leaves nothing open")
    func unavailable() throws {
        var client = GatewayClient { _ in throw Broken() }

        let error = #expect(throws: TradingError.self) { try client.account() }
        let second = #expect(throws: TradingError.self) { try client.events(after: 0) }

        #expect(error?.code == .unavailable)
        #expect(second?.code == .unavailable)
    }

    @Test("a fault that the gateway names is refused with that fault")
    func refused() throws {
        var client = client("error", ["code": -32002, "message": "not ready"])

        let error = #expect(throws: TradingError.self) { try client.closeAll(reason: "x") }

        #expect(error?.code == .refused)
        #expect(error?.fault == .notReady)
    }

    @Test("an order survives its journey as JSON")
    func orderRoundTrip() throws {
        let plan = try Samples.plan(stop: "90.5", target: "110", hold: 5, confidence: "0.7")
        let orders = [try Samples.entry("a", plan: plan), try Samples.exit("b", of: "a")]

        for order in orders {
            let json = try JSON(parsing: order.json.compactText)
            #expect(try Order(MessageReader(json, path: "order")) == order)
        }
    }

    @Test(
        "an order with a member missing, wrong or unknown is refused",
        arguments: [
            ("quantity", JSON.string("0")), ("quantity", .int(5)), ("quantity", .null),
            ("side", "hold"), ("instrument", "a b"), ("asked", "yesterday"), ("id", ""),
            ("plan", [:] as JSON), ("of", "x"), ("surprise", 1),
        ]
    )
    func wrongOrders(name: String, value: JSON) throws {
        let good = try Samples.entry("a").json.objectValue ?? []
        let members = good.filter { $0.name != name } + [JSON.Member(name, value)]

        #expect(throws: TradingError.self) {
            try Order(MessageReader(.object(members), path: "order"))
        }
    }

    @Test("only the exchange makes ids with a mark and exits with other reasons")
    func exchangeOnly() throws {
        let exit = try Samples.exit("b", of: "a").json.objectValue ?? []
        for (name, value) in [("id", "a!stop"), ("reason", "stop")] {
            let members = exit.filter { $0.name != name } + [JSON.Member(name, .string(value))]
            let order = try Order(MessageReader(.object(members), path: "order"))

            let error = #expect(throws: TradingError.self) { try order.requireFromClient() }

            #expect(error?.code == .invalidMessage)
        }
    }

    @Test("reports survive their journey as JSON")
    func reportRoundTrip() throws {
        var exchange = PaperExchange(configuration: try Samples.configuration(waitingLimit: 1))
        for id in ["a", "b"] {
            let plan = try Samples.plan(stop: "90")
            _ = exchange.submit(try Samples.entry(id, plan: plan), at: Samples.stamp(0))
        }
        _ = exchange.submit(try Samples.entry("c", instrument: "OTHER"), at: Samples.stamp(0))
        let big = try Samples.entry("d", quantity: "5000")
        _ = exchange.submit(big, at: Samples.stamp(0))
        _ = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100"))
        _ = exchange.submit(try Samples.exit("e", of: "a"), at: Samples.stamp(1))
        _ = try exchange.settle(at: Samples.day(2), prices: Samples.flat("101"))

        let account = AccountReport(exchange, at: Samples.stamp(2))
        let events = EventsReport(exchange, after: 0, limit: 100)
        let accountJSON = try JSON(parsing: account.json.compactText)
        let eventsJSON = try JSON(parsing: events.json.compactText)

        #expect(Set(events.events.map(\.name)).count == 4)
        #expect(account.lots.count == 1)
        #expect(try AccountReport(MessageReader(accountJSON, path: "r")) == account)
        #expect(try EventsReport(MessageReader(eventsJSON, path: "r")) == events)
    }

    @Test("events are paged by number", arguments: [(0, 2, [1, 2]), (2, 9, [3]), (7, 9, [])])
    func paging(after: Int, limit: Int, expected: [Int]) throws {
        var exchange = PaperExchange(configuration: try Samples.configuration())
        for id in ["a", "b", "c"] {
            _ = exchange.submit(try Samples.entry(id), at: Samples.stamp(0))
        }
        _ = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100"))

        let report = EventsReport(exchange, after: after, limit: limit)

        #expect(report.events.map(\.sequence) == expected)
        #expect(report.last == 3)
    }
}
