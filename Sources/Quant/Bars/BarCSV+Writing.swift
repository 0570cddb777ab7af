// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension BarCSV {
    /// The columns that the writer names.
    public static let header = "symbol,timestamp,open,high,low,close,volume"

    /// The same with those of the days' settlement prices and limits.
    public static let headerWithDays =
        ([header] + BarField.ofDay.map(\.name)).joined(separator: ",")

    /// Writes series one after another, in the order given.
    ///
    /// The same bars give the same bytes: numbers have the fewest digits that read back equal, and
    /// a time at midnight UTC is written as a date.
    public static func bytes(of series: [BarSeries]) -> [UInt8] {
        let hasDays = series.contains { $0.days != nil }
        return bytes(of: series.lazy.flatMap(\.bars), hasDays: hasDays)
    }

    /// Writes bars in the order given, in the form of the other form.
    public static func bytes(of bars: [Bar]) -> [UInt8] {
        bytes(of: bars, hasDays: bars.contains { $0.day != nil })
    }

    /// The same, with the columns of days or without them.
    static func bytes(of bars: some Sequence<Bar>, hasDays: Bool) -> [UInt8] {
        var bytes = Array((hasDays ? headerWithDays : header).utf8)
        bytes.append(0x0A)
        for bar in bars {
            bytes.append(contentsOf: bar.symbol.description.utf8)
            bytes.append(0x2C)
            bytes.append(contentsOf: text(of: bar.time).utf8)
            for value in [bar.open, bar.high, bar.low, bar.close, bar.volume] {
                bytes.append(0x2C)
                bytes.append(contentsOf: text(of: value).utf8)
            }
            if hasDays { bytes.append(contentsOf: ",\(fields(of: bar.day ?? .unknown))".utf8) }
            bytes.append(0x0A)
        }
        return bytes
    }

    /// The fields of a day, an unknown one empty.
    static func fields(of day: DayPrices) -> String {
        day.named.map { $0.price.map { text(of: $0) } ?? "" }.joined(separator: ",")
    }

    /// The fewest digits that read back as the same number, without `.0`.
    static func text(of value: Double) -> String {
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func text(of time: Instant) -> String {
        time == Instant(time.date) ? time.date.description : time.description
    }
}
