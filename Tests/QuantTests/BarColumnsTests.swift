// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions
import Quant
import Testing

@Suite("Columns and functions of bars")
struct BarColumnsTests {
    private static func simulated(_ sessions: Int = 300) throws -> BarSeries {
        let feed = SimulatedFeed(
            seed: 5,
            symbols: [try Samples.symbol("AAA")],
            from: try #require(CalendarDate("2021-03-03")),
            sessions: sessions
        )
        return try #require(feed.series.first)
    }

    private func evaluate(_ text: String, _ series: BarSeries) throws -> [Double] {
        try Expression(parsing: text).column(in: BarColumns(series)).asNumbers
    }

    @Test(
        "every function of the table works and warms up as it says",
        arguments: BarFunctions.table
    )
    func table(_ function: BarFunction) throws {
        let values = try evaluate(function.example, Self.simulated())

        #expect(values.prefix { $0.isNaN }.count == function.exampleWarmUp)
        #expect(values.dropFirst(function.exampleWarmUp).allSatisfy { !$0.isNaN })
        #expect(function.signature.hasPrefix(function.name + "("))
        #expect(!function.meaning.isEmpty && !function.warmUp.isEmpty)
    }

    @Test("the table names exactly the functions, each once")
    func names() throws {
        let columns = BarColumns(try Self.simulated(1))

        #expect(columns.functionNames == BarFunctions.table.map(\.name))
        #expect(Set(columns.functionNames).count == columns.functionNames.count)
        #expect(try columns.apply(function: "nothing", to: []) == nil)
    }

    @Test(
        "wrong arguments are refused with the signature",
        arguments: [
            ("sma(close)", "sma(x, n)"), ("sma(close, 0)", "whole number"),
            ("sma(close, close)", "whole number"), ("sma(close, 2.5)", "whole number"),
            ("sma(close, 10001)", "10000"), ("ibs(1)", "0 arguments"), ("atr()", "1 arguments"),
            ("macd(close, 26, 12, 9)", "must be less"), ("regression_forecast(3)", "from 4"),
            ("stdev(close, 1)", "from 2"), ("lag(close, -1)", "whole number"),
            ("abs('x')", "series or a number"),
        ]
    )
    func wrongArguments(_ text: String, _ mention: String) throws {
        let series = try Self.simulated(5)

        let error = #expect(throws: ExpressionError.self) {
            try Expression(parsing: text).column(in: BarColumns(series))
        }

        #expect(error?.message.contains(mention) == true, "\(error?.description ?? "")")
    }

    @Test("internal bar strength is missing when the bar has no range")
    func strength() throws {
        let series = try Samples.series([(1, 2, 1, 1.25), (3, 3, 3, 3)])

        let values = try evaluate("ibs()", series)

        #expect(values[0] == 0.25 && values[1].isNaN)
    }

    @Test("the calendar functions count sessions and weekdays")
    func calendar() throws {
        let symbol = try Samples.symbol("AAA")
        var series = BarSeries(symbol: symbol)
        for text in ["2024-01-30", "2024-01-31T09:00:00Z", "2024-01-31T10:00:00Z", "2024-02-01"] {
            series.append(
                Bar(
                    symbol: symbol,
                    time: try Samples.instant(text),
                    open: 1,
                    high: 1,
                    low: 1,
                    close: 1,
                    volume: 1
                )
            )
        }

        #expect(try evaluate("session_of_month()", series) == [1, 2, 2, 1])
        #expect(try evaluate("weekdays_left_in_month()", series) == [1, 0, 0, 20])
        #expect(try evaluate("day_of_week()", series) == [2, 3, 3, 4])
    }

    @Test("a lesser or greater of a missing value is missing")
    func extremesOfMissing() throws {
        let series = try Samples.series([(1, 2, 1, 1.5), (1, 2, 1, 2)])

        #expect(try evaluate("min(lag(close, 1), 9)", series)[0].isNaN)
        #expect(try evaluate("max(lag(close, 1), 9)", series)[1] == 9)
        #expect(try evaluate("min(lag(close, 1), 9)", series)[1] == 1.5)
        #expect(try evaluate("abs(-close)", series) == [1.5, 2])
    }
}
