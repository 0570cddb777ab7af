// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import Testing

@testable import Agents

@Suite("Fetching bars")
struct BarFetchTests {
    private func configuration(_ fetch: String) throws -> DeskConfiguration {
        try DeskConfiguration(
            parsing: """
                version: 1
                name: fetching
                replay: {from: 2024-01-03, through: 2024-12-31}
                market:
                  feed:
                    kind: csv
                    path: feed/bars.csv
                    fetch: \(fetch)
                  symbols: [IBM, BRK.B]
                  session_close: "21:00"
                account: {capital: 1000000}
                connectors:
                  source: {command: [a]}
                agents:
                  one: {role: ingestor, every: bar}
                """
        )
    }

    private func fetch() throws -> BarFetch {
        let text = """
            {connector: source, tool: bars, arguments: {s: "{symbol}", a: "{from}/{through}"}, \
            rows: "bars.{symbol}", fields: {time: t, close: p.c}}
            """
        return try #require(BarFetch(try configuration(text)))
    }

    private let now = Instant("2024-01-05T20:59:59Z") ?? Instant(secondsSinceEpoch: 0)

    private func symbol(_ text: String) throws -> Symbol { try #require(Symbol(text)) }

    private func row(_ time: String, _ close: String = "2.5") -> String {
        #"{"t": \#(time), "open": 1, "high": "3", "low": 0.5, "p": {"c": \#(close)}, "volume": 7}"#
    }

    private func answer(_ rows: String...) throws -> JSON {
        try JSON(parsing: #"{"bars": {"BRK.B": [\#(rows.joined(separator: ", "))]}}"#)
    }

    private func bars(_ answer: JSON, after last: String? = nil) throws -> [Bar] {
        try fetch().bars(
            in: answer,
            of: try symbol("BRK.B"),
            after: last.flatMap { CalendarDate($0) },
            now: now
        )
    }

    @Test("a tool is asked for what is not known yet, from the first day of the desk on")
    func arguments() throws {
        let fetch = try fetch()
        let symbol = try symbol("BRK.B")

        let first = fetch.arguments(for: symbol, after: nil, now: now)
        let next = fetch.arguments(for: symbol, after: CalendarDate("2024-01-31"), now: now)

        #expect(fetch.symbols.map(\.description) == ["BRK.B", "IBM"])
        #expect(first == ["s": "BRK.B", "a": "2024-01-03/2024-01-05"])
        #expect(next["a"]?.stringValue?.hasPrefix("2024-02-01/") == true)
        #expect(fetch.fetch.every.milliseconds == 900_000)
    }

    @Test("complete bars behind the last one are taken, however their times are written")
    func complete() throws {
        let times = [
            #""2024-01-04T05:00:00Z""#, #""2024-01-03""#, "1704171600", "1704448800000",
        ]

        let all = try bars(try answer(times.map { row($0) }.joined(separator: ", ")))
        let later = try bars(try answer(row(times[0]), row(times[1])), after: "2024-01-03")

        // The second of January lies before the desk's first day; the fifth is not over.
        #expect(all.map(\.time.date.description) == ["2024-01-03", "2024-01-04"])
        #expect(all.map(\.high) == [3, 3] && all.map(\.close) == [2.5, 2.5])
        #expect(later.map(\.time.date.description) == ["2024-01-04"])
        #expect(try bars(["bars": [:]]).isEmpty)
    }

    @Test(
        "an answer with a row that cannot be read is refused whole, and it says where",
        arguments: [
            (#""tomorrow""#, "1", "bars.BRK.B[1].t: expected a date or a time"),
            (#""2024-01-04""#, #""x""#, "bars.BRK.B[1].p.c: expected a number"),
            (#""2024-01-04""#, #""nan""#, "bars.BRK.B[1].p.c: expected a number"),
            (#""2024-01-03""#, "2", "bars.BRK.B[1]: a second bar of 2024-01-03"),
        ]
    )
    func refused(time: String, close: String, words: String) throws {
        let answer = try answer(row(#""2024-01-03""#), row(time, close))

        let error = #expect(throws: BarFetch.Failure.self) { try bars(answer) }
        let none = #expect(throws: BarFetch.Failure.self) { try bars(["bars": ["BRK.B": 1]]) }
        let other = #expect(throws: BarFetch.Failure.self) { try bars(["data": [:], "x": 1]) }

        #expect(error?.description == words)
        #expect(none?.description == "bars.BRK.B: expected a list of rows")
        #expect(other?.description == #"the answer has no 'bars': {"data":{},"x":1}"#)
    }

    @Test("a file grows by whole days, and never changes what it holds")
    func growth() throws {
        let fetch = try fetch()
        let (one, other) = (try symbol("IBM"), try symbol("BRK.B"))
        func bar(_ symbol: Symbol, _ day: String) throws -> Bar {
            let time = Instant(try #require(CalendarDate(day)))
            return Bar(symbol: symbol, time: time, open: 1, high: 1, low: 1, close: 1, volume: 1)
        }
        let known = try #require(
            fetch.adding([one: [try bar(one, "2024-01-03")], other: []], to: [])
        )

        let more = try #require(
            fetch.adding(
                [
                    one: [try bar(one, "2024-01-04"), try bar(one, "2024-01-05")],
                    other: [try bar(other, "2024-01-03"), try bar(other, "2024-01-04")],
                ],
                to: known
            )
        )

        let days = try fetch.lastDays(in: more)
        #expect(more.starts(with: known))
        #expect(
            String(decoding: more, as: UTF8.self) == """
                symbol,timestamp,open,high,low,close,volume
                IBM,2024-01-03,1,1,1,1,1
                BRK.B,2024-01-03,1,1,1,1,1
                BRK.B,2024-01-04,1,1,1,1,1
                IBM,2024-01-04,1,1,1,1,1

                """
        )
        #expect(days.values.map(\.description) == ["2024-01-04", "2024-01-04"])
        #expect(fetch.adding([one: [], other: []], to: more) == nil)
    }

    @Test("settlement prices and limits are taken where they are named, and waited for")
    func days() throws {
        let fetch = try #require(
            BarFetch(
                try configuration(
                    """
                    {connector: source, tool: bars, arguments: {}, \
                    fields: {settlement: s, limit_up: up}}
                    """
                )
            )
        )
        func row(_ day: Int, _ rest: String) -> String {
            #"{"time": "2024-01-0\#(day)", "open": 1, "high": 3, "low": 1, "close": 2, "#
                + #""volume": 7, \#(rest)}"#
        }
        func bars(_ rows: String...) throws -> [Bar] {
            try fetch.bars(
                in: try JSON(parsing: "[\(rows.joined(separator: ","))]"),
                of: symbol("IBM"),
                after: nil,
                now: now
            )
        }

        let all = try bars(row(3, #""s": "2.5", "up": 4"#), row(4, #""s": 2, "up": null"#))
        let late = try bars(row(3, #""s": "", "up": 4"#), row(4, #""s": 2, "up": 4"#))
        let bad = #expect(throws: BarFetch.Failure.self) { try bars(row(3, #""s": "x""#)) }
        let file = try #require(fetch.adding([try symbol("IBM"): [all[0]]], to: []))
        let more = try #require(fetch.adding([try symbol("IBM"): [all[1]]], to: file))

        #expect(
            all.map(\.day) == [DayPrices(settlement: 2.5, limitUp: 4), DayPrices(settlement: 2)]
        )
        #expect(late.isEmpty)
        #expect(bad?.description == "[0].s: expected a number")
        #expect(
            String(decoding: more, as: UTF8.self) == """
                symbol,timestamp,open,high,low,close,volume,settlement,limit_up,limit_down
                IBM,2024-01-03,1,3,1,2,7,2.5,4,
                IBM,2024-01-04,1,3,1,2,7,2,,

                """
        )
        #expect(try fetch.lastDays(in: more).values.map(\.description) == ["2024-01-04"])
        let plain = #expect(throws: BarFetch.Failure.self) {
            try fetch.lastDays(in: Array("\(BarCSV.header)\nIBM,2024-01-03,1,1,1,1,1\n".utf8))
        }
        #expect(plain?.description.contains("not with '\(BarCSV.headerWithDays)'") == true)
    }

    @Test("a file of other columns, or one that ends in a row, is left alone")
    func otherFiles() throws {
        let fetch = try fetch()

        let columns = #expect(throws: BarFetch.Failure.self) {
            try fetch.lastDays(in: Array("symbol,timestamp,close\nIBM,2024-01-03,1\n".utf8))
        }
        let half = #expect(throws: BarFetch.Failure.self) {
            try fetch.lastDays(in: Array("\(BarCSV.header)\nIBM,2024-01-03,1,1".utf8))
        }

        #expect(columns?.description.contains("fetch into a file of its own") == true)
        #expect(half?.description.contains("ends in the middle of a row") == true)
        #expect(try fetch.lastDays(in: Array("\(BarCSV.header)\n".utf8)).isEmpty)
    }

    @Test(
        "what makes no sense in the configuration is told with its line",
        arguments: [
            ("{connector: x, tool: t, arguments: {}}", "found 'x'; expected one of source"),
            ("{connector: source, arguments: {}}", "market.feed.fetch.tool: missing"),
            (#"{connector: source, tool: t, arguments: {a: "{day}"}}"#, "found '{day}'"),
            ("{connector: source, tool: t, arguments: {}, rows: a..b}", "rows: found 'a..b'"),
            ("{connector: source, tool: t, arguments: {}, every: 10ms}", "every: at least 1s"),
            (
                "{connector: source, tool: t, arguments: {}, fields: {date: t}}",
                "market.feed.fetch.fields.date"
            ),
        ]
    )
    func configurations(text: String, words: String) {
        let error = #expect(throws: DeskError.self) { try configuration(text) }

        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
}
