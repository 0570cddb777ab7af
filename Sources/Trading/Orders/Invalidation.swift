// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
import Quant

/// The condition at a close under which what a lot was entered for has failed, checked by code.
public struct Invalidation: Sendable, Hashable {
    /// The most sessions that a condition can look back to, the last one included.
    public static let sessions = 300

    private let condition: BarCondition

    /// Reads a condition such as `close < sma(close, 20)`.
    /// - Throws: A ``TradingError`` with code `invalidPlan`.
    public init(_ text: String) throws(TradingError) {
        do throws(QuantError) { condition = try BarCondition(text) } catch {
            throw TradingError(.invalidPlan, "read an invalidation", error.reason)
        }
    }

    /// Whether it holds at the close of the last of some sessions, oldest first.
    ///
    /// It does not where it has no value yet.
    /// - Throws: A ``TradingError`` with code `invalidPlan`.
    public func holds(
        after sessions: [(time: Instant, prices: SessionPrices)]
    ) throws(TradingError) -> Bool {
        do throws(QuantError) {
            let symbol = try Symbol(validating: "X")
            let bars = sessions.map { Bar($0.prices, of: symbol, at: $0.time) }
            return try condition.holds(after: bars)
        } catch {
            throw TradingError(.invalidPlan, "check an invalidation", error.reason)
        }
    }
}

extension Bar {
    fileprivate init(_ prices: SessionPrices, of symbol: Symbol, at time: Instant) {
        self.init(
            symbol: symbol,
            time: time,
            open: prices.open.value.doubleValue,
            high: prices.high.value.doubleValue,
            low: prices.low.value.doubleValue,
            close: prices.close.value.doubleValue,
            volume: prices.volume
        )
    }
}
