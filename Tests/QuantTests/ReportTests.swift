// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("The page of a backtest")
struct ReportTests {
    /// A seeded walk of daily bars.
    static func walk(_ count: Int, seed: UInt64 = 1, symbol: String = "AAA") throws -> BarSeries {
        var random = SeededRandom(seed: seed)
        var price = 100.0
        let rows = (0..<count).map { _ in
            let open = price
            price = max(1, price * (1 + random.nextNormal() / 100))
            return (open, max(open, price) * 1.002, min(open, price) * 0.998, price)
        }
        return try Samples.series(rows, symbol: symbol, from: "2010-01-01")
    }

    static func report(
        _ count: Int = 1500,
        text: String = "enter: a < b & c",
        enter: String = "close > sma(close, 10)",
        exit: String = "close < sma(close, 10)"
    ) throws -> (html: String, result: BacktestResult) {
        let series = try walk(count)
        let strategy = try Samples.strategy(enter: enter, exit: exit)
        let costs = Costs(feeRate: 0.0005, slippageRate: 0.0001)
        let result = try Backtest.run(strategy: strategy, history: [series], costs: costs)
        let report = BacktestReport(
            subject: ReportSubject(strategy),
            text: text,
            result: result,
            history: [series],
            costs: costs,
            source: "bars.csv"
        )
        return (report.html, result)
    }

    @Test("it is whole by itself: no script and nothing from elsewhere")
    func selfContained() throws {
        let html = try Self.report().html

        for word in ["<script", "http:", "https:", "src=", "href=", "@import", "url("] {
            #expect(!html.contains(word), "\(word)")
        }
        #expect(html.hasPrefix("<!DOCTYPE html>"))
        #expect(html.contains("prefers-color-scheme: dark"))
    }

    @Test("it is well-formed, so that any reader shows it alike")
    func wellFormed() throws {
        let html = try Self.report().html

        var open: [Substring] = []
        var rest = html[...]
        while let start = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: start)...]
            let end = try #require(rest.firstIndex(of: ">"))
            let tag = rest[..<end]
            rest = rest[end...]
            let name = tag.prefix { !" />".contains($0) || $0 == "/" && tag.first == "/" }
            if tag.hasPrefix("!") || tag.hasSuffix("/") || name == "meta" { continue }
            if name.hasPrefix("/") {
                #expect(open.popLast() == name.dropFirst())
            } else {
                open.append(name)
            }
        }
        #expect(open.isEmpty)
    }

    @Test("the same backtest gives the same bytes")
    func deterministic() throws {
        #expect(try Self.report().html == Self.report().html)
    }

    @Test("it has equity, drawdown, price, months, figures, trades, strategy and conventions")
    func sections() throws {
        let (html, result) = try Self.report()

        for words in [
            "Equity at each close", "Loss from the highest equity", "AAA at each close",
            "Returns by month", "Figures", "Strategy", "Conventions", "2010", "2014",
            "▲ entry, ◆ exit", "enter: a &lt; b &amp; c", "class=\"mark entry\"", "bars.csv",
        ] {
            #expect(html.contains(words), "\(words)")
        }
        #expect(result.trades.count > 50)
    }

    @Test("a long history is thinned out to a small page that keeps its extremes")
    func decimation() throws {
        let (html, result) = try Self.report(60_000)

        let points = html.split(separator: "class=\"line").map { part in
            part.prefix { $0 != ">" }.count { $0 == "L" }
        }
        #expect(points.allSatisfy { $0 <= 2000 })
        #expect(html.utf8.count < 600_000)
        #expect(html.contains("trades marked"))
        #expect(result.times.count == 60_000)
    }

    @Test("a backtest of one bar, or without trades, is a page as well", arguments: [1, 2, 30])
    func small(_ count: Int) throws {
        let html = try Self.report(count, enter: "false", exit: "false").html

        #expect(html.contains("No trade was made."))
        #expect(!html.contains(">nan") && !html.contains(">inf") && !html.contains("NaN"))
        #expect(html.contains(count == 1 ? ", 1 bar of" : ", \(count) bars of"))
        // Even one bar is a line to see, dated, and no edge has the same label twice.
        #expect(
            html.components(of: "class=\"line").allSatisfy { $0.contains(count == 1 ? "H" : "L") }
        )
        let labels = html.components(of: "class=\"value\"").map { $0.drop { $0 != ">" } }
        let drawdowns = labels.filter { $0.contains("%") }
        #expect(!drawdowns.isEmpty && Set(drawdowns).count == drawdowns.count)
    }

    @Test("returns by month compare the last equities of months")
    func months() throws {
        let times = try ["2023-11-30", "2023-12-29", "2024-01-15", "2024-01-31", "2024-03-01"].map {
            try Samples.instant($0)
        }

        let years = MonthlyReturns(times: times, equity: [100, 110, 100, 121, 60.5]).years

        #expect(years.map(\.year) == [2023, 2024])
        #expect(years[0].months[10] == 0)
        #expect(Samples.near(years[0].months[11], 0.1))
        #expect(Samples.near(years[0].total, 0.1))
        #expect(Samples.near(years[1].months[0], 0.1))
        #expect(years[1].months[1] == nil)
        #expect(Samples.near(years[1].months[2], -0.5))
        #expect(Samples.near(years[1].total, -0.45))
    }

    @Test("months at the end of time and after ruin do not trap")
    func edges() throws {
        let late = Instant(nanosecondsSinceEpoch: .max)

        let years = MonthlyReturns(
            times: [try Samples.instant("2024-01-01"), late],
            equity: [0, 0]
        )

        #expect(years.years.last?.year == 2262)
        #expect(years.years.allSatisfy { $0.months.allSatisfy { ($0 ?? 0) == 0 } })
    }

    @Test("trades, equity and returns are written so that they read back")
    func files() throws {
        let result = try Self.report(300).result

        let trades = String(decoding: result.tradesCSV, as: UTF8.self).split(separator: "\n")
        let equity = String(decoding: result.equityCSV, as: UTF8.self).split(separator: "\n")
        #expect(trades.count == result.trades.count + 1)
        #expect(trades[0].hasPrefix("symbol,side,quantity,entry_time,entry_price"))
        #expect(equity.count == result.equity.count + 1)
        #expect(equity[1] == "2010-01-01T00:00:00Z,100000,0")
        #expect(try ReturnsCSV.parse(result.returnsCSV) == result.returns)
    }
}

extension String {
    /// What stands behind each place of some words, up to the end of the tag.
    fileprivate func components(of words: String) -> [String] {
        ranges(of: words).map {
            String(self[$0.upperBound...].prefix(400).split(separator: "<")[0])
        }
    }
}
