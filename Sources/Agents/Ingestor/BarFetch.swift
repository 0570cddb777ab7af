// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk
public import Quant

/// Makes the questions to a tool that knows bars, reads its answers, and adds what is new to the
/// file of a feed.
///
/// Daily bars alone. The file only ever grows: a bar that is known stays as it was first told, so
/// that yesterday's decisions can be replayed.
public struct BarFetch: Sendable {
    /// Why an answer or a file cannot be used.
    public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong, where, and what to do.
        public let description: String
    }

    /// How it is asked.
    public let fetch: FetchConfiguration
    /// The instruments that are asked for, sorted.
    public let symbols: [Symbol]
    /// The first day that is of interest.
    private let first: CalendarDate
    private let timing: BarTiming

    /// The most rows of one answer.
    private static let rowLimit = 100_000

    /// The fetch of a desk; nil when it has none.
    public init?(_ desk: DeskConfiguration) {
        guard let fetch = desk.fetch else { return nil }
        self.fetch = fetch
        // Those of the control are simulated.
        let simulated = Set(desk.market.control?.symbols ?? [])
        symbols = desk.market.symbols.filter { !simulated.contains($0) }
            .compactMap { Symbol($0) }.sorted()
        first = desk.replay.lowerBound
        timing = .daily(closeSecond: desk.market.sessionClose)
    }

    /// The first line of the file.
    private var header: String {
        fetch.fields.hasDays ? BarCSV.headerWithDays : BarCSV.header
    }

    /// The last day of each symbol in a file; the file may be empty.
    /// - Throws: A ``Failure`` when the file has columns that a fetch does not fill.
    public func lastDays(in file: [UInt8]) throws(Failure) -> [Symbol: CalendarDate] {
        guard !file.isEmpty else { return [:] }
        let header = String(decoding: file.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
        guard header.lowercased() == self.header, file.last == 0x0A else {
            throw Failure(
                description: file.last == 0x0A
                    ? "the file begins with '\(header.prefix(120))' and not with"
                        + " '\(self.header)'; fetch into a file of its own"
                    : "the file ends in the middle of a row; somebody may be writing it"
            )
        }
        var days: [Symbol: CalendarDate] = [:]
        // A file of a header alone has no bars, and is none to the reader of bars.
        guard file.firstIndex(of: 0x0A) != file.count - 1 else { return days }
        do throws(QuantError) {
            for series in try BarCSV.parse(file).series {
                days[series.symbol] = series.bars.map(\.time.date).max()
            }
        } catch {
            throw Failure(description: "\(error)")
        }
        return days
    }

    /// What the tool is given to tell of a symbol what is not known yet.
    public func arguments(
        for symbol: Symbol,
        after last: CalendarDate?,
        now: Instant
    ) -> JSON {
        let from = max(first, last.map { $0.adding(days: 1) } ?? first)
        return fetch.arguments.filled([
            "symbol": symbol.description, "from": from.description,
            "through": now.date.description,
        ])
    }

    /// The bars of an answer that are complete and behind the last one, oldest first, up to the
    /// first whose settlement price is still to come.
    /// - Throws: A ``Failure`` that names the place; nothing of the answer is used then.
    public func bars(
        in answer: JSON,
        of symbol: Symbol,
        after last: CalendarDate?,
        now: Instant
    ) throws(Failure) -> [Bar] {
        let place = fetch.rows.replacing("{symbol}", with: symbol.description)
        guard let found = try rows(in: answer, of: symbol) else { return [] }
        guard let rows = found.arrayValue else {
            throw Failure(description: "\(place): expected a list of rows")
        }
        guard rows.count <= Self.rowLimit else {
            throw Failure(description: "\(place): more than \(Self.rowLimit) rows; ask for fewer")
        }
        var bars: [CalendarDate: Bar] = [:]
        for (index, row) in rows.enumerated() {
            let bar = try bar(row, of: symbol, "\(place)[\(index)]")
            let day = bar.time.date
            guard day >= first, last.map({ day > $0 }) ?? true,
                timing.completion(of: bar.time) <= now
            else { continue }
            guard bars.updateValue(bar, forKey: day) == nil else {
                throw Failure(description: "\(place)[\(index)]: a second bar of \(day)")
            }
        }
        let sorted = bars.sorted { $0.key < $1.key }.map(\.value)
        guard fetch.fields.settlement != nil else { return sorted }
        return Array(sorted.prefix { $0.day?.settlement != nil })
    }

    /// The file with bars put behind it; nil when there is nothing new.
    ///
    /// A day that a symbol may still tell more of is left for later, since what comes behind a day
    /// that is over is not heard any more.
    public func adding(_ found: [Symbol: [Bar]], to file: [UInt8]) -> [UInt8]? {
        let ends = found.values.compactMap { $0.last?.time }
        guard let end = ends.min() else { return nil }
        let bars = found.values.flatMap { $0 }.filter { $0.time <= end }
            .sorted { ($0.time, $0.symbol) < ($1.time, $1.symbol) }
        let bytes = BarCSV.bytes(of: bars)
        return file.isEmpty ? bytes : file + bytes.dropFirst(header.utf8.count + 1)
    }

    /// What lies at the path of the rows, in which the symbol is one name, points and all; nil when
    /// the answer knows nothing of the symbol.
    private func rows(in answer: JSON, of symbol: Symbol) throws(Failure) -> JSON? {
        var value = answer
        for step in fetch.rows.split(separator: ".") {
            let name = String(step).replacing("{symbol}", with: symbol.description)
            guard let next = value[name], next != .null else {
                guard step.contains("{symbol}") else {
                    let text = value.compactText.prefix(200)
                    throw Failure(description: "the answer has no '\(name)': \(text)")
                }
                return nil
            }
            value = next
        }
        return value
    }

    private func bar(_ row: JSON, of symbol: Symbol, _ place: String) throws(Failure) -> Bar {
        func number(_ path: String) throws(Failure) -> Double {
            let found = row.member(at: path)
            guard let number = found?.doubleValue ?? found?.stringValue.flatMap({ Double($0) }),
                number.isFinite
            else { throw Failure(description: "\(place).\(path): expected a number") }
            return number
        }
        func numberIfAny(_ path: String?) throws(Failure) -> Double? {
            guard let path, let found = row.member(at: path), found != .null, found != "" else {
                return nil
            }
            return try number(path)
        }
        guard let day = row.member(at: fetch.fields.time).flatMap(Self.day) else {
            throw Failure(description: "\(place).\(fetch.fields.time): expected a date or a time")
        }
        return Bar(
            symbol: symbol,
            time: Instant(day),
            open: try number(fetch.fields.open),
            high: try number(fetch.fields.high),
            low: try number(fetch.fields.low),
            close: try number(fetch.fields.close),
            volume: try number(fetch.fields.volume),
            day: fetch.fields.hasDays
                ? DayPrices(
                    settlement: try numberIfAny(fetch.fields.settlement),
                    limitUp: try numberIfAny(fetch.fields.limitUp),
                    limitDown: try numberIfAny(fetch.fields.limitDown)
                ) : nil
        )
    }

    /// The day of UTC on which a time lies.
    private static func day(_ json: JSON) -> CalendarDate? {
        if let text = json.stringValue { return CalendarDate(text) ?? Instant(text)?.date }
        guard let number = json.intValue, number > 0 else { return nil }
        // Seconds stay below this until the year 5138.
        let seconds = number < 100_000_000_000 ? number : number / 1000
        guard seconds < 100_000_000_000 else { return nil }
        return Instant(secondsSinceEpoch: Int64(seconds)).date
    }
}
