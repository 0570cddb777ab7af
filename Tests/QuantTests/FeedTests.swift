// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Feeds")
struct FeedTests {
    private static let header = "symbol,timestamp,open,high,low,close,volume\n"

    private func simulated(
        seed: UInt64 = 1,
        symbols: [String] = ["AAA", "BBB"],
        sessions: Int = 250,
        edge: PlantedEdge = .none,
        badRowRate: Double = 0
    ) throws -> SimulatedFeed {
        SimulatedFeed(
            seed: seed,
            symbols: try symbols.map(Samples.symbol),
            from: try #require(CalendarDate("2015-01-03")),
            sessions: sessions,
            edge: edge,
            badRowRate: badRowRate
        )
    }

    @Test("a daily bar becomes known when its session closes")
    func known() throws {
        let text = Self.header + "BBB,2024-01-02,1,2,1,2,5\nAAA,2024-01-02,1,2,1,2,5\n"

        let feed = try CSVFeed(Array(text.utf8))

        let close = try Samples.instant("2024-01-02T21:00:00Z")
        #expect(feed.instants == [close])
        #expect(feed.symbols.map(\.description) == ["AAA", "BBB"])
        #expect(
            feed.bars(at: close).compactMap(\.acceptedBar?.symbol.description) == ["BBB", "AAA"]
        )
        #expect(feed.bars(at: try Samples.instant("2024-01-02")).isEmpty)
        #expect(feed.nextInstant(after: try Samples.instant("2024-01-02")) == close)
        #expect(feed.nextInstant(after: close) == nil)
    }

    @Test("a feed delivers bad rows at a sensible instant with their faults")
    func badRows() throws {
        let rows = [
            "AAA,2024-01-02,1,2,1,2,5", "AAA,2024-01-03,1,2,1,x,5", "AAA,2099-01-05,1,2,1,2,5",
            "AAA,2024-01-03,1,2,1,2,5", "AAA,2024-01-02,1,2,1,2,5", "AAA,2024-01-04,1,2,3,2,5",
            "AAA,2024-01-05,1,2,1,2,5",
        ]

        let feed = try CSVFeed(Array((Self.header + rows.joined(separator: "\n")).utf8))

        let kinds = feed.instants.map { feed.bars(at: $0).map { $0.faults.map(\.kind) } }
        #expect(
            kinds == [
                [[], [.notANumber], [.inTheFuture, .gap]], [[], [.outOfOrder]], [[.highBelowLow]],
                [[]],
            ]
        )
        #expect(feed.history(through: feed.instants[3]).first?.count == 3)
        #expect(feed.history(through: feed.instants[0]).first?.count == 1)
    }

    @Test("intraday bars become known when their interval ends")
    func intraday() throws {
        let text = Self.header + "EURUSD,2024-01-06T09:00:00Z,1,2,1,2,5\n"
        let rules = BarRules(timing: .interval(seconds: 3600))

        let feed = try CSVFeed(Array(text.utf8), rules: rules)

        #expect(feed.instants == [try Samples.instant("2024-01-06T10:00:00Z")])
        #expect(feed.bars(at: feed.instants[0]).first?.faults.isEmpty == true)
    }

    @Test("the same seed gives the same bytes and another seed others")
    func deterministic() throws {
        let bytes = BarCSV.bytes(of: try simulated().series)

        #expect(BarCSV.bytes(of: try simulated().series) == bytes)
        #expect(BarCSV.bytes(of: try simulated(seed: 2).series) != bytes)
        #expect(try simulated(symbols: ["BBB"]).series == [try simulated().series[1]])
    }

    @Test("simulated bars are good ones on weekdays with four decimals")
    func goodBars() throws {
        let feed = try simulated(sessions: 2000, edge: .strong)

        let parsed = try BarCSV.parse(BarCSV.bytes(of: feed.series))

        #expect(parsed.faults.isEmpty && parsed.series == feed.series)
        #expect(feed.instants.count == 2000)
        let closes = feed.series[0].close
        #expect(closes.allSatisfy { ($0 * 10_000).rounded() / 10_000 == $0 })
    }

    @Test("a range of dates holds its weekdays")
    func range() throws {
        let feed = SimulatedFeed(
            seed: 1,
            symbols: [try Samples.symbol("AAA")],
            from: try #require(CalendarDate("2024-01-01")),
            through: try #require(CalendarDate("2024-01-14"))
        )

        #expect(feed.series[0].count == 10)
        #expect(feed.series[0].times.last == (try Samples.instant("2024-01-12")))
    }

    @Test("bad rows are added to good ones and carry faults")
    func vandal() throws {
        let feed = try simulated(badRowRate: 0.5)

        let rows = feed.instants.flatMap { feed.bars(at: $0) }

        #expect(feed.series == (try simulated().series))
        #expect(rows.count { $0.acceptedBar != nil } == 500)
        let kinds = Set(rows.flatMap { $0.faults.map(\.kind) })
        #expect(
            kinds.isSuperset(of: [.notFinite, .negativeVolume, .highBelowLow, .duplicate])
        )
        #expect(feed.history(through: feed.instants[249]) == feed.series)
    }

    @Test("volatility clusters")
    func clusters() throws {
        let series = try simulated(symbols: ["AAA"], sessions: 8000).series[0]
        let sizes = zip(series.close, series.close.dropFirst()).map { abs($1 / $0 - 1) }
        let mean = sizes.reduce(0, +) / Double(sizes.count)
        let variance = sizes.reduce(0.0) { sum, size in sum + (size - mean) * (size - mean) }
        var covariance = 0.0
        for index in 1..<sizes.count {
            covariance += (sizes[index] - mean) * (sizes[index - 1] - mean)
        }

        let correlation = covariance / variance
        #expect(correlation > 0.05)
    }

    @Test(
        "a planted edge is there in the planted size and absent without one",
        arguments: [
            0.0, 0.15, 0.3, -0.2,
        ]
    )
    func edge(_ strength: Double) throws {
        let feed = try simulated(
            symbols: ["AAA", "BBB", "CCC", "DDD"],
            sessions: 5000,
            edge: PlantedEdge(strength: strength)
        )
        var products: [Double] = []
        var squares: [Double] = []
        for series in feed.series {
            for index in 1..<series.count {
                let range = series.high[index - 1] - series.low[index - 1]
                guard range > 0 else { continue }
                let ibs = (series.close[index - 1] - series.low[index - 1]) / range
                let change = series.close[index] / series.open[index] - 1
                products.append(change / 0.012 * (1 - 2 * ibs))
                squares.append((1 - 2 * ibs) * (1 - 2 * ibs))
            }
        }

        let slope = products.reduce(0, +) / squares.reduce(0, +)

        #expect(abs(slope - strength) < 0.05)
    }

    @Test("a reversal strategy earns with the edge and not without it")
    func reversal() throws {
        let names = ["AAA", "BBB", "CCC", "DDD"]
        let strategy = try Samples.strategy(
            enter: "ibs() < 0.2",
            exit: "true",
            universe: names,
            size: 0.2
        )
        let with = try simulated(symbols: names, sessions: 2500, edge: .strong)
        let without = try simulated(symbols: names, sessions: 2500)

        let earning = try Backtest.run(strategy: strategy, history: with.series)
        let idle = try Backtest.run(strategy: strategy, history: without.series)

        let earned = try #require(earning.metrics.neweyWestT)
        let idled = try #require(idle.metrics.neweyWestT)
        #expect(earned > 4)
        #expect(abs(idled) < 3)
    }
}
