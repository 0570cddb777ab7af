// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Bars made of shorter bars")
struct ResamplingTests {
    private static let minute = BarTiming.interval(seconds: 60)

    /// One-minute bars from some times on, so many from each; the close counts them.
    private static func minutes(_ stretches: [(String, Int)]) throws -> BarSeries {
        let symbol = try Samples.symbol("RB")
        var series = BarSeries(symbol: symbol)
        for (text, count) in stretches {
            let start = try Samples.instant(text)
            for index in 0..<count {
                let close = Double(series.count + 1)
                series.append(
                    Bar(
                        symbol: symbol,
                        time: start.adding(seconds: Int64(index) * 60),
                        open: close - 0.5,
                        high: close + 1,
                        low: close - 0.75,
                        close: close,
                        volume: 10
                    )
                )
            }
        }
        return series
    }

    /// Friday's night session, then Monday by day, at the hours of China.
    private static func futures() throws -> BarSeries {
        try minutes([
            ("2024-01-05T21:00:00+08:00", 330), ("2024-01-08T09:00:00+08:00", 75),
            ("2024-01-08T10:30:00+08:00", 60), ("2024-01-08T13:30:00+08:00", 90),
        ])
    }

    private static let sessions = TradingSessions.chineseFutures(nightEnd: (2, 30))

    @Test("a bar has the first open, the extremes, the last close and all the volume")
    func fields() throws {
        let base = try Self.minutes([("2024-01-02T00:00:00Z", 7)])

        let made = try ResampledBars(base, to: .minutes(3), timing: Self.minute)

        #expect(made.series.count == 2)
        let bar = made.series[1]
        #expect([bar.open, bar.high, bar.low, bar.close, bar.volume] == [3.5, 7, 3.25, 6, 30])
        #expect(bar.time == (try Samples.instant("2024-01-02T00:03:00Z")))
        #expect(made.forming?.close == 7)
        #expect(made.lastComplete == [-1, -1, 0, 0, 0, 1, 1])
    }

    @Test("four hours are counted in trading time across breaks, from the night on")
    func fourHours() throws {
        let made = try ResampledBars(
            try Self.futures(),
            to: .minutes(240),
            timing: Self.minute,
            sessions: Self.sessions
        )

        // 330 minutes by night and 225 by day: two whole bars, then the rest of the day.
        #expect(made.series.close.elementsEqual([240, 480, 555]))
        #expect(made.series.times[0] == (try Samples.instant("2024-01-05T21:00:00+08:00")))
        #expect(made.series.times[1] == (try Samples.instant("2024-01-06T01:00:00+08:00")))
        #expect(made.series.times[2] == (try Samples.instant("2024-01-08T13:45:00+08:00")))
        #expect(made.forming == nil && made.outside.isEmpty)
    }

