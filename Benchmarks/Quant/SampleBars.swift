// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// Made-up minute bars, the same on every machine; fewer of them are the first of more.
///
/// The seed is one for which nothing has to be agreed on beyond the rules: within the first million
/// bars the averages over 20 and 50 closes are never exactly equal, where the order of summation
/// would decide, and no position is open after bar 10,000, 100,000 and 1,000,000, where engines
/// differ in what they do with one.
struct SampleBars {
    static let seed: UInt64 = 122

    /// The prices in steps of 0.0001, so that a file has them exactly.
    private(set) var series: BarSeries

    init(count: Int, symbol: Symbol) {
        var random = SeededRandom(seed: Self.seed)
        var times: [Instant] = []
        var columns = [[Double]](repeating: [], count: 5)
        times.reserveCapacity(count)
        for index in columns.indices { columns[index].reserveCapacity(count) }
        var last = 1_000_000.0
        // The third of January 2000, the first Monday of that year.
        let start: Int64 = 946_857_600
        for index in 0..<count {
            let open = (last * (1 + 0.0002 * (random.nextUnit() - 0.5))).rounded()
            let close = max(1000, (open * (1 + 0.002 * (random.nextUnit() - 0.5))).rounded())
            let high = (max(open, close) * (1 + 0.0005 * random.nextUnit())).rounded(.up)
            let low = (min(open, close) * (1 - 0.0005 * random.nextUnit())).rounded(.down)
            let volume = 100 + (9900 * random.nextUnit()).rounded()
            times.append(Instant(secondsSinceEpoch: start + Int64(index) * 60))
            for (column, price) in [open, high, low, close].enumerated() {
                columns[column].append(price / 10_000)
            }
            columns[4].append(volume)
            last = close
        }
        series = BarSeries(
            symbol: symbol,
            times: BarColumn(times),
            open: BarColumn(columns[0]),
            high: BarColumn(columns[1]),
            low: BarColumn(columns[2]),
            close: BarColumn(columns[3]),
            volume: BarColumn(columns[4])
        )
    }

    /// The first bars as CSV with six columns, as other programs write it.
    func csv(first count: Int) -> [UInt8] {
        var bytes = Array("timestamp,open,high,low,close,volume\n".utf8)
        bytes.reserveCapacity(count * 64)
        for bar in (0..<count).lazy.map({ series[$0] }) {
            bytes += "\(bar.time),\(bar.open),\(bar.high),\(bar.low),\(bar.close)".utf8
            bytes += ",\(Int(bar.volume))\n".utf8
        }
        return bytes
    }
}
