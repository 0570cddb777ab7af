// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Gathers bars into one series per symbol.
struct SeriesCollector {
    private var list: [BarSeries] = []
    private var slots: [Symbol: Int] = [:]
    private var current = -1

    /// The series, sorted by symbol.
    var series: [BarSeries] { list.sorted { $0.symbol < $1.symbol } }

    mutating func append(_ bar: Bar) {
        if current < 0 || list[current].symbol != bar.symbol {
            if let slot = slots[bar.symbol] {
                current = slot
            } else {
                current = list.count
                slots[bar.symbol] = current
                list.append(BarSeries(symbol: bar.symbol))
            }
        }
        list[current].append(bar)
    }
}
