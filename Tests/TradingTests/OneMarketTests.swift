// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

/// The exchange of a desk and the market in full treat a contract alike, to the last digit.
@Suite("One market")
struct OneMarketTests {
    /// The same orders and bars, one position at a time, on both.
    private struct Run {
        var exchange: PaperExchange
        var market: PaperMarket
        let code: String
        var time: Instant
        var random: SeededRandom
        var price: Int64
        var orders = 0
        var held: (entry: String, side: Side, quantity: String)?

        /// Whether days are settled at prices of their own, and some are locked at a limit.
        let hasDays: Bool

        init(_ code: String, seed: UInt64, leverage: Int, hasDays: Bool = false) throws {
            self.code = code
            self.hasDays = hasDays
            random = SeededRandom(seed: seed)
            price = code == "BTC" ? 90_000 : 3_500
            time = try #require(
                Instant(code == "BTC" ? "2025-12-01T00:00:00Z" : "2025-02-05T07:00:00Z")
            )
            // Enough for no call for margin, which the market takes back when it is there again.
            let capital = hasDays ? "1000000" : code == "BTC" ? "12000" : "20000"
            exchange = try ContractSamples.exchange(
                code,
                capital: capital,
                leverage: leverage,
                premium: "0.0007",
                slippage: "0.0004"
            )
            market = PaperMarket(
                rules: try MarketRules(
                    slippage: .share(try Samples.decimal("0.0004")),
                    leverage: leverage
                ),
                instruments: [
                    try InstrumentID(code): try InstrumentTests.instrument(
                        code,
                        on: code == "BTC" ? "2025-12-20" : "2025-02-20"
                    )
                ],
                balance: try Samples.money(capital)
            )
            _ = try exchange.settle(at: time, prices: [:])
        }

        /// Asks both for the same, then lets a session pass on both.
        mutating func step(_ day: Int) throws {
            try ask()
            let isBitcoin = code == "BTC"
            let next: Int64 = isBitcoin ? 3_600 : day % 5 == 4 ? 3 * 86_400 : 86_400
            time = time.adding(seconds: next)
            func near(_ price: Int64) -> Int64 {
                price + Int64(random.next() % 9) * price / 400 - price / 100
            }
            let open = near(price)
            let close = near(open)
            let (high, low) = (max(open, close) + price / 300, min(open, close) - price / 300)
            price = isBitcoin ? min(close, 99_000) : close
            let prices = try Samples.session("\(open)", "\(high)", "\(low)", "\(close)")
            let plain = try #require(prices.values.first)
            let session = hasDays ? try days(of: plain) : plain
            price = isBitcoin ? price : Int64(session.close.value.doubleValue)
            let name = try InstrumentID(code)
            let events = try exchange.settle(at: time, prices: [name: session])
            _ = try market.step([
                name: MarketBar(
                    session,
                    settlement: isBitcoin ? nil : session.settlement ?? session.close,
                    premium: isBitcoin ? try Samples.decimal("0.0007") : nil
                )
            ])
            if events.fills.contains(where: { !$0.isEntry }) { held = nil }
            if let entry = held?.entry, events.refusals[entry] != nil { held = nil }
        }

        /// The session with limits and a settlement price; each third one is locked at a limit.
        private mutating func days(of plain: SessionPrices) throws -> SessionPrices {
            let kind = random.next() % 6
            let (up, down) = (plain.high, plain.low)
            let flat = kind == 0 ? up : kind == 1 ? down : nil
            return try SessionPrices(
                open: flat ?? plain.open,
                high: flat ?? up,
                low: flat ?? down,
                close: flat ?? plain.close,
                limitUp: kind == 5 ? nil : up,
                limitDown: kind == 4 ? nil : down,
                settlement: kind == 3
                    ? nil : flat ?? [up, down, plain.open][Int(random.next() % 3)]
            )
        }

        private mutating func ask() throws {
            let isBitcoin = code == "BTC"
            guard random.next() % 3 != 0 else { return }
            orders += 1
            if let (entry, side, quantity) = held {
                guard random.next() % 3 == 0 else { return }
                let order = try ContractSamples.exit(
                    "x\(orders)",
                    of: entry,
                    side.opposite,
                    quantity,
                    code: code,
                    asked: time
                )
                // An entry that waits for a locked market has nothing to leave yet.
                guard exchange.ask(order) == .accepted else { return }
                try market.submit(
                    MarketSamples.order(
                        "x\(orders)",
                        side.opposite,
                        quantity,
                        code: code,
                        reducesOnly: true
                    )
                )
                return
            }
            let side: Side = random.next() % 2 == 0 ? .buy : .sell
            let quantity = isBitcoin ? "1.\(random.next() % 9 + 1)" : "\(random.next() % 6 + 1)"
            let far = price / 25
            let stop = "\(side == .buy ? price - far : price + far)"
            _ = exchange.ask(
                try ContractSamples.entry(
                    "e\(orders)",
                    side,
                    quantity,
                    code: code,
                    asked: time,
                    stop: isBitcoin ? nil : stop
                )
            )
            try market.submit(
                MarketSamples.order(
                    "e\(orders)",
                    side,
                    quantity,
                    code: code,
                    stop: isBitcoin ? nil : stop
                )
            )
            held = ("e\(orders)", side, quantity)
        }
    }

    /// Runs sixty days and compares the two exchanges after each.
    private func expectSame(_ run: inout Run, _ seed: UInt64) throws {
        for day in 1...60 {
            try run.step(day)

            let account = run.exchange.book.account
            #expect(account.cash == run.market.balance, "seed \(seed) day \(day)")
            #expect(account.equity == run.market.equity, "seed \(seed) day \(day)")
            #expect(account.requiredMargin == run.market.requiredMargin, "seed \(seed)")
        }
    }

    @Test(
        "balance, equity and margin are the same after every session",
        arguments: [
            "rb2505", "m2505", "fu2505", "BTC",
        ]
    )
    func same(code: String) throws {
        var (fills, reasons) = (0, Set<ExitReason>())
        for seed in 0..<60 as Range<UInt64> {
            var run = try Run(code, seed: seed, leverage: 20)
            try expectSame(&run, seed)
            fills += run.exchange.events.fills.count
            reasons.formUnion(run.exchange.events.trades.map(\.reason))
            #expect(try run.exchange.restored() == run.exchange)
        }
        #expect(fills > 300)
        #expect(reasons.contains(code == "BTC" ? .liquidation : .stop))
        #expect(code == "BTC" || reasons.contains(.marginCall))
    }

    @Test(
        "with settlement prices and locked limits as well",
        arguments: ["rb2505", "m2505", "fu2505"]
    )
    func days(code: String) throws {
        var (fills, pending) = (0, 0)
        for seed in 0..<60 as Range<UInt64> {
            var run = try Run(code, seed: seed, leverage: 20, hasDays: true)
            try expectSame(&run, seed)
            fills += run.exchange.events.fills.count
            pending += run.exchange.events.told.count {
                $0.hasSuffix("!stop is pending at the limit")
            }
            #expect(try run.exchange.restored() == run.exchange)
        }
        #expect(fills > 300 && pending > 3, "\(fills) \(pending)")
    }
}
