// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// The series that the figures of other libraries were computed on, by integer recurrences.
enum ReferenceBars {
    static func series(_ kind: String) throws -> BarSeries {
        let symbol = try Samples.symbol("AAA")
        let place = IndicatorReferenceTests.kinds.firstIndex(of: kind) ?? 0
        var draws = Draws(state: 20_000 + 77 * place)
        let scale = kind == "tiny" ? 1e11 : 100
        var price = 10_000
        let bars = (0..<(kind == "short" ? 40 : 640)).map { index in
            var last = price
            var step = draws.next(41) - 20
            let isStill = kind == "flat" && index / 90 % 2 == 0
            if kind == "trending" { step += 12 }
            if isStill { step = 0 }
            if kind == "gapped" && index % 97 == 50 {
                price = index % 2 == 1 ? price * 3 : price / 3
            }
            price = max(100, price + step)
            var (above, below) = (draws.next(9), draws.next(9))
            let volume = draws.next(5_000) * (draws.next(23) == 0 ? 0 : 1)
            if isStill { (last, above, below) = (price, 0, 0) }
            return Bar(
                symbol: symbol,
                time: Instant(CalendarDate(daysSinceEpoch: 10_000 + index)),
                open: Double(last) / scale,
                high: Double(max(last, price) + above) / scale,
                low: Double(min(last, price) - below) / scale,
                close: Double(price) / scale,
                volume: Double(volume)
            )
        }
        return BarSeries(symbol: symbol, bars: bars)
    }

    /// A linear congruential sequence.
    private struct Draws {
        var state: Int

        mutating func next(_ count: Int) -> Int {
            state = (1_103_515_245 * state + 12_345) % (1 << 31)
            return (state >> 16) % count
        }
    }
}
