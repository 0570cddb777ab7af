// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// Runs the research loop on many markets and counts what the gate accepts.
struct Study {
    /// The most hypotheses of one market.
    static let mostTrials = 200
    /// The true annual net Sharpe ratios of the planted strategy; none for 0.
    static let ratios = [0.0, 1.5, 2, 2.5, 3]
    /// The sessions of a market: ten and five years, the sealed two included.
    static let lengths = [2520, 1260]
    /// The first seed of the markets whose figures stand in the documentation; the gate was
    /// designed on others, from 0 and from 900,000,000,000 on.
    static let seeds: UInt64 = 40_000_000_000

    /// What was counted for one ratio and length.
    struct Cell {
        let sessions: Int
        let ratio: Double
        /// Another kind of noise than that of the simulated feed; nil for the feed.
        var kind: NoiseMarket.Kind?
        /// The ratio as it was measured on other seeds, after costs.
        let measured: Double?
        let markets: Int
        /// The markets in which something was accepted, by budget.
        var best = [0, 0, 0]
        var every = [0, 0, 0]
        var simple = [0, 0, 0]
        /// How often a test was the first that refused the best of the greatest budget.
        var failures: [String: Int] = [:]
    }

    let markets: Int
    let seeds: UInt64
    private let pool: HypothesisPool
    private let calibration: Calibration
    private let parallel: Parallel

    init(markets: Int, seeds: UInt64 = seeds, parallel: Parallel = .allCores) throws {
        self.markets = markets
        self.seeds = seeds
        self.parallel = parallel
        pool = try HypothesisPool(symbols: try StudyMarket.symbols())
        calibration = try Calibration(pool.planted, parallel: parallel)
    }

    /// The cells, by length and ratio.
    func run(_ report: (Cell) -> Void) throws -> [Cell] {
        var cells: [Cell] = []
        for sessions in Self.lengths {
            for ratio in Self.ratios {
                let strength = ratio == 0 ? 0 : calibration.strength(of: ratio)
                let empty = Cell(
                    sessions: sessions,
                    ratio: ratio,
                    measured: ratio == 0 ? nil : try calibration.measure(strength, seed: 9),
                    markets: markets
                )
                let cell = try count(empty) { seed in
                    try StudyMarket(seed: seed, sessions: sessions, strength: strength, pool: pool)
                }
                report(cell)
                cells.append(cell)
            }
        }
        return cells
    }

    /// The cells of other kinds of noise, over the greatest length.
    func noise(_ report: (Cell) -> Void) throws -> [Cell] {
        try NoiseMarket.Kind.allCases.map { kind in
            let sessions = Self.lengths[0]
            let empty = Cell(
                sessions: sessions,
                ratio: 0,
                kind: kind,
                measured: nil,
                markets: markets
            )
            let cell = try count(empty) { seed in
                try StudyMarket(seed: seed, sessions: sessions, kind: kind, pool: pool)
            }
            report(cell)
            return cell
        }
    }

    private func count(_ empty: Cell, _ make: @Sendable (UInt64) throws -> StudyMarket) throws
        -> Cell
    {
        let outcomes = parallel.map(markets) { market in
            Result {
                // Every cell has markets of its own.
                let place = 1000 * UInt64(empty.ratio * 10) + 100_000 * UInt64(empty.sessions)
                return try ResearchLoop(make(seeds + UInt64(market) + place)).run()
            }
        }
        var cell = empty
        for outcome in outcomes {
            let outcome = try outcome.get()
            for place in ResearchLoop.budgets.indices {
                cell.best[place] += outcome.best[place] ? 1 : 0
                cell.every[place] += outcome.every[place] ? 1 : 0
                cell.simple[place] += outcome.simple[place] ? 1 : 0
            }
            let failure = outcome.failures.last?.map(\.rawValue) ?? "accepted"
            cell.failures[failure, default: 0] += 1
        }
        return cell
    }
}
