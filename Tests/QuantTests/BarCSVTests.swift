// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Quant
import Testing

@Suite("Bars as CSV")
struct BarCSVTests {
    private static let header = "symbol,timestamp,open,high,low,close,volume\n"
    private static let good = "AAA,2024-01-02,10,12,9,11,100\n"

    private func parse(_ text: String, now: Instant? = nil) throws -> ParsedBars {
        try BarCSV.parse(Array(text.utf8), now: now)
    }

    @Test("columns may stand in any order and others are not used")
    func anyOrder() throws {
        let text = "close,volume,note,timestamp,low,high,open\r\n11,100,x,2024-01-02,9,12,10\r\n"
        let symbol = try Samples.symbol("AAA")

        let parsed = try BarCSV.parse(Array(text.utf8), symbol: symbol)

        let bar = try #require(parsed.series.first?[0])
        #expect(parsed.faults.isEmpty)
        #expect([bar.open, bar.high, bar.low, bar.close, bar.volume] == [10, 12, 9, 11, 100])
        #expect(bar.time == (try Samples.instant("2024-01-02")))
    }

    @Test("an adjusted close scales prices to six decimals and leaves the volume")
    func adjusted() throws {
        let text =
            "symbol,timestamp,open,high,low,close,volume,adj_close\n"
            + "AAPL,2000-03-01,118.56,132.06,118.5,130.31,9616100,4.186662803811\n"

        let bar = try #require(try parse(text).series.first?[0])

        #expect(bar.close == 4.186663)
        #expect(bar.open == 3.809153)
        #expect(bar.volume == 9_616_100)
        #expect(Decimal8("\(bar.high)") != nil)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let kind: BarFault.Kind
        let row: String
        let mention: String
        var testDescription: String { kind.rawValue }
    }

    static let cases = [
        Case(kind: .malformedRow, row: "AAA,2024-01-03,10,12,9,11", mention: "6 fields"),
        Case(kind: .malformedRow, row: "aaa,2024-01-03,10,12,9,11,1", mention: "aaa"),
        Case(kind: .badTimestamp, row: "AAA,2024-02-30,10,12,9,11,1", mention: "2024-02-30"),
        Case(kind: .badTimestamp, row: "AAA,03/01/2024,10,12,9,11,1", mention: "03/01/2024"),
        Case(kind: .notANumber, row: "AAA,2024-01-03,10,12,9,1x1,1", mention: "close is '1x1'"),
        Case(kind: .notANumber, row: "AAA,2024-01-03,,12,9,11,1", mention: "open is ''"),
        Case(kind: .notANumber, row: "AAA,2024-01-03,0x10,12,9,11,1", mention: "0x10"),
        Case(kind: .notFinite, row: "AAA,2024-01-03,NaN,12,9,11,1", mention: "open is NaN"),
        Case(kind: .notFinite, row: "AAA,2024-01-03,10,1e999,9,11,1", mention: "high is 1e999"),
        Case(kind: .notPositive, row: "AAA,2024-01-03,10,12,0,11,1", mention: "low is 0"),
        Case(kind: .tooHigh, row: "AAA,2024-01-03,10,1e20,9,11,1", mention: "high is 1e+20"),
        Case(kind: .negativeVolume, row: "AAA,2024-01-03,10,12,9,11,-5", mention: "-5"),
        Case(kind: .highBelowLow, row: "AAA,2024-01-03,10,8,9,11,1", mention: "high 8.0"),
        Case(kind: .priceOutsideRange, row: "AAA,2024-01-03,13,12,9,11,1", mention: "open 13.0"),
        Case(kind: .priceOutsideRange, row: "AAA,2024-01-03,10,12,9,8,1", mention: "close 8.0"),
        Case(kind: .duplicate, row: "AAA,2024-01-02,10,12,9,11,1", mention: "already"),
        Case(kind: .outOfOrder, row: "AAA,2024-01-01,10,12,9,11,1", mention: "2024-01-02"),
        Case(kind: .inTheFuture, row: "AAA,2024-01-10,10,12,9,11,1", mention: "2024-01-10T21"),
        Case(kind: .outOfSession, row: "AAA,2024-01-06,10,12,9,11,1", mention: "Saturday"),
    ]

