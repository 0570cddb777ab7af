// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Time frames of strategies")
struct FramesTests {
    /// Bars at some hours after an instant, the first of which closes at 1, the next at 2.
    private static func series(
        _ hours: [Int],
        from: String = "2024-01-01T00:00:00Z",
        symbol: String = "AAA"
    ) throws -> BarSeries {
        let symbol = try Samples.symbol(symbol)
        let start = try Samples.instant(from)
        return BarSeries(
            symbol: symbol,
            bars: hours.enumerated().map { index, hour in
                let close = Double(index + 1)
                return Bar(
                    symbol: symbol,
                    time: start.adding(seconds: Int64(hour) * 3600),
                    open: close,
                    high: close + 0.25,
                    low: close - 0.5,
                    close: close,
                    volume: 10
                )
            }
        )
    }

    private static func strategy(
        _ value: String,
        period: String,
        enter: String = "seen > 0.0",
        universe: String = #"["AAA"]"#
    ) throws -> Strategy {
        try Strategy(
            try JSON(
                parsing: """
                    {"schema": 1, "name": "s", "family": "f", "universe": \(universe),
                     "side": "long", "parameters": {"n": 2, "wanted": 0},
                     "frames": {"slow": "\(period)"},
                     "features": {"seen": {"frame": "slow", "value": "\(value)"}},
                     "enter": "\(enter)", "exit": "close < lag(close, 1)", "size": 0.5}
                    """
            )
        )
    }

