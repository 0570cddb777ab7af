// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import TestSupport
import Testing

@Suite("Settlement prices and limits in a file of bars", .scratchFolder)
struct DayPricesTests {
    private static let header = "symbol,timestamp,open,high,low,close,volume"
    private static let names = "settlement,limit_up,limit_down"

    private func parse(_ rows: [String], names: String = names) throws -> ParsedBars {
        let lines = ["\(Self.header),\(names)"] + rows
        return try BarCSV.parse(Array(lines.joined(separator: "\n").utf8))
    }

    @Test("the columns may have other names, stand anywhere and be empty")
    func columns() throws {
        let text =
            "up_limit,date,ticker,open,high,low,close,vol,settle\n"
            + "12.5,2024-01-02,AAA,10,12,9,11,100,10.5\n,2024-01-03,AAA,10,12,9,11,100,\n"

        let series = try #require(try BarCSV.parse(Array(text.utf8)).series.first)

        #expect(series[0].day == DayPrices(settlement: 10.5, limitUp: 12.5))
        #expect(series[1].day == DayPrices.unknown)
    }

    @Test("a file without them has none, and is written and hashed as before")
    func none() throws {
        let text = "\(Self.header)\nAAA,2024-01-02,10,12,9,11,100\n"

        let series = try BarCSV.parseStrictly(Array(text.utf8))

        #expect(series[0].days == nil && series[0][0].day == nil)
        #expect(String(decoding: BarCSV.bytes(of: series), as: UTF8.self) == text)
        #expect(
            BarSeries.hash(of: series).description
                == "554daf01ef2ef0e288011ec448d5184554c0ca5a9aaa2c640c38bafdef4edde7"
        )
    }

    @Test(
        "what cannot be is refused with one sentence, and the row is left out",
        arguments: [
            ("10,12,9,11,1,10,8,9", "limit_down 9.0 is above limit_up 8.0"),
            ("10,12,9,11,1,10,11.5,8", "high 12.0 is above limit_up 11.5"),
            ("10,12,9,11,1,10,13,9.5", "low 9.0 is below limit_down 9.5"),
            ("10,12,9,11,0,14,13,8", "settlement 14.0 is above limit_up 13.0"),
            ("10,12,9,11,0,7,13,8", "settlement 7.0 is below limit_down 8.0"),
            ("10,12,9,11,1,12.5,13,8", "settlement 12.5 is outside 9.0 to 12.0"),
            ("10,12,9,11,1,8.5,13,8", "settlement 8.5 is outside 9.0 to 12.0"),
            ("10,12,9,11,1,0,13,8", "settlement is 0.0; a price must be above zero"),
            ("10,12,9,11,1,10,13,-1", "limit_down is -1.0; a price must be above zero"),
            ("10,12,9,11,1,10,1e21,8", "limit_up is 1e+21; a price must be below 1e+20"),
            ("10,12,9,11,1,x,13,8", "settlement is 'x', no number"),
            ("10,12,9,11,1,10,inf,8", "limit_up is inf; a number must be finite"),
        ]
    )
    func refused(fields: String, reason: String) throws {
        let parsed = try parse([
            "AAA,2024-01-02,10,12,9,11,1,10,13,8", "AAA,2024-01-03,\(fields)",
            "AAA,2024-01-04,10,12,9,11,1,10,13,8",
        ])

        #expect(parsed.count == 2)
        let told = parsed.faults.map(\.description)
        #expect(told.first?.hasSuffix(": \(reason)") == true, "\(told)")
        #expect(told.first?.hasPrefix("line 3, AAA, 2024-01-03") == true, "\(told)")
        #expect(parsed.faults.contains { !$0.kind.isWarning })
    }

    @Test("a day without trades, and a bar within a day, may be settled outside their prices")
    func settledOutside() throws {
        let parsed = try parse([
            "AAA,2024-01-02,10,12,9,11,0,12.5,13,8",
            "AAA,2024-01-03T07:00:00Z,10,12,9,11,5,8.5,13,8",
        ])

        #expect(parsed.count == 2 && parsed.faults.isEmpty)
    }

    @Test("a price that was there and is missing is told, and the bar is used without it")
    func missing() throws {
        let parsed = try parse([
            "AAA,2024-01-02,10,12,9,11,1,10,13,8", "AAA,2024-01-03,10,12,9,11,1,,13,",
            "AAA,2024-01-04,10,12,9,11,1,,13,", "BBB,2024-01-04,10,12,9,11,1,,,",
            "AAA,2024-01-05T05:00:00Z,10,12,9,11,1,10,13,",
            "AAA,2024-01-05T07:00:00Z,10,12,9,11,1,,13,",
        ])

        #expect(parsed.count == 6)
        #expect(
            parsed.faults.map(\.description) == [
                "line 3, AAA, 2024-01-03T00:00:00Z: settlement is empty, and the row before has "
                    + "one; the day is settled at its close",
                "line 3, AAA, 2024-01-03T00:00:00Z: limit_down is empty, and the row before has "
                    + "one; the day has no such limit",
            ]
        )
        #expect(parsed.faults.allSatisfy { $0.kind == .dayUnknown && $0.kind.isWarning })
    }

    /// Many rows of two symbols, some of them bad.
    private static func long() -> [UInt8] {
        var text = "\(header),\(names)\n"
        for day in 0..<4000 {
            let date = CalendarDate(daysSinceEpoch: 10_000 + day)
            let low = day % 97 == 5 ? 7 : 9
            for symbol in ["AAA", "BBB"] {
                text += "\(symbol),\(date),10,12,\(low),11,\(day),10.25,13,8\n"
            }
        }
        return Array(text.utf8)
    }

    @Test("a long file gives the same on any number of cores, and what is written is read again")
    func parallel() throws {
        let file = Self.long()

        let whole = try BarCSV.parse(file, rules: .anyMarket)
        let parts = try BarCSV.parse(file, rules: .anyMarket, parallel: Parallel(width: 3))
        let again = try BarCSV.parseStrictly(BarCSV.bytes(of: whole.series), rules: .anyMarket)

        #expect(parts == whole)
        #expect(again == whole.series)
        #expect(whole.faults.count == 84 && whole.count == 8000 - 84)
        let days = whole.series[1].days?.array ?? []
        let usual = DayPrices(settlement: 10.25, limitUp: 13, limitDown: 8)
        #expect(days.count == 4000 - 42 && days.allSatisfy { $0 == usual })
    }

    @Test("an adjusted close scales them like every price")
    func adjusted() throws {
        let parsed = try parse(
            ["AAA,2024-01-02,10,12,9,11,1,10,12,8,5.5"],
            names: "\(Self.names),adj_close"
        )

        let bar = try #require(parsed.series.first?.bars.first)
        #expect(bar.high == 6)
        #expect(bar.day == DayPrices(settlement: 5, limitUp: 6, limitDown: 4))
    }

    @Test("slices, splits and hashes have them")
    func kept() throws {
        let series = try parse([
            "AAA,2024-01-02,10,12,9,11,1,10,13,8", "AAA,2024-01-03,10,12,9,11,1,10,13,8",
        ]).series[0]
        let split = CorporateAction(
            date: try #require(CalendarDate("2024-01-03")),
            kind: .split(ratio: 2)
        )
        var other = series[0..<1]
        other.append(Bar(series[1], day: DayPrices(settlement: 10, limitUp: 13)))
        var late = BarSeries(symbol: series.symbol, bars: [Bar(series[0], day: nil)])
        late.append(series[1])

        let second = try #require(series[1].day)
        #expect(series[1..<2].days?.array == [second])
        #expect(
            try series.adjusted(for: [split])[0].day
                == DayPrices(settlement: 5, limitUp: 6.5, limitDown: 4)
        )
        #expect(BarSeries.hash(of: [other]) != BarSeries.hash(of: [series]))
        #expect(late.days?.array == [.unknown, second])
    }

    @Test("a Parquet file that names them is refused, since they would be lost")
    func parquet() throws {
        let prices = ["open", "high", "low", "close", "volume", "limit_up"]
        var table = ParquetTable([("timestamp", .texts)] + prices.map { ($0, .numbers) })
        var bytes = table.begin()
        bytes += table.group([.texts(["2024-01-02"])] + prices.map { _ in .numbers([1]) })
        let file = bytes + table.finish()
        let folder = Folder(try ScratchFolder.path)
        try folder.replace("days.parquet", with: file)

        let error = #expect(throws: QuantError.self) {
            try BarFile.load("days.parquet", in: folder)
        }

        #expect(error?.code == .unsupported)
        #expect(error?.description.contains("'limit_up' is read from CSV alone") == true)
    }
}

extension Bar {
    /// The bar with other prices of its day.
    init(_ bar: Bar, day: DayPrices?) {
        self = bar
        self.day = day
    }
}