    @Test("bars may start anew after each break")
    func restart() throws {
        let made = try ResampledBars(
            try Self.futures(),
            to: .minutes(30),
            timing: Self.minute,
            sessions: Self.sessions,
            restartsAfterBreaks: true
        )

        // 11 by night; then 30 + 30 + 15, 30 + 30 and 30 + 30 + 30.
        #expect(made.series.count == 11 + 3 + 2 + 3)
        #expect(
            made.series.volume.elementsEqual(
                Array(repeating: 300, count: 13) + [150] + Array(repeating: 300, count: 5)
            )
        )
        #expect(made.series.times[14] == (try Samples.instant("2024-01-08T10:30:00+08:00")))
    }

    @Test("a night session belongs to the next trading day")
    func night() throws {
        let made = try ResampledBars(
            try Self.futures(),
            to: .day,
            timing: Self.minute,
            sessions: Self.sessions
        )

        #expect(made.series.count == 1)
        #expect(made.series.times[0] == (try Samples.instant("2024-01-08")))
        #expect(made.series.open[0] == 0.5 && made.series.close[0] == 555)
    }

    @Test("a bar whose night was not held begins with the day, and others are left outside")
    func noNight() throws {
        let base = try Self.minutes([
            ("2024-01-08T08:55:00+08:00", 7), ("2024-01-08T10:20:00+08:00", 1),
        ])

        let made = try ResampledBars(
            base,
            to: .minutes(240),
            timing: Self.minute,
            sessions: Self.sessions
        )

        #expect(made.outside == [0, 1, 2, 3, 4, 7])
        #expect(made.series.isEmpty)
        #expect(made.forming?.time == (try Samples.instant("2024-01-08T09:00:00+08:00")))
    }

    @Test("a missing last minute completes a bar with the next one")
    func missing() throws {
        let base = try Self.minutes([("2024-01-02T00:00:00Z", 2), ("2024-01-02T00:04:00Z", 1)])

        let made = try ResampledBars(base, to: .minutes(3), timing: Self.minute)

        #expect(made.lastComplete == [-1, -1, 0])
        #expect(made.series.close.elementsEqual([2]))
    }

    @Test("weeks end on their last trading day")
    func weeks() throws {
        // Good Friday of 2012 was the sixth of April.
        let series = try Samples.series(
            Array(repeating: (1, 2, 1, 1.5), count: 4),
            from: "2012-04-02"
        )
        let sessions = TradingSessions.usEquities

        let whole = try ResampledBars(series, to: .week, timing: .daily, sessions: sessions)
        let part = try ResampledBars(series[0..<3], to: .week, timing: .daily, sessions: sessions)

        #expect(whole.series.count == 1 && whole.lastComplete == [-1, -1, -1, 0])
        #expect(whole.series.times[0] == series.times[0])
        #expect(part.series.isEmpty && part.forming?.volume == 3000)
    }

    @Test("what is known at a bar does not change with what comes after", arguments: 1...6)
    func noLookAhead(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let all = try Self.futures()
        let kept = all.bars.filter { _ in random.next() % 5 > 0 }
        let base = BarSeries(symbol: all.symbol, bars: kept)
        let period = [BarPeriod.minutes(7), .minutes(60), .minutes(240), .day][Int(seed) % 4]
        func make(_ series: BarSeries) throws -> ResampledBars {
            try ResampledBars(
                series,
                to: period,
                timing: Self.minute,
                sessions: Self.sessions,
                restartsAfterBreaks: seed > 3
            )
        }
        let whole = try make(base)

        for cut in stride(from: 1, to: base.count, by: 13) {
            let part = try make(base[0..<cut])

            #expect(part.lastComplete == Array(whole.lastComplete[..<cut]))
            #expect(part.series == whole.series[0..<part.series.count])
            #expect(part.series.count == (whole.lastComplete[cut - 1] + 1))
        }
    }

    @Test("New York's hours follow its summer time")
    func summer() throws {
        let base = try Self.minutes([
            ("2024-03-08T14:30:00Z", 390), ("2024-03-11T13:30:00Z", 390),
        ])

        let made = try ResampledBars(
            base,
            to: .day,
            timing: Self.minute,
            sessions: .usEquities
        )

        #expect(made.series.close.elementsEqual([390, 780]))
        #expect(made.outside.isEmpty)
    }

    @Test("impossible periods and overlapping bars are refused")
    func refused() throws {
        let daily = try Samples.series([(1, 2, 1, 1.5)])
        let base = try Self.minutes([("2024-01-02T00:00:00Z", 3)])

        let short = #expect(throws: QuantError.self) {
            try ResampledBars(daily, to: .minutes(30), timing: .daily)
        }
        let long = #expect(throws: QuantError.self) {
            try ResampledBars(base, to: .minutes(3), timing: .interval(seconds: 300))
        }
        let overlap = #expect(throws: QuantError.self) {
            try ResampledBars(base, to: .minutes(30), timing: .interval(seconds: 300))
        }

        #expect(short?.description.contains("bars of 30m cannot be made") == true)
        #expect(long?.code == .badParameter)
        #expect(overlap?.description.contains("overlaps") == true)
    }

    @Test(
        "periods are read and written",
        arguments: [
            ("3m", "3m"), ("240m", "4h"), ("4h", "4h"), ("1d", "1d"), ("1w", "1w"), ("0m", ""),
            ("2d", ""), ("h", ""), ("+3m", ""), ("721m", ""), ("13h", ""), ("3x", ""), ("", ""),
        ]
    )
    func periods(_ text: String, _ expected: String) {
        #expect((BarPeriod(text)?.description ?? "") == expected)
    }

    @Test("gaps are counted in bars that the sessions should have had")
    func gaps() throws {
        let base = try Self.minutes([
            ("2024-01-05T21:00:00+08:00", 330), ("2024-01-08T09:00:00+08:00", 70),
            ("2024-01-08T10:30:00+08:00", 60), ("2024-01-09T13:30:00+08:00", 1),
        ])

        let gaps = base.gaps(timing: Self.minute, sessions: Self.sessions)

        #expect(gaps.map(\.count) == [5, 90 + 330 + 75 + 60])
        #expect(gaps.first?.description.hasPrefix("5 bars are missing after 2024") == true)
        #expect(try Self.futures().gaps(timing: Self.minute, sessions: Self.sessions).isEmpty)
    }
}
