// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Headers and times of files of bars")
struct BarHeaderTests {
    private func parse(_ text: String) throws -> ParsedBars {
        try BarCSV.parse(
            Array(text.utf8),
            symbol: Samples.symbol("AAA"),
            rules: BarRules(timing: .interval(seconds: 60), tradesWeekends: true)
        )
    }

    @Test(
        "the names that other programs write are understood",
        arguments: [
            "Date,Open,High,Low,Close,Volume", "date,OPEN,HIGH,LOW,CLOSE,vol",
            "Datetime, Open , High,Low,Close,Volume", "TIME,open,high,low,close,volume",
            ",open,high,low,close,volume", "Date-Time,open,high,low,close,Volume",
        ]
    )
    func synonyms(_ header: String) throws {
        let bar = try #require(try parse("\(header)\n2024-01-02,1,2,1,1.5,7\n").series.first?[0])

        #expect([bar.open, bar.high, bar.low, bar.close, bar.volume] == [1, 2, 1, 1.5, 7])
    }

    @Test("an index without a name is left alone when there is a time")
    func index() throws {
        let text = ",date,Open,High,Low,Close,Adj Close,Volume\n0,2024-01-02,2,4,2,4,2,7\n"

        let bar = try #require(try parse(text).series.first?[0])

        #expect([bar.open, bar.high, bar.low, bar.close, bar.volume] == [1, 2, 1, 2, 7])
    }

    @Test(
        "a missing column is named with what looks like it",
        arguments: [
            ("timestamp,open,high,low,close,volme", "no column 'volume'; did you mean 'volme'?"),
            ("tmestamp,open,high,low,close,volume", "did you mean 'tmestamp'?"),
            ("timestamp,open,high,low,closed,volume", "did you mean 'closed'?"),
            ("timestamp,open,high,low,last,volume", "no column 'close'"),
            ("date,time,open,high,low,close,volume", "'timestamp' 2 times (date, time)"),
            ("\"timestamp\",open,high,low,close,volume", "without quotes"),
            ("timestamp;open;high;low;close;volume", "stand between semicolons; write commas"),
            ("timestamp\topen\thigh\tlow\tclose\tvolume", "stand between tabs"),
            ("t\0i\0m\0e\0,\0o\0p\0e\0n\0", "no UTF-8 text"),
            (String(repeating: "x", count: 65_537), "has 65537 bytes; at most 65536"),
            (String(repeating: ",", count: 100_000), "has 100000 bytes"),
        ]
    )
    func missing(_ header: String, _ mention: String) {
        let error = #expect(throws: QuantError.self) { try parse("\(header)\n1,2,3\n") }

        #expect(error?.code == .missingColumn)
        #expect(error?.description.contains(mention) == true, "\(error?.description ?? "")")
    }

    @Test(
        "a header alone is a file without rows, wherever it ends",
        arguments: [1, 3],
        ["", "\n", "\r\n", "\r"]
    )
    func alone(_ width: Int, _ end: String) {
        let text = "timestamp,open,high,low,close,volume\(end)"

        let error = #expect(throws: QuantError.self) {
            try BarCSV.parse(
                Array(text.utf8),
                symbol: Samples.symbol("AAA"),
                parallel: Parallel(width: width)
            )
        }

        #expect(error?.code == .empty)
    }

    @Test("a long or unprintable value is shown in part")
    func shown() throws {
        let digits = String(repeating: "1", count: 5000)
        let head = "timestamp,open,high,low,close,volume\n"

        let long = try parse("\(head)2024-01-02,\(digits),2,1,1.5,7\n").faults.first
        let strange = try parse("\(head)2024-01-02,1\u{1B}[2J,2,1,1.5,7\n").faults.first

        #expect(long?.detail == "open is \(digits.prefix(40))…; a number must be finite")
        #expect(strange?.detail == "open is '1?[2J', no number")
    }

    @Test("quoted fields are refused with a word on quotes")
    func quotes() throws {
        let text = "timestamp,open,high,low,close,volume\n2024-01-02,1,2,1,\"1,5\",7\n"

        #expect(try parse(text).faults.first?.detail.contains("without quotes") == true)
    }

    @Test(
        "times are read in the forms that programs write",
        arguments: [
            ("2000-01-03T09:30:00Z", "2000-01-03T09:30:00Z"),
            ("2000-01-03 09:30:00", "2000-01-03T09:30:00Z"),
            ("2000-01-03 09:30:00+00:00", "2000-01-03T09:30:00Z"),
            ("2000-01-03T09:30:00-05:00", "2000-01-03T14:30:00Z"),
            ("2000-01-03 09:30:00.123456", "2000-01-03T09:30:00.123456Z"),
            ("2000-01-03T23:30:00.5-01:00", "2000-01-04T00:30:00.5Z"),
            ("2000-01-03", "2000-01-03T00:00:00Z"), ("1700-02-28", "1700-02-28T00:00:00Z"),
        ]
    )
    func times(_ text: String, _ expected: String) throws {
        // A row behind it, so that the quick path is taken too.
        let more = String(repeating: "2100-01-01T00:00:00Z,1,2,1,1.5,7\n", count: 8)

        let parsed = try parse("time,open,high,low,close,volume\n\(text),1,2,1,1.5,7\n\(more)")

        #expect(parsed.series.first?.times[0] == (try Samples.instant(expected)))
    }

    @Test(
        "what is no time is refused",
        arguments: [
            "2000-01-03T24:00:00Z", "2000-01-03T09:60:00Z", "2000-01-03T09:30:60Z",
            "2000-01-03T09-30-00Z", "2000-01-03T09:30", "2000-01-03X09:30:00Z", "2000-02-30",
            "2000-01-03T09:30:00+0", "2000-01-03T09:30:00Zx", "20000103", "1e9", "2262-01-01",
            "1677-01-01", "2000-01-03T09:30:00.Z", "2000-01-03 ",
        ]
    )
    func noTimes(_ text: String) throws {
        let more = String(repeating: "2100-01-01T00:00:00Z,1,2,1,1.5,7\n", count: 8)

        let parsed = try parse("time,open,high,low,close,volume\n\(text),1,2,1,1.5,7\n\(more)")

        #expect(parsed.faults.first?.kind == .badTimestamp)
        #expect(parsed.faults.first?.detail.contains("'\(text)'") == true)
        #expect(parsed.series.first?.count == 1)
    }
}
