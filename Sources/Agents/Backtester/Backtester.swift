// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Desk
public import Quant

/// Runs proposals over the in-sample history.
public struct Backtester: AgentTurn {
    private let market: any MarketAccess
    private let costs: Costs
    private let capital: Double

    /// The most trades that a report lists, newest last.
    static let tradeLimit = 100
    /// The sessions between two points of the equity in a report.
    static let equityStep = 21

    /// Runs over a market with the account's capital and costs.
    public init(market: any MarketAccess, costs: Costs, capital: Double) {
        self.market = market
        self.costs = costs
        self.capital = capital
    }

    /// Says a `report` for each proposal.
    public func turn(_ input: TurnInput) throws -> TurnOutput {
        var output = TurnOutput(state: input.state, summary: "")
        var story: [String] = []
        for signal in input.signals(.proposal) {
            // What was only tried is on record, and goes no further.
            if signal.body["withdrawn"]?.boolValue == true { continue }
            let fields = try JSONFields(signal.body, path: "proposal")
            let strategy = try Strategy(try fields.required("strategy"))
            let history = strategy.history(from: try market.history())
            let result = try Backtest.run(
                strategy: strategy,
                history: history,
                costs: costs,
                capital: capital
            )
            output.say(.report, Self.report(signal.id, strategy, result))
            let sharpe = result.metrics.sharpe.map { rounded($0, 2) } ?? "undefined"
            story.append("\(strategy.name): sharpe \(sharpe), \(result.trades.count) trades")
        }
        let runs = (input.state["reports"]?.intValue ?? 0) + story.count
        output.state["reports"] = .int(Int64(runs))
        output.summary =
            story.isEmpty ? "nothing to test" : "in sample: \(story.joined(separator: "; "))"
        return output
    }

    private static func report(
        _ proposal: String,
        _ strategy: Strategy,
        _ result: BacktestResult
    ) -> JSON {
        let points = stride(from: 0, to: result.times.count, by: equityStep)
        let last = result.trades.suffix(tradeLimit)
        return [
            "proposal": .string(proposal),
            "strategy_hash": .string(strategy.hash.description),
            "strategy": strategy.json,
            "metrics": .object(result.metrics.figures.map { .init($0.name, .number($0.value)) }),
            "sample": [
                "from": .string(result.times.first.map { "\($0.date)" } ?? ""),
                "through": .string(result.times.last.map { "\($0.date)" } ?? ""),
                "sessions": .int(Int64(result.times.count)),
            ],
            "equity": .array(
                points.map { [.string("\(result.times[$0].date)"), .number(result.equity[$0])] }
            ),
            "trades": .array(last.map(json)),
            "trades_left_out": .int(Int64(result.trades.count - last.count)),
        ]
    }

    private static func json(_ trade: Quant.Trade) -> JSON {
        [
            "symbol": .string(trade.symbol.description), "side": .string(trade.side.rawValue),
            "quantity": Int64(exactly: trade.quantity).map { .int($0) } ?? .number(trade.quantity),
            "entry": .string("\(trade.entryTime.date)"), "entry_price": .number(trade.entryPrice),
            "exit": .string("\(trade.exitTime.date)"), "exit_price": .number(trade.exitPrice),
            "pnl": .number(trade.pnl), "reason": .string(trade.reason.rawValue),
        ]
    }
}

extension Strategy {
    /// The series of the universe; a symbol without bars so far has an empty one.
    func history(from all: [BarSeries]) -> [BarSeries] {
        universe.map { symbol in
            all.first { $0.symbol == symbol } ?? BarSeries(symbol: symbol)
        }
    }
}
