// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A seeded random market of daily bars on weekdays.
///
/// Each symbol is a geometric random walk of its own with volatility that clusters, jumps between
/// sessions, and the planted edge. Prices have four decimals. Equal arguments give equal bars, and
/// a symbol's bars depend on no other symbol. Without library functions in the arithmetic, they
/// are the same on every machine.
public struct SimulatedFeed: MarketFeed {
    /// The instants at which rows become known, strictly increasing.
    public let instants: [Instant]
    /// The symbols, sorted.
    public let symbols: [Symbol]
    /// The good bars, one series per symbol, sorted by symbol.
    public let series: [BarSeries]
    private let schedule: FeedSchedule

    /// Simulates so many sessions from the first weekday at or after a date.
    ///
    /// With `badRowRate`, so large a share of good rows is followed by a bad one of the same
    /// instant; the good rows are the same with and without.
    public init(
        seed: UInt64,
        symbols: [Symbol],
        from: CalendarDate,
        sessions: Int,
        edge: PlantedEdge = .none,
        timing: BarTiming = .daily,
        badRowRate: Double = 0
    ) {
        precondition(sessions >= 1 && sessions <= 100_000, "from 1 to 100000 sessions")
        precondition((0...1).contains(badRowRate), "a rate is from 0 to 1")
        self.symbols = Set(symbols).sorted()
        series = self.symbols.map { symbol in
            var walk = SimulatedWalk(seed: seed, symbol: symbol, edge: edge)
            var series = BarSeries(symbol: symbol)
            var date = from.adding(days: -1).nextWeekday
            for _ in 0..<sessions {
                series.append(walk.next(Instant(date)))
                date = date.nextWeekday
            }
            return series
        }
        var vandal = RowVandal(seed: seed, rate: badRowRate, timing: timing)
        var arrivals: [(instant: Instant, row: FeedRow)] = []
        for session in 0..<sessions {
            for series in series {
                let bar = series[session]
                let instant = timing.completion(of: bar.time)
                for row in vandal.rows(for: bar, at: instant) { arrivals.append((instant, row)) }
            }
        }
        schedule = FeedSchedule(arrivals)
        instants = schedule.instants
    }

    /// Simulates the weekdays from one date through another.
    public init(
        seed: UInt64,
        symbols: [Symbol],
        from: CalendarDate,
        through: CalendarDate,
        edge: PlantedEdge = .none,
        timing: BarTiming = .daily,
        badRowRate: Double = 0
    ) {
        let sessions = (from.daysSinceEpoch...max(from, through).daysSinceEpoch).count { day in
            (1...5).contains(CalendarDate(daysSinceEpoch: day).weekday)
        }
        self.init(
            seed: seed,
            symbols: symbols,
            from: from,
            sessions: sessions,
            edge: edge,
            timing: timing,
            badRowRate: badRowRate
        )
    }

    /// The rows that become known at exactly that instant, bad ones included; none at any other.
    public func bars(at instant: Instant) -> [FeedRow] {
        schedule.rows(at: instant)
    }
}
