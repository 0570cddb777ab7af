// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// What trades a strategy; all of them fill it alike.
enum TradingEngine: String, CaseIterable, ExpressibleByArgument {
    /// The backtester, which knows all bars at once.
    case backtest
    /// The paper exchange over a history.
    case exchange
    /// The paper exchange, with a strategy that at each bar knows none of those to come.
    case live
}
