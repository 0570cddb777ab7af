// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// Finds how strong an edge must be planted for a strategy to have a stated Sharpe ratio.
///
/// The ratio of a strategy that is in the market at fixed times grows in proportion to the edge, so
/// two long markets say it all; a third, of another seed, is the proof.
struct Calibration {
    /// The sessions of one long market, and their number.
    private static let sessions = 50_000, markets = 4

    private let strategy: Strategy
    private let parallel: Parallel
    private var line = (offset: 0.0, slope: 0.0)

    init(_ strategy: Strategy, parallel: Parallel) throws {
        self.strategy = strategy
        self.parallel = parallel
        let (weak, strong) = (0.05, 0.15)
        let low = try measure(weak, seed: 1)
        let high = try measure(strong, seed: 1)
        let slope = (high - low) / (strong - weak)
        line = (low - slope * weak, slope)
    }

    /// The strength for an annual net Sharpe ratio.
    func strength(of ratio: Double) -> Double { (ratio - line.offset) / line.slope }

    /// The annual net Sharpe ratio on long markets with that strength.
    func measure(_ strength: Double, seed: UInt64) throws -> Double {
        guard let start = CalendarDate("1900-01-01") else { return .nan }
        let symbols = try StudyMarket.symbols()
        let means = parallel.map(Self.markets) { market in
            Result {
                let feed = SimulatedFeed(
                    seed: seed * 1_000_000 + UInt64(market),
                    symbols: symbols,
                    from: start,
                    sessions: Self.sessions,
                    edge: PlantedEdge(strength: strength, form: .turnOfMonth)
                )
                return try Backtest.run(strategy: strategy, history: feed.series).metrics.moments
            }
        }
        var mean = 0.0
        var square = 0.0
        for moments in means {
            let moments = try moments.get()
            mean += (moments.mean ?? .nan) / Double(Self.markets)
            square += (moments.deviation ?? .nan) * (moments.deviation ?? .nan)
        }
        return mean / (square / Double(Self.markets)).squareRoot() * 252.0.squareRoot()
    }
}
