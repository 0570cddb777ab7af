// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Foundation
import Testing
import Trading

@Suite("Limits of orders")
struct OrderLimitTests {
    @Test("each limit by itself refuses an order that breaks it", arguments: OrderLimit.allCases)
    func broken(limit: OrderLimit) throws {
        let scene = try LimitCase(limit).scene(breaking: true)

        let verdict = try scene.verdict()

        #expect(verdict.broken == limit)
        #expect(verdict.reason?.hasPrefix("\(limit.rawValue): ") == true)
    }

    @Test("an order just within a limit passes", arguments: OrderLimit.allCases)
    func within(limit: OrderLimit) throws {
        let scene = try LimitCase(limit).scene(breaking: false)

        #expect(try scene.verdict() == .passed)
    }

    @Test("the table of limits in the documentation is that of the code")
    func table() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../docs/order-limits.md").standardizedFileURL
        let document = try String(contentsOf: file, encoding: .utf8)
        let marks = document.components(separatedBy: "<!-- limits -->\n")

        try #require(marks.count == 3)
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
            let text = [marks[0], try Self.rows(), marks[2]].joined(separator: "<!-- limits -->\n")
            try text.write(to: file, atomically: true, encoding: .utf8)
        }

        #expect(marks[1] == (try Self.rows()))
    }

    private static func rows() throws -> String {
        let defaults = OrderLimits(capital: try Samples.money("1000000"), products: [])
        let head = """
            | limit | what it allows | default | the test that trips it |
            | --- | --- | --- | --- |

            """
        return head
            + OrderLimit.allCases.map { limit in
                let value = limit.form == .list ? "of `market`" : defaults.text(of: limit)
                return "| `\(limit.rawValue)` | \(LimitCase(limit).rule) | \(value) "
                    + "| `OrderLimitTests.broken(\(limit))` |\n"
            }.joined()
    }

    // MARK: States

    @Test("a halted desk takes neither entries nor exits")
    func halted() throws {
        var scene = try LimitCase(.reduceOnly).scene(breaking: false)
        scene.facts.state = .halted
        let exit = try scene.verdict()
        scene.exitOf = nil
        scene.side = .buy

        #expect(exit.broken == .state)
        #expect(try scene.verdict().broken == .state)
    }

    @Test("a reducing desk takes an exit, also beyond every limit of an entry")
    func reducing() throws {
        var scene = try LimitCase(.reduceOnly).scene(breaking: false)
        scene.facts.state = .reducing
        scene.facts.equity = try Samples.money("1")
        scene.facts.quotes = [:]
        scene.limits.products = []
        for limit in OrderLimit.numbers
        where limit.form != .span && ![.ordersPerMinute, .waitingOrders].contains(limit) {
            scene.limits[limit] = .zero
        }

        #expect(try scene.verdict() == .passed)
    }

    @Test(
        "an exit that would open or enlarge a position is refused",
        arguments: [("e", Side.buy, "10"), ("e", .sell, "11"), ("x", .sell, "1")]
    )
    func enlarging(entry: String, side: Side, quantity: String) throws {
        var scene = try ControlScene()
        try scene.hold("e", .buy, "10")
        scene.exitOf = entry
        scene.side = side
        scene.quantity = quantity

        #expect(try scene.verdict().broken == .reduceOnly)
    }

    @Test("a part of what is held may be closed, but not in another instrument's name")
    func partOfHolding() throws {
        var scene = try ControlScene()
        try scene.hold("e", .buy, "10")
        scene.exitOf = "e"
        scene.side = .sell
        scene.quantity = "4"
        let part = try scene.verdict()
        scene.instrument = "OTHER"

        #expect(part == .passed)
        #expect(try scene.verdict().broken == .reduceOnly)
    }

    // MARK: Data

    @Test("an instrument without a price is not traded")
    func noPrice() throws {
        var scene = try ControlScene()
        scene.facts.quotes = [:]

        #expect(try scene.verdict().broken == .quote)
    }

    @Test("an order from the future and a price from the future are refused")
    func future() throws {
        var order = try ControlScene()
        order.asked = Instant(
            nanosecondsSinceEpoch: ControlScene.now.nanosecondsSinceEpoch + 1
        )
        var price = try ControlScene()
        try price.quote("ACME", last: "100", secondsAgo: -1)

        #expect(try order.verdict().broken == .orderAge)
        #expect(try price.verdict().broken == .dataAge)
    }

    @Test("a jump downwards counts as much as one upwards")
    func fall() throws {
        var scene = try ControlScene()
        try scene.quote("ACME", last: "100", previous: "143")

        #expect(try scene.verdict().broken == .priceJump)
    }

    @Test("an event of another instrument does not matter, a coming one does as configured")
    func ownEvents() throws {
        var scene = try ControlScene()
        let day = ControlScene.now.date.nextWeekday.adding(days: 2)
        scene.ownEvents = [(day, "OTHER")]
        scene.limits[.eventDays] = Decimal8(2)
        let other = try scene.verdict()
        scene.ownEvents = [(day, "ACME")]
        let own = try scene.verdict()
        scene.limits[.eventDays] = Decimal8(1)

        #expect(other == .passed)
        #expect(own.broken == .eventDays)
        #expect(try scene.verdict() == .passed)
    }

    // MARK: Size

    @Test("a short sale has its stop above and its target below")
    func short() throws {
        var scene = try ControlScene()
        scene.side = .sell
        let wrong = try scene.verdict()
        scene.stop = "105"
        scene.target = "90"

        #expect(wrong.broken == .planSide)
        #expect(try scene.verdict() == .passed)
    }

    @Test("a target on the losing side of the price is refused, whatever the stop")
    func losingTarget() throws {
        var long = try ControlScene()
        long.target = "99"
        var short = try ControlScene()
        short.side = .sell
        short.stop = nil
        short.target = "101"

        #expect(try long.verdict().broken == .planSide)
        #expect(try short.verdict().broken == .planSide)
    }

    @Test("the size of an order that may pay more than the last price is that at what it may pay")
    func dearer() throws {
        var scene = try ControlScene()
        scene.limits[.orderNotional] = Decimal8(1_000)
        scene.price = "100"
        #expect(try scene.verdict() == .passed)
        scene.price = "100.01"
        #expect(try scene.verdict().broken == .orderNotional)
        scene.price = "99"
        scene.quantity = "10.1"
        #expect(try scene.verdict().broken == .orderNotional)
    }

    @Test("the plan of an order at a better price is measured from there")
    func restingPlan() throws {
        var scene = try ControlScene()
        scene.price = "96"
        scene.target = "98"
        #expect(try scene.verdict() == .passed)
        scene.stop = "96"
        #expect(try scene.verdict().broken == .planSide)
        // A worse price is no excuse.
        scene.price = "104"
        scene.stop = "101"
        #expect(try scene.verdict().broken == .planSide)
    }

    @Test("without a stop the whole notional is at risk")
    func noStop() throws {
        var scene = try ControlScene()
        scene.limits[.signalRisk] = Decimal8(units: Decimal8.scale / 100)
        scene.stop = nil
        let whole = try scene.verdict()
        scene.quantity = "10.00000001"

        #expect(whole == .passed)
        #expect(try scene.verdict().broken == .signalRisk)
    }

    @Test("the multiplier of a contract counts")
    func multiplier() throws {
        let scene = try ControlScene()
        let market = ControlMarket(multipliers: [try InstrumentID("ACME"): Decimal8(10)])
        let controls = OrderControls(limits: scene.limits, market: market)

        let verdict = try scene.verdict(of: controls)

        #expect(verdict.broken == .orderNotional)
        #expect(verdict.reason?.contains("10000 is more than 5000") == true)
    }

    @Test("the largest price, quantity and multiplier are refused and not reckoned wrongly")
    func extremes() throws {
        var scene = try ControlScene()
        for limit in OrderLimit.numbers where limit.form == .fraction {
            scene.limits[limit] = Decimal8(100)
        }
        scene.limits[.orderQuantity] = Quantity.largest
        scene.limits[.orderNotional] = Money.largestNotional
        scene.stop = nil
        scene.target = nil
        scene.quantity = Quantity.largest.description
        try scene.quote("ACME", last: Price.highest.description)
        let market = ControlMarket(multipliers: [try InstrumentID("ACME"): Decimal8(units: .max)])
        let controls = OrderControls(limits: scene.limits, market: market)

        #expect(try scene.verdict().broken == .orderNotional)
        #expect(try scene.verdict(of: controls).broken == .orderNotional)
    }

    @Test("an account that has lost everything enters nothing")
    func noEquity() throws {
        var scene = try ControlScene()
        scene.facts.equity = try Samples.money("-5")
        scene.facts.dayStart = scene.facts.equity
        scene.facts.peak = scene.facts.equity

        #expect(try scene.verdict().broken == .verdict)
    }
}
