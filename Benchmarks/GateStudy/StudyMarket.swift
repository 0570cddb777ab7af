// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// A seeded market of five symbols with a planted edge, and what a researcher makes of it.
struct StudyMarket {
    /// The fee on each side of a trade.
    static let fee = 0.0002
    /// The sessions of the sealed window.
    static let sealed = 504

    /// The symbols of every market.
    static func symbols() throws -> [Symbol] {
        try ["AA", "BB", "CC", "DD", "EE"].map { text in
            guard let symbol = Symbol(text) else {
                throw QuantError(.badSymbol, operation: "study", reason: "'\(text)'")
            }
            return symbol
        }
    }

    let history: [BarSeries]
    /// The last instant that the researcher can see.
    let seal: Instant
    /// The hypotheses in the order in which they are tried.
    let hypotheses: [Strategy]
    /// The place of the one that finds the edge; nil when there is none.
    let planted: Int?

    /// A market of another kind of noise.
    init(seed: UInt64, sessions: Int, kind: NoiseMarket.Kind, pool: HypothesisPool) throws {
        let market = NoiseMarket(kind, seed: seed, sessions: sessions)
        let start = try Self.start()
        let history = try Self.symbols().enumerated().map { place, symbol in
            market.series(of: symbol, from: start, seed: seed &* 31 &+ UInt64(place) &+ 1)
        }
        try self.init(history, planted: nil, seed: seed, pool: pool)
    }

    /// The simulated market of a seed; with an edge, what finds it is among the first ten
    /// tried.
    init(seed: UInt64, sessions: Int, strength: Double, pool: HypothesisPool) throws {
        let feed = SimulatedFeed(
            seed: seed,
            symbols: try Self.symbols(),
            from: try Self.start(),
            sessions: sessions,
            edge: PlantedEdge(strength: strength, form: .turnOfMonth)
        )
        let planted = strength == 0 ? nil : pool.planted
        try self.init(feed.series, planted: planted, seed: seed, pool: pool)
    }

    private static func start() throws -> CalendarDate {
        guard let start = CalendarDate("2014-01-01") else {
            throw QuantError(.noData, operation: "study", reason: "no date to start at")
        }
        return start
    }

    private init(
        _ history: [BarSeries],
        planted strategy: Strategy?,
        seed: UInt64,
        pool: HypothesisPool
    ) throws {
        self.history = history
        guard let seal = Gate.seal(of: history, returns: Self.sealed) else {
            throw QuantError(.noData, operation: "study", reason: "too few sessions to seal some")
        }
        self.seal = seal
        var random = SeededRandom(seed: seed)
        var hypotheses = pool.strategies
        hypotheses.shuffle(using: &random)
        hypotheses = Array(hypotheses.prefix(Study.mostTrials))
        planted = strategy == nil ? nil : Int(random.next() % 10)
        if let planted, let strategy { hypotheses[planted] = strategy }
        self.hypotheses = hypotheses
    }
}
