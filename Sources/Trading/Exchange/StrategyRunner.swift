// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Quant

/// Trades a strategy on the paper exchange, bar by bar.
///
/// At each instant the exchange settles the session; then, at its close, the strategy decides, and
/// what it wants waits for the next open. Nothing in here knows the bars to come: the decisions
/// are handed in with each step, so that a history and a feed give the same fills. They are those
/// of a backtest.
public struct StrategyRunner: Sendable {
    /// One symbol's side of the run.
    private struct Leg: Sendable {
        let symbol: Symbol
        let instrument: InstrumentID
        let multiplier: Double
        /// The last close, or the price at which the day was settled.
        var mark = 0.0
        /// The open lot's entry.
        var entry: OrderID?
        var orders = 0
    }

    /// What a step is told about one symbol.
    public struct Bars: Sendable {
        /// The bar of the instant; nil without one.
        public let bar: Bar?
        /// What the strategy wants at its close, for a position held so many bars and an equity.
        public let decide: @Sendable (_ bars: Int?, _ equity: Double) -> Decision

        /// Creates what a step is told.
        public init(bar: Bar?, decide: @escaping @Sendable (Int?, Double) -> Decision) {
            self.bar = bar
            self.decide = decide
        }
    }

    private let side: Strategy.Side
    private let name: String
    private var legs: [Leg]
    private(set) var exchange: PaperExchange
    private var isRuined = false
    /// The equity at each close, as a backtest reckons it.
    public private(set) var equity: [Double] = []
    /// The instants that were settled.
    public private(set) var times: [Instant] = []
    /// The instants at which a position was open at some moment since the one before.
    public private(set) var exposed = 0

    /// Opens an exchange for a strategy.
    /// - Throws: A ``TradingError`` with code `invalidConfiguration` for a capital, a cost or a
    ///   multiplier that the exchange does not take.
    public init(_ strategy: Strategy, costs: Costs, capital: Double) throws(TradingError) {
        side = strategy.side
        name = strategy.name
        var legs: [Leg] = []
        for symbol in strategy.universe {
            legs.append(
                Leg(
                    symbol: symbol,
                    instrument: try InstrumentID(symbol.description),
                    multiplier: costs.contracts[symbol]?.multiplier ?? strategy.multiplier
                )
            )
        }
        self.legs = legs
        exchange = PaperExchange(
            configuration: try ExchangeConfiguration(
                running: strategy,
                on: legs.map(\.instrument),
                costs: costs,
                capital: capital
            )
        )
    }

    /// Everything that the exchange did, oldest first.
    public var events: [Event] { exchange.events }

    /// Settles an instant and lets the strategy decide; `isLast` ends the run at its close.
    ///
    /// The bars are in the order of the strategy's universe.
    /// - Throws: A ``TradingError`` with code `invalidPrice`, `invalidSession`, `invalidQuantity`
    ///   or `outOfRange` for numbers that the exchange cannot hold exactly.
    public mutating func step(
        at time: Instant,
        _ bars: [Bars],
        isLast: Bool
    ) throws(TradingError) {
        precondition(bars.count == legs.count, "there are bars for each symbol")
        let wasOpen = legs.contains { $0.entry != nil }
        var prices: [InstrumentID: SessionPrices] = [:]
        for (index, told) in bars.enumerated() {
            guard let bar = told.bar else { continue }
            prices[legs[index].instrument] = try SessionPrices(exactly: bar)
            legs[index].mark = bar.close
        }
        let events = try exchange.settle(at: time, prices: prices)
        follow(events, at: time)
        if wasOpen || events.contains(where: \.isFill) { exposed += 1 }
        if isLast { follow(exchange.closeOut(.windowEnd), at: time) }
        var worth = netWorth
        if worth <= 0, !isRuined {
            follow(exchange.closeOut(.ruin), at: time)
            worth = netWorth
            isRuined = true
        }
        times.append(time)
        equity.append(worth)
        guard !isLast, !isRuined else { return }
        for (index, told) in bars.enumerated()
        where told.bar != nil && !isWaiting(legs[index].instrument) {
            let held = legs[index].entry.flatMap { exchange.book.account.lots[$0]?.sessionsHeld }
            try act(on: told.decide(held, worth), index, time)
        }
    }

    /// The equity by the arithmetic of a backtest, which pays for contracts in full, so that sizes
    /// by share are the same.
    private var netWorth: Double {
        let account = exchange.book.account
        let cash = account.lots.values.reduce(account.cash) { $0 - $1.basis }
        return legs.reduce(cash.value.doubleValue) { sum, leg in
            guard let entry = leg.entry, let lot = account.lots[entry] else { return sum }
            return sum + lot.signedQuantity.doubleValue * leg.multiplier * leg.mark
        }
    }

    /// Remembers which lots are open, and at which prices an instant's days were settled.
    private mutating func follow(_ events: [Event], at time: Instant) {
        for event in events {
            switch event.kind {
            case .orderFilled(let fill):
                for index in legs.indices where legs[index].instrument == fill.instrument {
                    legs[index].entry = fill.entry
                }
            case .lotClosed(let trade):
                for index in legs.indices where legs[index].entry == trade.entry {
                    legs[index].entry = nil
                }
            case .daySettled(let instrument, let price, _) where event.time == time:
                for index in legs.indices where legs[index].instrument == instrument {
                    legs[index].mark = price.value.doubleValue
                }
            default: break
            }
        }
    }

    /// Whether an order waits behind which nothing else is decided.
    private func isWaiting(_ instrument: InstrumentID) -> Bool {
        let lots = exchange.book.account.lots
        return exchange.book.pending.values.contains { waiting in
            guard waiting.order.instrument == instrument else { return false }
            // Of an entry that is filled in part the rest waits, and the part can be left. The exit
            // of a lot that was closed otherwise has nothing to wait for.
            if waiting.order.isEntry { return lots[waiting.order.id] == nil }
            return waiting.leaving.map { lots[$0] != nil } ?? false
        }
    }

    private mutating func act(
        on decision: Decision,
        _ index: Int,
        _ time: Instant
    ) throws(TradingError) {
        let purpose: Order.Purpose
        let quantity: Quantity
        var limit: Price?
        switch decision {
        case .stay: return
        case .enter(let units, let worst, let stop, let target):
            quantity = try Quantity(exactly: units)
            limit = try worst.map { worst throws(TradingError) in try Price(exactly: worst) }
            let plan = ExitPlan(
                decidedAtCloses: "the strategy decides at each close",
                stopOffset: try stop.flatMap { level throws(TradingError) in try ExitOffset(level)
                },
                targetOffset: try target.flatMap { level throws(TradingError) in
                    try ExitOffset(level)
                }
            )
            purpose = .entry(plan)
        case .leave(let reason):
            guard let entry = legs[index].entry, let lot = exchange.book.account.lots[entry] else {
                return
            }
            quantity = lot.quantity
            purpose = .exit(of: entry, ExitReason(reason))
        }
        legs[index].orders += 1
        let isEntry = if case .entry = purpose { true } else { false }
        let isBuy = (side == .long) == isEntry
        let order = try Order(
            id: OrderID("\(legs[index].symbol)-\(legs[index].orders)"),
            instrument: legs[index].instrument,
            side: isBuy ? .buy : .sell,
            quantity: quantity,
            purpose: purpose,
            asked: time,
            signal: "\(time)",
            strategy: String(name.prefix(40)),
            limit: limit
        )
        _ = exchange.submit(order, at: Stamp(time: time, round: 1))
    }
}

extension Event {
    fileprivate var isFill: Bool {
        if case .orderFilled = kind { true } else { false }
    }
}
