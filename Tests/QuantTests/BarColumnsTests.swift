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

    @Test("what is too great for a number is missing, also behind a function")
    func infinity() throws {
        let series = try Samples.series([(1, 1, 1, 1), (1, 999, 1, 999)])

        let values = try evaluate("max(exp(close), 0.0)", series)
        let conditions = try Expression(parsing: "exp(close) > 1.0").column(in: BarColumns(series))

        #expect(Samples.near(values[0], 2.718281828459045) && values[1].isNaN)
        #expect(conditions == .booleans([.yes, .missing]))
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

    @Test("every function of the table takes the shortest series", arguments: BarFunctions.table)
    func shortest(_ function: BarFunction) throws {
        for sessions in 1...3 {
            let values = try evaluate(function.example, Self.simulated(sessions))

            #expect(values.count == sessions)
            #expect(values.prefix(function.exampleWarmUp).allSatisfy { $0.isNaN })
            #expect(values.dropFirst(function.exampleWarmUp).allSatisfy { !$0.isNaN })
        }
    }

    @Test(
        "the warm-up of the table, worked out, is that of the example",
        arguments: BarFunctions.table
    )
    func warmUp(_ function: BarFunction) throws {
        func pieces(_ call: String) -> [String] {
            let inside = call.drop { $0 != "(" }.dropFirst().dropLast()
            return inside.split(separator: ",").map { piece in
                String(piece.drop { $0 == " " })
            }
        }
        var formula = " \(function.warmUp) "
        for (name, value) in zip(pieces(function.signature), pieces(function.example)) {
            formula = formula.split(separator: " ").map { $0 == name ? value : String($0) }
                .joined(separator: " ")
        }

        let value = try Expression(parsing: formula).value(in: [:])

        #expect(value == .int(Int64(function.exampleWarmUp)))
    }

    @Test("docs/functions.md is the table")
    func document() throws {
        let path = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

        let bytes = try Folder("/\(path)/docs").read("functions.md")
        let text = String(decoding: bytes, as: UTF8.self)

        #expect(text.contains("\n\n" + BarFunctions.markdown))
    }

    @Test("a series crosses another at the bar where it has passed it")
    func crossings() throws {
        let series = try Samples.series([
            (2, 9, 1, 1), (2, 9, 1, 2), (2, 9, 1, 3), (2, 9, 1, 4), (2, 9, 1, 1),
        ])

        let over = try Expression(parsing: "cross_over(close, open)").column(in: BarColumns(series))
        let under = try Expression(parsing: "cross_under(close, open)")
            .column(in: BarColumns(series))

        #expect(over == .booleans([.missing, .no, .yes, .no, .no]))
        #expect(under == .booleans([.missing, .no, .no, .no, .yes]))
    }

    @Test("the functions of FMZ's dialect are those of columns that follow FMZ")
    func dialects() throws {
        let series = try Self.simulated(60)
        let fmz = BarColumns(series, dialect: .fmz)

        for call in [
            "rsi%(close, 3)", "macd%(close, 3, 6, 2)", "macd_signal%(close, 3, 6, 2)",
            "macd_hist%(close, 3, 6, 2)", "atr%(5)", "true_range%()",
        ] {
            let (name, rest) = (call.prefix { $0 != "%" }, call.drop { $0 != "%" }.dropFirst())
            let named = try evaluate("\(name)_fmz\(rest)", series)
            let followed = try Expression(parsing: "\(name)\(rest)").column(in: fmz).asNumbers
            #expect(zip(named, followed).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
        }
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
            ("abs('x')", "series or a number"), ("bollinger_upper(close, 5, 0)", "above 0"),
            ("bollinger_upper(close, 5, close)", "above 0"), ("adx(1)", "from 2"),
            ("stoch_k(5, 0, 3)", "whole number"), ("linreg(close, 1)", "from 2"),
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
