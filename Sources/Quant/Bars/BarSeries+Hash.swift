// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

extension BarSeries {
    /// The hash of some series in their order: symbols, numbers of bars, times and all columns, and
    /// the prices of days where there are any.
    public static func hash(of list: [BarSeries]) -> ContentHash {
        var hash = RunningHash()
        for series in list {
            hash.update(Array("\(series.symbol) \(series.count)\n".utf8))
            hash.update(bytes(series.times))
            for column in [series.open, series.high, series.low, series.close, series.volume] {
                hash.update(bytes(column))
            }
            for day in series.days ?? [] { hash.update(Array("\(BarCSV.fields(of: day))\n".utf8)) }
        }
        return hash.value
    }

    /// The memory of a column; all machines that this runs on write the lowest byte first.
    private static func bytes<Element>(_ column: BarColumn<Element>) -> [UInt8] {
        column.withUnsafeBufferPointer { Array(UnsafeRawBufferPointer($0)) }
    }
}