    /// What a feature is at each bar; nil where it is missing.
    private func seen(_ value: String, _ period: String, _ series: BarSeries) throws -> [Double?] {
        let strategy = try Self.strategy(value, period: period, enter: "seen == wanted")
        let known = try Self.strategy(value, period: period, enter: "seen == seen")
        func rows(_ strategy: Strategy) throws -> [Bool] {
            try #require(
                try PreparedStrategy(strategy, history: [series]).decisions(of: series.symbol)
            ).enter
        }
        var values: [Double?] = Array(repeating: nil, count: series.count)
        for quarter in 0..<(series.count * 4 + 8) {
            let wanted = Double(quarter) / 4
            for (index, holds) in try rows(strategy.binding(["wanted": wanted])).enumerated()
            where holds { values[index] = wanted }
        }
        #expect(try rows(known) == values.map { $0 != nil })
        return values
    }

    @Test("a longer bar is seen at the close of the bar that completes it")
    func hours() throws {
        let series = try Self.series(Array(0..<8))

        // How long the bars are is known once their distance was seen twice.
        #expect(try seen("close", "2h", series) == [nil, nil, 2, 4, 4, 6, 6, 8])
        #expect(try seen("open", "120m", series) == [nil, nil, 1, 3, 3, 5, 5, 7])
        #expect(
            try seen("high - low", "4h", series) == [nil, nil, nil, 3.75, 3.75, 3.75, 3.75, 3.75]
        )
        #expect(try seen("volume / 10.0", "4h", series)[3] == 4)
    }

    @Test("a longer bar whose last bars are missing is seen at the first one behind it")
    func gaps() throws {
        let series = try Self.series([0, 1, 2, 4, 5, 8, 9, 10, 11])

        #expect(try seen("close", "4h", series) == [nil, nil, nil, 3, 3, 5, 5, 5, 9])
    }

    @Test("a week ends with Sunday, or with Friday once two weekends without bars were passed")
    func weeks() throws {
        let everyDay = try Self.series((0..<15).map { $0 * 24 })
        let weekdays = try Self.series((0..<28).filter { $0 % 7 < 5 }.map { $0 * 24 })

        let first = try seen("close", "1w", everyDay)
        let second = try seen("close", "1w", weekdays)

        #expect(first[..<6].allSatisfy { $0 == nil })
        #expect(Array(first[6...]) == [7, 7, 7, 7, 7, 7, 7, 14, 14])
        #expect(second[..<5].allSatisfy { $0 == nil })
        #expect(Array(second[5...]) == [5, 5, 5, 5, 5, 10, 10, 10, 10, 15, 15, 15, 15, 15, 20])
    }

    @Test("bars on a weekend that nobody expected are left out of their week")
    func unexpectedWeekend() throws {
        let days = (0..<19).filter { $0 % 7 < 5 } + [19, 21, 22]
        let series = try Self.series(days.map { $0 * 24 })

        let values = try seen("close", "1w", series)

        // The third week was complete with its Friday, the fifteenth bar; its Saturday is late.
        #expect(Array(values[13...]) == [10, 15, 15, 15, 15])
    }

    @Test("features use parameters, each other and indicators over the longer bars")
    func expressions() throws {
        let series = try Self.series(Array(0..<9))
        let strategy = try Strategy(
            try JSON(
                parsing: """
                    {"schema": 1, "name": "s", "family": "f", "universe": ["AAA"], "side": "long",
                     "parameters": {"n": 2}, "frames": {"slow": "2h", "day": "1d"},
                     "features": {"avg": {"frame": "slow", "value": "sma(close, n)"},
                                  "rises": {"frame": "slow", "value": "avg > lag(avg, 1)"},
                                  "all": {"frame": "day", "value": "close"},
                                  "gap": "close - avg"},
                     "enter": "rises && gap <= 1.0", "exit": "all > 0.0", "size": 1}
                    """
            )
        )

        let rows = try PreparedStrategy(strategy, history: [series]).decisions(of: series.symbol)

        // The closes of two hours are 2, 4, 6, 8; their means 3, 5, 7 are seen from the fourth,
        // the sixth and the eighth bar on, and rise from the sixth.
        #expect(rows?.enter == [false, false, false, false, false, true, false, true, false])
        #expect(rows?.exit.contains(true) == false)
    }

    @Test("what is seen at a bar does not depend on later ones", arguments: ["3h", "1d", "1w"])
    func noLookAhead(_ period: String) throws {
        var random = SeededRandom(seed: 3)
        var hours: [Int] = []
        var hour = 0
        for _ in 0..<260 {
            hours.append(hour)
            hour += random.nextUnit() < 0.8 ? 1 : 1 + Int(random.nextUnit() * 60)
        }
        let series = try Self.series(hours)
        let number = try Self.strategy("close", period: period, enter: "close - seen <= 3.0")
        let truth = try Self.strategy("close - lag(close, 1) > 2.0", period: period, enter: "seen")

        for strategy in [number, truth] {
            let whole = try #require(
                try PreparedStrategy(strategy, history: [series]).decisions(of: series.symbol)
            )
            #expect(whole.enter.contains(true))
            for count in 60..<series.count {
                let part = try PreparedStrategy(strategy, history: [series[0..<count]])
                    .decisions(of: series.symbol)
                #expect(part?.enter == Array(whole.enter[..<count]), "\(count)")
            }
        }
    }

    @Test(
        "the rows of a sweep are backtests",
        arguments: [#"["AAA"]"#, #"["AAA", "BBB"]"#],
        [1, 1 << 28]
    )
    func sweeps(_ universe: String, _ limit: Int) throws {
        let history = SimulatedFeed(
            seed: 5,
            symbols: [try Samples.symbol("AAA"), try Samples.symbol("BBB")],
            from: try #require(CalendarDate("2015-01-01")),
            sessions: 400
        ).series
        let strategy = try Self.strategy(
            "sma(close, n)",
            period: "1w",
            enter: "close > seen + wanted",
            universe: universe
        )
        let grid = try Grid(parsing: "n=2:8:2,wanted=0|1|2")

        var rows: [SweepRow] = []
        try SweepRunner(
            strategy,
            history: history,
            grid: grid,
            options: SweepOptions(columnLimitBytes: limit)
        ).run { rows.append($0) }

        #expect(rows.count == 12 && Set(rows.map(\.finalEquity)).count > 6)
        for row in rows {
            let bound = try strategy.binding(grid.parameters(at: row.index))
            let result = try PreparedStrategy(bound, history: history).run(
                includesNeweyWest: false
            )
            #expect(row.metrics == result.metrics && row.hash == bound.hash)
            #expect(row.finalEquity == result.equity.last)
        }
    }
}

@Suite("Time frames in strategy files")
struct FrameFileTests {
    private static let text = """
        {"schema": 1, "name": "s", "family": "f", "universe": ["AAA"], "side": "long",
         "parameters": {"n": 1}, "frames": {"slow": "4h", "week": "1w"},
         "features": {"avg": {"frame": "slow", "value": "sma( close,3 )"}, "plain": "close"},
         "enter": "close > avg", "exit": "false", "size": 1}
        """

