// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Runs strategies over history.
///
/// A decision at the close of a bar uses that bar and those before it, and is filled at the open
/// of the symbol's next bar. Every fill is worse than the market by the slippage rate and pays the
/// fee on its value and on its units. The quantity is the strategy's fixed number of units, or
/// `size · equity / (close · multiplier)` at the decision, rounded down to whole lots; each symbol
/// has at most one position. Cash moves at fills only, by what the paper exchange would move it:
/// price, value and fee are each rounded to 0.00000001 once, and sums are exact. When several
/// reasons to leave hold at one close, the exit condition comes first, then the invalidation, then
/// the holding limit.
///
/// A stop or target is measured from the entry's fill and watched from the entry's bar on. A bar
/// that opens beyond it fills at the open; when one bar reaches both, the stop is taken.
public enum Backtest {
    /// Runs one strategy over one window; ``PreparedStrategy`` is faster for several windows.
    ///
    /// Bars before the window warm the indicators up. Without a window all of history is used, and
    /// without costs those of the strategy.
    /// - Throws: A ``QuantError``: `noData` when a symbol of the universe has no series or the
    ///   window no bars, `badParameter` for a capital that is not above 0 or a series given twice.
    public static func run(
        strategy: Strategy,
        history: [BarSeries],
        window: (from: Instant, through: Instant)? = nil,
        costs: Costs? = nil,
        capital: Double = 100_000,
        periodsPerYear: Double = 252,
        riskFree: Double = 0
    ) throws(QuantError) -> BacktestResult {
        try PreparedStrategy(strategy, history: history).run(
            window: window,
            costs: costs,
            capital: capital,
            periodsPerYear: periodsPerYear,
            riskFree: riskFree
        )
    }
}
