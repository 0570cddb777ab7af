// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Quant

extension StrategyRunner {
    /// Runs a prepared strategy over a window of its history, as a replay does.
    /// - Throws: A ``TradingError`` as ``step(at:_:isLast:)``, with code `notInForce` for a window
    ///   without bars.
    public static func replay(
        _ prepared: PreparedStrategy,
        window: (from: Instant, through: Instant)? = nil,
        costs: Costs,
        capital: Double
    ) throws(TradingError) -> StrategyRunner {
        var runner = try StrategyRunner(prepared.strategy, costs: costs, capital: capital)
        let tape = DecisionTape(prepared, contracts: costs.contracts)
        let times = try Self.times(of: prepared, window)
        for time in times {
            let bars = tape.symbols.indices.map { leg in
                Bars(bar: tape.bar(of: leg, at: time)) { bars, equity in
                    tape.decision(of: leg, at: time, bars: bars, equity: equity)
                }
            }
            try runner.step(at: time, bars, isLast: time == times.last)
        }
        return runner
    }

    /// Runs a strategy as on a live feed: at each instant it is prepared anew on the bars up to
    /// then, and knows no others.
    ///
    /// The time it takes grows with the square of the number of bars.
    /// - Throws: As ``replay(_:window:costs:capital:)``, and a `QuantError` of the strategy.
    public static func live(
        _ strategy: Strategy,
        history: [BarSeries],
        dialect: IndicatorDialect = .talib,
        window: (from: Instant, through: Instant)? = nil,
        costs: Costs,
        capital: Double
    ) throws -> StrategyRunner {
        var runner = try StrategyRunner(strategy, costs: costs, capital: capital)
        let whole = try PreparedStrategy(strategy, history: history, dialect: dialect)
        let times = try Self.times(of: whole, window)
        for time in times {
            let seen = history.map { $0[0..<$0.firstIndex(after: time)] }
            let tape = DecisionTape(
                try PreparedStrategy(strategy, history: seen, dialect: dialect),
                contracts: costs.contracts
            )
            let bars = tape.symbols.indices.map { leg in
                Bars(bar: tape.bar(of: leg, at: time)) { bars, equity in
                    tape.decision(of: leg, at: time, bars: bars, equity: equity)
                }
            }
            try runner.step(at: time, bars, isLast: time == times.last)
        }
        return runner
    }

    /// What the run came to, in the form of a backtest's result.
    public func result(periodsPerYear: Double, riskFree: Double) -> BacktestResult {
        BacktestResult(
            times: times,
            equity: equity,
            trades: trades.compactMap { Quant.Trade($0) },
            traded: tradedValues.reduce(0, +),
            exposed: exposed,
            periodsPerYear: periodsPerYear,
            riskFree: riskFree
        )
    }

    /// The trades in the order of a backtest: by their exits, at one instant by symbol, then what
    /// the venue closed, and last what the end of the run closed.
    private var trades: [Trade] {
        let trades = events.compactMap { event -> Trade? in
            if case .lotClosed(let trade) = event.kind { trade } else { nil }
        }
        return trades.sorted { left, right in
            let ends = [left, right].map(\.reason.rank)
            return (left.closed, ends[0], left.instrument) < (
                right.closed, ends[1], right.instrument
            )
        }
    }

    /// The values of all fills in the order in which a backtest adds them up.
    private var tradedValues: [Double] {
        let ranks = Dictionary(
            trades.map { ($0.exit, $0.reason.rank) },
            uniquingKeysWith: { first, _ in first }
        )
        let fills = events.compactMap { event -> Fill? in
            if case .orderFilled(let fill) = event.kind { fill } else { nil }
        }
        return fills.enumerated().sorted { left, right in
            let late = [left, right].map { ranks[$0.element.order] ?? 0 }
            let (first, second) = (left.element, right.element)
            return (first.time, late[0], first.instrument, left.offset)
                < (second.time, late[1], second.instrument, right.offset)
        }.map { $0.element.notional.value.doubleValue }
    }

    private static func times(
        of prepared: PreparedStrategy,
        _ window: (from: Instant, through: Instant)?
    ) throws(TradingError) -> [Instant] {
        let times = prepared.times.filter { time in
            window.map { $0.from <= time && time <= $0.through } ?? true
        }
        guard !times.isEmpty else {
            throw TradingError(
                .notInForce,
                "run '\(prepared.strategy.name)' on the paper exchange",
                "there are no bars in the window"
            )
        }
        return times
    }
}

extension Quant.Trade {
    /// A trade of the exchange as a backtest tells it; nil for one that no backtest could make.
    ///
    /// A backtest counts the bar of every exit, the exchange only when the lot was held into it.
    init?(_ trade: Trading.Trade) {
        guard let symbol = Symbol(trade.instrument.description),
            let reason = Quant.Trade.Reason(trade.reason)
        else { return nil }
        let isAtOpen = [.exit, .invalidation, .hold].contains(reason)
        self.init(
            symbol: symbol,
            side: trade.side == .buy ? .long : .short,
            quantity: trade.quantity.value.doubleValue,
            entryTime: trade.opened,
            entryPrice: trade.entryPrice.value.doubleValue,
            exitTime: trade.closed,
            exitPrice: trade.exitPrice.value.doubleValue,
            bars: trade.sessionsHeld + (isAtOpen ? 1 : 0),
            pnl: trade.profit.value.doubleValue,
            fees: trade.fees.value.doubleValue,
            reason: reason
        )
    }
}

extension ExitReason {
    /// The place of such an exit among those of one instant.
    fileprivate var rank: Int {
        switch self {
        case .liquidation: 1
        case .windowEnd, .ruin: 2
        default: 0
        }
    }
}
