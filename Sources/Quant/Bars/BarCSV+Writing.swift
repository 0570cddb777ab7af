// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension BarCSV {
    /// The columns that the writer names.
    public static let header = "symbol,timestamp,open,high,low,close,volume"

    /// Writes series one after another, in the order given.
    ///
    /// The same bars give the same bytes: numbers have the fewest digits that read back equal, and
    /// a time at midnight UTC is written as a date.
    public static func bytes(of series: [BarSeries]) -> [UInt8] {
        bytes(of: series.lazy.flatMap(\.bars))
    }

    /// Writes bars in the order given, in the form of the other form.
    public static func bytes(of bars: some Sequence<Bar>) -> [UInt8] {
        var bytes = Array(header.utf8)
        bytes.append(0x0A)
        for bar in bars {
            bytes.append(contentsOf: bar.symbol.description.utf8)
            bytes.append(0x2C)
            bytes.append(contentsOf: text(of: bar.time).utf8)
            for value in [bar.open, bar.high, bar.low, bar.close, bar.volume] {
                bytes.append(0x2C)
                bytes.append(contentsOf: text(of: value).utf8)
            }
            bytes.append(0x0A)
        }
        return bytes
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
