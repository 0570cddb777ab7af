// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// An instrument that is no plain unit at one fee: a future or a perpetual future, by the rules of
/// whoever knows its rows.
///
/// A backtest asks for every number that depends on them, so that no rule is written twice. Units
/// are below 0 for a short position. Money is in steps of 0.00000001.
public protocol TradedContract: Sendable {
    /// The money per price point and unit.
    var multiplier: Double { get }
    /// What a number of units is a multiple of.
    var lot: Double { get }

    /// Trades units at a market price, slippage still to be added but never beyond the limits of
    /// the day; nil is for no slippage of any kind. `closing` is what it closes, and nil for an
    /// entry.
    func fill(
        _ units: Double,
        at market: Double,
        slippage: Double?,
        limits: PriceLimits<Double>?,
        closing: ClosedPosition?,
        time: Instant
    ) -> ContractFill

    /// Whether a trading day with a settlement is over at the end of a bar.
    func isSettled(at time: Instant) -> Bool

    /// A stop or a target of a position, moved to a price that the venue takes.
    func level(_ price: Double, of units: Double, time: Instant) -> Double

    /// What units are worth at a price.
    func worth(_ units: Double, at price: Double) -> Int128

    /// Where a bar liquidates a position in an account with this equity at its open; nil when it
    /// goes on.
    func liquidation(_ units: Double, equity: Int128, in bar: Bar) -> Double?

    /// What a position receives for holding it from one instant to another, at a price.
    func funding(_ units: Double, at price: Double, from start: Instant, to end: Instant) -> Int128

    /// The same at twice the fees, and at least so much more by value.
    func doubled(atLeast addition: Double) -> any TradedContract
}
