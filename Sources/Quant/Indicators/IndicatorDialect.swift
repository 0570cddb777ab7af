// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Whose conventions an indicator follows where traders' tools disagree.
public enum IndicatorDialect: String, Sendable, Hashable, CaseIterable {
    /// TA-Lib: both averages of MACD are seeded to end on the same bar, RSI of a pure rise is
    /// 100, ATR starts after a full window.
    case talib
    /// FMZ's open engine: each average of MACD is seeded on its own first bars, RSI without any
    /// loss is 0, ATR starts at the first bar with a running mean.
    case fmz
}
