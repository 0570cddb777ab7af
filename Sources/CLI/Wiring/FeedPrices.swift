// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Quant
import Trading

/// The paper exchange's prices: what the market feed says, bad rows left out.
///
/// The exchange looks at the feed itself, so that nothing an agent says can move a fill.
struct FeedPrices: SessionPriceSource {
    let feed: any MarketFeed

    func prices(at time: Instant) -> [InstrumentID: SessionPrices] {
        var prices: [InstrumentID: SessionPrices] = [:]
        for bar in feed.bars(at: time).compactMap(\.acceptedBar) {
            // A price that no exact decimal can hold is no price; the instrument then has none.
            guard let instrument = try? InstrumentID(bar.symbol.description),
                let open = Decimal8(rounding: bar.open), let high = Decimal8(rounding: bar.high),
                let low = Decimal8(rounding: bar.low), let close = Decimal8(rounding: bar.close),
                // As above: prices that contradict each other are none.
                let session = try? SessionPrices(
                    open: open,
                    high: high,
                    low: low,
                    close: close,
                    volume: bar.volume
                )
            else { continue }
            prices[instrument] = session
        }
        return prices
    }

    func instants(through time: Instant, limit: Int) -> [Instant] {
        Array(feed.instants.prefix { $0 <= time }.suffix(limit))
    }
}
