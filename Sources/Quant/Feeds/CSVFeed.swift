// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A recorded file of bars that becomes known bar by bar.
///
/// A good row becomes known when its bar is complete. A row that cannot be dated, or that lies
/// behind the row before it, becomes known together with that row; so does a row that is dated
/// later than the two rows after it, since those show that its date is wrong.
public struct CSVFeed: MarketFeed {
    private let schedule: FeedSchedule

    /// The instants at which rows become known, strictly increasing.
    public let instants: [Instant]
    /// The symbols that good rows have, sorted.
    public let symbols: [Symbol]

    /// Reads a file in the form of ``BarCSV``; bad rows are kept and delivered with their faults.
    /// - Throws: A ``QuantError`` as for parsing; a bad row is no error.
    public init(
        _ bytes: [UInt8],
        symbol: Symbol? = nil,
        rules: BarRules = BarRules()
    ) throws(QuantError) {
        var rows: [(row: BarRowReader.Row, line: Int)] = []
        try BarCSV.forEachRow(of: bytes, symbol: symbol) { row, line in rows.append((row, line)) }
        let arrivals = Self.arrivals(of: rows.map(\.row), timing: rules.timing)
        let order = rows.indices.sorted { (arrivals[$0], $0) < (arrivals[$1], $1) }
        var inspector = BarInspector(rules: rules)
        var schedule: [(instant: Instant, row: FeedRow)] = []
        for index in order {
            switch rows[index].row {
            case .fault(let fault):
                schedule.append((arrivals[index], FeedRow(bar: nil, faults: [fault])))
            case .bar(let bar):
                let faults = inspector.inspect(bar, line: rows[index].line, now: arrivals[index])
                schedule.append((arrivals[index], FeedRow(bar: bar, faults: faults)))
            }
        }
        self.schedule = FeedSchedule(schedule)
        instants = self.schedule.instants
        symbols = self.schedule.symbols
    }

    /// The rows that become known at exactly that instant, bad ones included; none at any other.
    public func bars(at instant: Instant) -> [FeedRow] {
        schedule.rows(at: instant)
    }

    private static func arrivals(of rows: [BarRowReader.Row], timing: BarTiming) -> [Instant] {
        let early = earlyRows(rows)
        var latest: [Symbol: Instant] = [:]
        var previous: Instant?
        var arrivals: [Instant?] = []
        for (index, row) in rows.enumerated() {
            if case .bar(let bar) = row, !early.contains(index) {
                let completion = timing.completion(of: bar.time)
                let arrival = max(completion, latest[bar.symbol] ?? completion)
                latest[bar.symbol] = arrival
                previous = arrival
            }
            arrivals.append(previous)
        }
        // Rows before the first dated one arrive with it.
        let first = arrivals.compactMap(\.self).first ?? Instant(nanosecondsSinceEpoch: 0)
        return arrivals.map { $0 ?? first }
    }

    /// The rows that are dated later than both rows of their symbol behind them.
    private static func earlyRows(_ rows: [BarRowReader.Row]) -> Set<Int> {
        var following: [Symbol: (Instant, Instant?)] = [:]
        var early: Set<Int> = []
        for index in rows.indices.reversed() {
            guard case .bar(let bar) = rows[index] else { continue }
            if let (next, afterNext) = following[bar.symbol] {
                if bar.time > next, bar.time > afterNext ?? next {
                    early.insert(index)
                    continue
                }
                following[bar.symbol] = (bar.time, next)
            } else {
                following[bar.symbol] = (bar.time, nil)
            }
        }
        return early
    }
}
