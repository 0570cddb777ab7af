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
            // A price that no exact decimal can hold, or prices that contradict each other, are
            // none; the instrument has no price then.
            guard let instrument = try? InstrumentID(bar.symbol.description),
                // As above.
                let session = try? SessionPrices(rounding: bar)
            else { continue }
            prices[instrument] = session
        }
        return prices
    }

    func instants(through time: Instant, limit: Int) -> [Instant] {
        Array(feed.instants.prefix { $0 <= time }.suffix(limit))
    }
}
