// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a prepared strategy decides at each bar, for an engine of one's own.
///
/// The decisions are those of a backtest: the same conditions, the same order of reasons to leave,
/// the same number of units.
public struct DecisionTape: Sendable {
    private struct Leg: Sendable {
        let series: BarSeries
        let decided: DecidedLeg
        let multiplier: Double
        let lot: Double
    }

    /// The strategy.
    public let strategy: Strategy
    private let legs: [Leg]

    /// Writes down what a strategy decides over its history; contracts among its symbols have
    /// multipliers and lots of their own.
    public init(
        _ prepared: PreparedStrategy,
        contracts: [Symbol: any TradedContract] = [:]
    ) {
        let rules = prepared.strategy.rules
        strategy = prepared.strategy
        legs = prepared.legs.map { leg in
            let contract = contracts[leg.series.symbol]
            return Leg(
                series: leg.series,
                decided: DecidedLeg(leg.series, leg.signals),
                multiplier: contract?.multiplier ?? rules.multiplier,
                lot: contract?.lot ?? rules.lot
            )
        }
    }

    /// The symbols in the order in which everything is done for them.
    public var symbols: [Symbol] { legs.map(\.series.symbol) }

    /// The bar of a symbol, by its place in ``symbols``, at an instant; nil when it has none.
    public func bar(of leg: Int, at time: Instant) -> Bar? {
        row(of: leg, at: time).map { legs[leg].series[$0] }
    }

    /// What is wanted at the close of a symbol's bar; nothing at an instant without one.
    ///
    /// `bars` is how many bars a position has been held, that of its entry included, and nil
    /// without one; `equity` is what a size by share is a share of.
    public func decision(of leg: Int, at time: Instant, bars: Int?, equity: Double) -> Decision {
        guard let row = row(of: leg, at: time) else { return .stay }
        let decided = legs[leg].decided
        let rules = strategy.rules
        if let bars {
            if decided.exit[row] { return .leave(.exit) }
            if decided.invalidation?[row] == true { return .leave(.invalidation) }
            if let hold = rules.hold, bars >= hold { return .leave(.hold) }
            return .stay
        }
        guard decided.enter[row] else { return .stay }
        let units = rules.units(
            equity: equity,
            price: legs[leg].series.close[row],
            multiplier: legs[leg].multiplier,
            lot: legs[leg].lot
        )
        let limit = rules.limit(
            of: legs[leg].series.close[row],
            distance: decided.limit?[row]
        )
        guard units > 0, limit.map({ $0 > 0 }) ?? true else { return .stay }
        return .enter(
            units: units,
            limit: limit,
            stop: Self.level(rules.stop, decided.stop?[row]),
            target: Self.level(rules.target, decided.target?[row])
        )
    }

    private func row(of leg: Int, at time: Instant) -> Int? {
        let series = legs[leg].series
        let row = series.firstIndex(atOrAfter: time)
        return row < series.count && series.times[row] == time ? row : nil
    }

    private static func level(_ share: Double?, _ distance: Double?) -> Decision.Level? {
        share.map { .share($0) } ?? distance.map { .distance($0) }
    }
}
