// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Bars read on several cores")
struct BarParallelTests {
    private static let symbols = ["AAA", "BBB", "LONGSYMBOL", "C"]
    private static let oddities = [
        "", "\r", "AAA,2024-01-02,1,2", "aaa,2024-01-02,1,2,1,1,5,1", ",,,,,,,",
        "AAA,2024-13-02,1,2,1,1,5,1", "AAA,2024-01-02,nan,2,1,1,5,1", "AAA,x,1,2,1,1,5,1",
        "AAA,2024-01-02,\"1\",2,1,1,5,1", "BBB,2031-01-01,1,2,1,1.5,5,1", "\"", "AAA",
        "C,2024-01-02,1e0,2.0,+1,1,5e2,1", "C,2024-01-02T00:00:00.5+01:00,1,2,1,1,5,1",
        "BBB,2024-01-02,1,2,1,1,5,0", "BBB,2024-01-02,0,2,1,1,5,1",
        "C,2024-01-02,1.00000000000000000000001,2,1,1,99999999999999999999999,1",
    ]

    /// A file of rows in which one row in so many is odd.
    private static func file(seed: UInt64, rows: Int, oddOneIn: UInt64) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        var text = "symbol,timestamp,open,high,low,close,volume,adj_close"
        if seed % 3 == 0 { text = text.replacing("adj_close", with: "note") }
        let ending = seed % 2 == 0 ? "\n" : "\r\n"
        text += ending
        var second: Int64 = 1_700_000_000
        var symbol = symbols[0]
        for _ in 0..<rows {
            if random.next() % oddOneIn == 0 {
                text += oddities[Int(random.next() % UInt64(oddities.count))] + ending
                continue
            }
            if random.next() % 9 == 0 { symbol = symbols[Int(random.next() % 4)] }
            second += Int64(random.next() % 50_000) - 2_000
            let time = Instant(secondsSinceEpoch: second).description
            let zone = ["Z", "+00:00", ""][Int(random.next() % 3)]
            let stamp = time.replacing("Z", with: zone).replacing("T", with: zone == "" ? " " : "T")
            let low = 1 + 100 * random.nextUnit()
            let high = low * (1 + random.nextUnit())
            let open = low + (high - low) * random.nextUnit()
            let close = random.next() % 20 == 0 ? high * 2 : low
            text += "\(symbol),\(stamp),\(open),\(high),\(low),\(close),\(random.next() % 100_000),"
            text += "\(close / 2)\(ending)"
        }
        if seed % 5 == 0 { text.removeLast() }
        return Array(text.utf8)
    }

    /// What an inspector finds that takes one row after another.
    private static func plain(
        _ bytes: [UInt8],
        _ rules: BarRules,
        _ now: Instant?
    ) throws -> ParsedBars {
        var inspector = BarInspector(rules: rules)
        var bars: [Symbol: [Bar]] = [:]
        var faults: [BarFault] = []
        try BarCSV.forEachRow(of: bytes, symbol: nil) { bar, fault, line in
            if let fault { faults.append(fault) }
            guard let bar else { return }
            let found = inspector.inspect(bar, line: line, now: now)
            faults += found
            if BarInspector.accepts(found) { bars[bar.symbol, default: []].append(bar) }
        }
        let series = bars.keys.sorted().map { BarSeries(symbol: $0, bars: bars[$0] ?? []) }
        return ParsedBars(series: series, faults: faults)
    }

    private static let rules = [
        BarRules(), BarRules(tradesWeekends: true, gapDays: nil),
        BarRules(timing: .interval(seconds: 3600), tradesWeekends: true, gapDays: 1),
    ]

    @Test(
        "any number of parts finds the bars and faults of one row after another",
        arguments: 0..<30
    )
    func agreement(_ seed: UInt64) throws {
        let bytes = Self.file(seed: seed, rows: 700, oddOneIn: seed % 4 == 0 ? 3 : 60)
        let rules = Self.rules[Int(seed) % 3]
        let now = seed % 7 == 0 ? Instant(secondsSinceEpoch: 1_704_000_000) : nil
        let expected = try Self.plain(bytes, rules, now)

        for width in [1, 2, 3, 7] {
            let parsed = try bytes.withUnsafeBufferPointer { buffer in
                try BarCSV.scan(
                    buffer,
                    symbol: nil,
                    rules: rules,
                    now: now,
                    parallel: Parallel(width: width),
                    leastPart: 500
                )
            }

            #expect(parsed.faults == expected.faults)
            #expect(parsed.series == expected.series)
        }
    }

    @Test("a long file lies in one piece of memory and can grow all the same")
    func long() throws {
        let symbol = try Samples.symbol("AAA")
        var text = "timestamp,open,high,low,close,volume\n"
        for index in 0..<20_000 {
            let day = CalendarDate(daysSinceEpoch: index)
            text += "\(day),1,2,1,1.5,\(index)\n"
        }

        let parsed = try BarCSV.parse(
            Array(text.utf8),
            symbol: symbol,
            rules: BarRules(tradesWeekends: true),
            parallel: Parallel(width: 2)
        )

        var series = try #require(parsed.series.first)
        #expect(series.count == 20_000 && series.volume[19_999] == 19_999)
        let last = series[19_999]
        series.append(
            Bar(
                symbol: symbol,
                time: last.time.adding(seconds: 60),
                open: 1,
                high: 1,
                low: 1,
                close: 1,
                volume: 1
            )
        )
        #expect(series.count == 20_001 && series[19_999] == last)
    }
}
