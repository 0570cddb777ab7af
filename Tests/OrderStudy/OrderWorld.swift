// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Trading

/// A market, an account and limits in whole numbers, drawn from a seed.
///
/// Prices and amounts are cents, quantities hundredths of a unit, fractions hundredths of one. So
/// the oracle reckons in integers and shares no arithmetic with the code that it judges.
struct OrderWorld {
    /// One instrument.
    struct Product {
        let name: String
        let isListed: Bool
        let sector: String?
        /// Cents; nil without a price.
        let last: Int?
        let previous: Int?
        let isCrossed: Bool
        /// Seconds before now.
        let age: Int
        let hasEvent: Bool
        /// Cents that are held or wait.
        let exposure: Int
    }

    /// What an entry holds.
    struct Holding {
        let entry: String
        let product: Int
        let isLong: Bool
        /// Hundredths of a unit.
        let quantity: Int
    }

    /// The strategy behind everything that is held.
    static let strategyOfHoldings = "strategy-0"

    let products: [Product]
    let holdings: [Holding]
    let state: TradingState
    let equity: Int
    let peak: Int
    let dayStart: Int
    let waiting: Int
    /// The number of each limit, in its unit above; spans in seconds.
    let limits: [OrderLimit: Int]
    /// Seconds since 2000.
    var now = 400_000_000

    init(_ random: inout SeededRandom) {
        products = (0..<12).map { Self.product($0, &random) }
        holdings = (0..<4).map { number in
            Holding(
                entry: "h\(number)",
                product: number,
                isLong: number % 2 == 0,
                quantity: Int.random(in: 1...5_000, using: &random)
            )
        }
        let states: [TradingState] = [.active, .active, .active, .active, .reducing, .halted]
        state = states[Int.random(in: 0..<states.count, using: &random)]
        equity = Int.random(in: 1_000_000...1_000_000_000, using: &random)
        let isRich = Int.random(in: 0..<4, using: &random) > 0
        peak = equity + equity * Int.random(in: 0...(isRich ? 4 : 12), using: &random) / 100
        dayStart = equity + equity * Int.random(in: -3...(isRich ? 2 : 6), using: &random) / 100
        waiting = Int.random(in: 0..<6, using: &random) == 0 ? 50 : 3
        limits = [
            .orderAge: 3_600, .duplicateWindow: 60, .ordersPerMinute: 6, .waitingOrders: 50,
            .dataAge: 7_200, .priceJump: 30, .priceCollar: 10, .planCollar: 50,
            .orderQuantity: 2_000_000,
            .orderNotional: Int.random(in: 100_000...20_000_000, using: &random),
            .signalFraction: Int.random(in: 1...8, using: &random), .signalRisk: 2,
            .positionNotional: equity / 5, .sectorExposure: 30, .grossExposure: 90, .eventDays: 0,
            .dailyLoss: 3, .drawdown: 5,
        ]
    }

    private static func product(_ number: Int, _ random: inout SeededRandom) -> Product {
        let last = Int.random(in: 100...50_000, using: &random)
        let jump = number == 8 ? 60 : Int.random(in: -15...15, using: &random)
        return Product(
            name: "P\(number)",
            isListed: number != 9,
            sector: number < 4 ? "metal" : number < 8 ? "grain" : nil,
            last: number == 10 ? nil : last,
            previous: Int.random(in: 0..<5, using: &random) == 0 ? nil : last * (100 + jump) / 100,
            isCrossed: number == 11,
            age: number == 7 ? 7_300 : Int.random(in: 0...6_000, using: &random),
            hasEvent: number == 6,
            exposure: Int.random(in: 0...30_000_000, using: &random)
        )
    }

    // MARK: As the controls see it

    func controls() throws -> OrderControls {
        let listed = try products.filter(\.isListed).map { try InstrumentID($0.name) }
        var limits = OrderLimits(capital: Money(Decimal8(1)), products: Set(listed))
        for (limit, number) in self.limits {
            switch limit.form {
            case .quantity, .amount, .fraction: limits[limit] = Self.hundredths(number)
            default: limits[limit] = Decimal8(number)
            }
        }
        var sectors: [InstrumentID: String] = [:]
        for product in products { sectors[try InstrumentID(product.name)] = product.sector }
        let today = Self.instant(now).date
        return OrderControls(
            limits: limits,
            market: ControlMarket(
                sectors: sectors,
                ownEvents: EventCalendar(
                    products.filter(\.hasEvent).flatMap { product in
                        (0..<3).map { .init(date: today.adding(days: $0), label: product.name) }
                    }
                )
            )
        )
    }

    func facts() throws -> ControlFacts {
        var facts = ControlFacts(
            now: Self.instant(now),
            state: state,
            equity: Money(Self.hundredths(equity)),
            peak: Money(Self.hundredths(peak)),
            dayStart: Money(Self.hundredths(dayStart)),
            waitingOrders: waiting
        )
        for product in products {
            let instrument = try InstrumentID(product.name)
            facts.exposures[instrument] = Money(Self.hundredths(product.exposure))
            guard let last = product.last else { continue }
            facts.quotes[instrument] = Quote(
                last: try Price(Self.hundredths(last)),
                previous: try product.previous.map { try Price(Self.hundredths($0)) },
                bid: try Price(Self.hundredths(product.isCrossed ? last + 1 : last)),
                ask: try Price(Self.hundredths(last + 1)),
                time: Self.instant(quoteTime(of: product))
            )
        }
        for holding in holdings {
            facts.holdings[try OrderID(holding.entry)] = .init(
                instrument: try InstrumentID(products[holding.product].name),
                side: holding.isLong ? .buy : .sell,
                quantity: try Quantity(Self.hundredths(holding.quantity)),
                strategy: Self.strategyOfHoldings
            )
        }
        return facts
    }

    /// Prices were made before the world began to move on.
    func quoteTime(of product: Product) -> Int { 400_000_000 - product.age }

    static func instant(_ seconds: Int) -> Instant {
        Instant(secondsSinceEpoch: 946_684_800 + Int64(seconds))
    }

    static func hundredths(_ count: Int) -> Decimal8 {
        Decimal8(units: Int64(count) * (Decimal8.scale / 100))
    }
}
