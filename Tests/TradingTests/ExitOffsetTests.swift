// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

@Suite("Exits measured from the fill")
struct ExitOffsetTests {
    private static func plan(_ stop: ExitOffset?, _ target: ExitOffset?) throws -> ExitPlan {
        try ExitPlan(
            stop: nil,
            target: nil,
            holdLimit: nil,
            invalidation: "the trend breaks",
            confidence: nil,
            riskInCurrency: Samples.money("100"),
            stopOffset: stop,
            targetOffset: target
        )
    }

    @Test(
        "stop and target lie from the price of the fill, slippage included",
        arguments: [(Side.buy, "98.98", "103.02"), (.sell, "100.98", "97.02")]
    )
    func levels(side: Side, stop: String, target: String) throws {
        var exchange = PaperExchange(
            configuration: try Samples.configuration(slippage: "0.01", allowsShortSales: true)
        )
        // A buyer is filled at 101 and a seller at 99.
        let plan = try Self.plan(
            .share(Samples.decimal("0.02")),
            .distance(Samples.decimal(side == .buy ? "2.02" : "1.98"))
        )
        _ = exchange.submit(try Samples.entry("a", side, plan: plan), at: Samples.stamp(0))
        _ = try exchange.settle(at: Samples.day(1), prices: Samples.flat("100"))

        let lot = try #require(exchange.book.account.sortedLots.first)

        #expect(lot.stop?.description == stop)
        #expect(lot.target?.description == target)
    }

    @Test("an order with offsets survives its journey as JSON and one without is as before")
    func roundTrip() throws {
        let plan = try Self.plan(
            .share(Samples.decimal("0.02")),
            .distance(Samples.decimal("1.5"))
        )
        let order = try Samples.entry("a", plan: plan)

        let json = try JSON(parsing: order.json.compactText)

        #expect(try Order(MessageReader(json, path: "order")) == order)
        #expect(try !Samples.entry("b").json.compactText.contains("Offset"))
    }

    @Test("a stop or a target is a price or an offset and not both, and an offset has one form")
    func both() throws {
        let offset = ExitOffset.share(try Samples.decimal("0.02"))
        let twice = #expect(throws: TradingError.self) {
            try ExitPlan(
                stop: Price(Samples.decimal("90")),
                target: nil,
                holdLimit: nil,
                invalidation: "",
                confidence: nil,
                riskInCurrency: Samples.money("1"),
                stopOffset: offset
            )
        }
        #expect(throws: TradingError.self) {
            try ExitPlan(
                stop: nil,
                target: Price(Samples.decimal("90")),
                holdLimit: 5,
                invalidation: "",
                confidence: nil,
                riskInCurrency: Samples.money("1"),
                targetOffset: offset
            )
        }
        let plan = try Self.plan(offset, nil)
        let text = try Samples.entry("a", plan: plan).json.compactText
            .replacing("{\"share\":\"0.02\"}", with: "{\"share\":\"0.02\",\"distance\":\"1\"}")

        let wrong = #expect(throws: TradingError.self) {
            try Order(MessageReader(JSON(parsing: text), path: "order"))
        }

        #expect(twice?.code == .invalidPlan)
        #expect(wrong?.code == .invalidMessage)
    }

    @Test("a lot of many units is worth its multiplier, and fees may be by lot")
    func multiplier() throws {
        let instrument = try InstrumentID(Samples.instrument)
        let fee = Fee(
            rate: try Samples.decimal("0.0001"),
            perLot: try Samples.decimal("1.5")
        )
        let configuration = try ExchangeConfiguration(
            capital: Samples.money("100000"),
            terms: [instrument: ContractTerms(multiplier: Decimal8(10), fee: fee)]
        )
        var exchange = PaperExchange(configuration: configuration)
        _ = exchange.submit(try Samples.entry("a", quantity: "2"), at: Samples.stamp(0))

        let bought = try exchange.settle(at: Samples.day(1), prices: Samples.flat("3500"))
        _ = try exchange.settle(at: Samples.day(2), prices: Samples.flat("3550"))

        #expect(bought.fills.map(\.notional.description) == ["70000"])
        #expect(bought.fills.map(\.fee.description) == ["10"])
        #expect(exchange.book.account.equity.description == "100990")
    }

    @Test("closing out leaves every lot at the last close and gives up what waits")
    func closeOut() throws {
        var exchange = PaperExchange(
            configuration: try Samples.configuration(slippage: "0.01")
        )
        _ = exchange.submit(try Samples.entry("a"), at: Samples.stamp(0))
        let empty = exchange.closeOut(.windowEnd)
        _ = try exchange.settle(
            at: Samples.day(1),
            prices: Samples.session("100", "120", "90", "110")
        )
        _ = exchange.submit(try Samples.entry("b", day: 1), at: Samples.stamp(1))

        let events = exchange.closeOut(.windowEnd)

        #expect(empty.isEmpty)
        #expect(events.trades.map(\.exitPrice.description) == ["108.9"])
        #expect(events.trades.map(\.reason) == [.windowEnd])
        #expect(events.refusals == ["b": .closingAll])
        #expect(exchange.equityCurve().count == 1)
        #expect(exchange.equityCurve().last?.cash == exchange.equityCurve().last?.equity)
    }
}
