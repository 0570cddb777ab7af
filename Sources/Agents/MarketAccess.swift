// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Quant

/// The part of the market's history that an agent is shown, as of the turn's instant.
public protocol MarketAccess {
    /// The series from the beginning up to where the view ends, sorted by symbol.
    func history() throws -> [BarSeries]
    /// The last bars of each series up to now, sorted by symbol; for today's intents only.
    func recent() throws -> [BarSeries]
}