    @Test("a bad row is refused by name and the rows around it are kept", arguments: cases)
    func refused(_ example: Case) throws {
        let text = Self.header + Self.good + example.row + "\nAAA,2024-01-09,10,12,9,11,100\n"
        let now = try Samples.instant("2024-01-09T21:00:00Z")

        let parsed = try parse(text, now: now)

        let fault = try #require(parsed.faults.first)
        #expect(fault.kind == example.kind)
        #expect(fault.line == 3)
        #expect(fault.description.contains(example.mention))
        #expect(fault.description.hasPrefix("line 3"))
        #expect(parsed.count == 2)
        #expect(throws: QuantError.self) {
            try BarCSV.parseStrictly(Array(text.utf8), now: now)
        }
    }

    @Test("a gap is a warning and the bar is kept")
    func gap() throws {
        let text = Self.header + Self.good + "AAA,2024-01-15,10,12,9,11,100\n"

        let parsed = try parse(text)

        #expect(parsed.faults.map(\.kind) == [.gap])
        #expect(parsed.faults.first?.description.contains("13 days") == true)
        #expect(parsed.count == 2)
        #expect(try BarCSV.parseStrictly(Array(text.utf8)).first?.count == 2)
        let lenient = BarRules(gapDays: nil)
        #expect(try BarCSV.parse(Array(text.utf8), rules: lenient).faults.isEmpty)
    }

    @Test("an unfinished bar is in the future until its session closes")
    func forming() throws {
        let text = Self.header + Self.good

        #expect(try parse(text, now: try Samples.instant("2024-01-02T20:59:59Z")).count == 0)
        #expect(try parse(text, now: try Samples.instant("2024-01-02T21:00:00Z")).count == 1)
    }

    @Test(
        "a header without a column names it",
        arguments: [
            ("symbol,timestamp,open,high,low,close\nx\n", "volume"),
            ("timestamp,open,high,low,close,volume\nx\n", "symbol"),
            ("symbol,symbol,timestamp,open,high,low,close,volume\nx\n", "2 times"),
        ]
    )
    func missingColumn(_ text: String, _ mention: String) {
        let error = #expect(throws: QuantError.self) { try parse(text) }

        #expect(error?.code == .missingColumn)
        #expect(error?.fault?.kind == .missingColumn)
        #expect(error?.description.contains(mention) == true)
    }

    @Test("a file without rows is an error", arguments: ["", "\n\n", Self.header])
    func empty(_ text: String) {
        #expect(throws: QuantError.self) { try parse(text) }
        let error = #expect(throws: QuantError.self) { try parse(text) }
        #expect(error?.code == .empty)
    }

    @Test("numbers with any count of digits on both sides of the point are read correctly")
    func numberLengths() throws {
        let digits = "9081726354435261708918273645"
        var texts = ["1", "1234567", "12345678", "123456789"]
        for whole in 1...20 {
            for decimals in 1...20 {
                texts.append("\(digits.prefix(whole)).\(digits.dropFirst(5).prefix(decimals))")
            }
        }
        let rows = texts.enumerated().map { index, text in
            let time = Instant(secondsSinceEpoch: 1_700_000_000 + Int64(index) * 60)
            return "\(time),\(text),\(text),\(text),\(text),0.0\n"
        }
        let file = "timestamp,open,high,low,close,volume\n" + rows.joined()

        let parsed = try BarCSV.parse(Array(file.utf8), symbol: try Samples.symbol("AAA"))

        #expect(parsed.faults.isEmpty)
        #expect(parsed.series[0].open.elementsEqual(texts.compactMap { Double($0) }))
        #expect(parsed.series[0].volume.allSatisfy { $0 == 0 })
    }

    @Test("an absent file is an error with its name")
    func absent() {
        let error = #expect(throws: QuantError.self) {
            try BarCSV.load("none.csv", in: Folder("/nowhere"))
        }

        #expect(error?.code == .notFound)
        #expect(error?.description.contains("/nowhere/none.csv") == true)
    }

    @Test("a file is loaded from its folder")
    func load() throws {
        let folder = Folder("/tmp/quant-tests-\(getpid())")
        try folder.create()
        defer { _ = try? folder.removeAll() }
        try folder.replace("bars.csv", with: Array((Self.header + Self.good).utf8))

        #expect(try BarCSV.load("bars.csv", in: folder).count == 1)
        let error = #expect(throws: QuantError.self) { try BarCSV.load(".", in: folder) }
        #expect(error?.code == .unreadable)
    }

    @Test("what is written reads back equal and writes equal again")
    func roundTrip() throws {
        let symbols = [try Samples.symbol("BBB"), try Samples.symbol("AAA")]
        let from = try #require(CalendarDate("2020-01-01"))
        let feed = SimulatedFeed(seed: 7, symbols: symbols, from: from, sessions: 300)

        let bytes = BarCSV.bytes(of: feed.series)
        let series = try BarCSV.parseStrictly(bytes)

        #expect(series == feed.series)
        #expect(BarCSV.bytes(of: series) == bytes)
    }

    @Test("numbers and times are written in their shortest form")
    func canonical() throws {
        let text = Self.header + "AAA,2024-01-02T10:00:00+01:00,1.50,2,1e0,2.0,1e3\n"
        let rules = BarRules(timing: .interval(seconds: 60))

        let series = try BarCSV.parseStrictly(Array(text.utf8), rules: rules)

        let written = String(decoding: BarCSV.bytes(of: series), as: UTF8.self)
        #expect(written == Self.header + "AAA,2024-01-02T09:00:00Z,1.5,2,1,2,1000\n")
    }

    @Test(
        "symbols are 1 to 32 of the allowed characters",
        arguments: [
            ("A", true), ("BRK.B", true), ("", false), ("a", false), ("A B", false),
            (String(repeating: "X", count: 32), true), (String(repeating: "X", count: 33), false),
        ]
    )
    func symbols(_ text: String, _ isValid: Bool) {
        #expect((Symbol(text) != nil) == isValid)
        #expect((try? Symbol(validating: text)) == Symbol(text))
    }

    @Test("an inspector remembers only what it accepted")
    func inspector() throws {
        var inspector = BarInspector()
        let series = try Samples.series([(1, 2, 1, 2), (1, 2, 1, 3), (1, 2, 1, 2)])

        #expect(inspector.inspect(series[0]).isEmpty)
        #expect(inspector.inspect(series[1]).map(\.kind) == [.priceOutsideRange])
        #expect(inspector.lastTime(of: series.symbol) == series.times[0])
        #expect(inspector.inspect(series[2]).isEmpty)
        #expect(inspector.inspect(series[2]).map(\.kind) == [.duplicate])
    }
}
