// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The last bars of each symbol: what an agent needs to decide today, as one file.
public struct LatestBars: Sendable {
    /// The name of the file.
    public static let file = "latest_data.parquet"

    private let limit: Int
    private var bars: [Symbol: [Bar]] = [:]

    /// Starts with the series of an earlier instant, keeping so many bars of each symbol.
    public init(limit: Int, from series: [BarSeries] = []) {
        self.limit = limit
        for one in series { bars[one.symbol] = one[max(0, one.count - limit)..<one.count].bars }
    }

    /// Whether a bar is later than the last one of its symbol.
    func isNew(_ bar: Bar) -> Bool { bars[bar.symbol]?.last.map { $0.time < bar.time } ?? true }

    /// Takes in the bars of one more instant.
    public mutating func record(_ new: [Bar]) {
        for bar in new {
            var last = bars[bar.symbol, default: []]
            last.append(bar)
            // Trimmed in bulk, since removing the first element moves all others.
            if last.count >= 2 * limit { last.removeFirst(last.count - limit) }
            bars[bar.symbol] = last
        }
    }

    /// The file's bytes, which depend on the bars alone; nil without any.
    /// - Throws: A ``QuantError`` for a bar that no file may hold.
    public func parquet() throws(QuantError) -> [UInt8]? {
        let series = bars.keys.sorted().map { symbol in
            BarSeries(symbol: symbol, bars: (bars[symbol] ?? []).suffix(limit))
        }
        return series.isEmpty ? nil : try BarParquet.bytes(of: series)
    }
}
