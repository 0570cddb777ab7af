// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Trading

extension BacktestCommand {
    /// Trades a strategy on the paper exchange.
    func trade(
        _ strategy: Strategy,
        _ data: BarData,
        _ costs: Costs,
        _ window: (from: Instant, through: Instant)?
    ) throws -> BacktestResult {
        let runner =
            switch engine {
            case .live:
                try StrategyRunner.live(
                    strategy,
                    history: data.series,
                    dialect: trading.dialect,
                    window: window,
                    costs: costs,
                    capital: trading.capital
                )
            case .backtest, .exchange:
                try StrategyRunner.replay(
                    PreparedStrategy(strategy, history: data.series, dialect: trading.dialect),
                    window: window,
                    costs: costs,
                    capital: trading.capital
                )
            }
        return runner.result(periodsPerYear: conventions.periods, riskFree: conventions.rf)
    }
}
