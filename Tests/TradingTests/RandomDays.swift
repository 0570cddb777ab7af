// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// Random limits and settlement prices for a series, the same for the same seed.
///
/// Some bars are locked at a limit, some touch one, and some say nothing. Bars within a day have a
/// settlement price as well, which nothing may use.
enum RandomDays {
    static func adding(to series: BarSeries, seed: UInt64) -> BarSeries {
        var random = SeededRandom(seed: seed)
        let bars = series.bars.map { bar -> Bar in
            let kind = random.next() % 8
            let settled = [bar.open, bar.low, bar.high, bar.close][Int(random.next() % 4)]
            switch kind {
            case 0, 1: return flat(bar, at: bar.high, up: bar.high, down: bar.low / 2)
            case 2, 3: return flat(bar, at: bar.low, up: bar.high * 2, down: bar.low)
            case 4:
                let day = DayPrices(settlement: settled, limitUp: bar.high, limitDown: bar.low)
                return with(day, bar)
            case 5: return with(DayPrices(settlement: settled), bar)
            case 6: return with(.unknown, bar)
            default: return with(DayPrices(settlement: settled, limitDown: bar.low), bar)
            }
        }
        return BarSeries(symbol: series.symbol, bars: bars)
    }

    /// The same bars without what their days say.
    static func removing(from series: BarSeries) -> BarSeries {
        BarSeries(symbol: series.symbol, bars: series.bars.map { with(nil, $0) })
    }

    private static func flat(_ bar: Bar, at price: Double, up: Double, down: Double) -> Bar {
        Bar(
            symbol: bar.symbol,
            time: bar.time,
            open: price,
            high: price,
            low: price,
            close: price,
            volume: bar.volume,
            day: DayPrices(settlement: price, limitUp: up, limitDown: down)
        )
    }

    private static func with(_ day: DayPrices?, _ bar: Bar) -> Bar {
        var bar = bar
        bar.day = day
        return bar
    }
}