    private func changed(_ from: String, _ to: String) throws -> Strategy {
        #expect(Self.text.contains(from))
        return try Strategy(try JSON(parsing: Self.text.replacing(from, with: to)))
    }

    @Test("frames are part of the canonical form, in one spelling")
    func canonical() throws {
        let canonical = """
            {"enter":"close > avg","exit":"false","family":"f",\
            "features":{"avg":{"frame":"slow","value":"sma(close, 3)"},"plain":"close"},\
            "frames":{"slow":"4h","week":"1w"},"parameters":{"n":1},\
            "schema":1,"side":"long","size":1,"universe":["AAA"]}
            """

        let strategy = try changed("4h", "240m")

        #expect(strategy.hash == ContentHash(of: Array(canonical.utf8)))
        #expect(try Strategy(strategy.json).hash == strategy.hash)
        #expect(strategy.frames == ["slow": .minutes(240), "week": .week])
        #expect(strategy.features["avg"]?.frame == "slow")
        #expect(strategy.features["avg"]?.expression == "sma(close, 3)")
        #expect(strategy.features["plain"]?.frame == nil)
        #expect(try changed("4h", "2h").hash != strategy.hash)
        #expect(try changed(#""frame": "slow""#, #""frame": "week""#).hash != strategy.hash)
    }

    @Test(
        "a fault names the member, the frame and what is allowed",
        arguments: [
            (#""4h""#, #""4x""#, "strategy.frames.slow: '4x' is no period; use 1m to 720m"),
            (#""4h""#, #""2w""#, "strategy.frames.slow: '2w' is no period"),
            (#""4h""#, "4", "strategy.frames.slow: expected a period such as 1w"),
            (#""slow": "4h""#, #""4h": "4h""#, "strategy.frames: '4h' is no free name"),
            (
                #""frame": "slow""#, #""frame": "slov""#,
                "strategy.features.avg.frame: unknown frame 'slov'; did you mean 'slow'? "
                    + "there are slow, week"
            ),
            (
                #""frames": {"slow": "4h", "week": "1w"},"#, "",
                "strategy.features.avg.frame: unknown frame 'slow'; 'frames' names none"
            ),
            (#""frame": "slow", "#, "", "strategy.features.avg: 'frame' is missing"),
            (#""frame": "slow""#, #""fram": "slow""#, "did you mean 'frame'?"),
            (#""value": "sma( close,3 )""#, #""value": 3"#, "strategy.features.avg.value"),
            (#""plain": "close""#, #""plain": 3"#, "or an object with 'frame' and 'value'"),
            (
                "sma( close,3 )", "plain + close",
                "strategy.features.avg.value: 'plain' is no feature of the frame 'slow'; known "
                    + "there are open, high, low, close, volume, n, avg"
            ),
            ("sma( close,3 )", "clse", "strategy.features.avg.value: unknown name 'clse'"),
            ("sma( close,3 )", "sma(close)", "strategy.features.avg.value: "),
            ("sma( close,3 )", "avg", "strategy.features: these depend on each other"),
        ]
    )
    func faults(_ from: String, _ to: String, _ mention: String) throws {
        let error = #expect(throws: QuantError.self) { try changed(from, to) }

        #expect(error?.description.contains(mention) == true, "\(error?.description ?? "")")
    }

    @Test("a frame that is shorter than the bars is refused, one as long is not")
    func shortFrame() throws {
        let series = try Samples.series(Array(repeating: (1, 2, 1, 2), count: 9))
        let strategy = try changed("4h", "1d")
        let short = try changed("4h", "12h")
        let words =
            "strategy.frames.slow: bars of 12h cannot be made of those of AAA, which are at least "
            + "24 hours apart; use a period that is not shorter"

        let error = #expect(throws: QuantError.self) {
            try PreparedStrategy(short, history: [series])
        }
        let other = #expect(throws: QuantError.self) {
            try SweepRunner(short, history: [series], grid: try Grid(parsing: "n=1|2"))
        }

        #expect(error?.reason == words && error?.code == .badStrategy)
        #expect(other?.reason == words)
        #expect(try PreparedStrategy(strategy, history: [series]).times.count == 9)
    }
}
