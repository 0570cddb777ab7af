// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A source of bars, each of which becomes known at one instant.
public protocol MarketFeed: Sendable {
    /// The instants at which rows become known, strictly increasing.
    var instants: [Instant] { get }
    /// The symbols that good rows have, sorted.
    var symbols: [Symbol] { get }
    /// The rows that become known at exactly that instant, bad ones included; none at any other.
    func bars(at instant: Instant) -> [FeedRow]
}

extension MarketFeed {
    /// The first instant after another at which rows become known; nil at the end.
    public func nextInstant(after instant: Instant) -> Instant? {
        let index = instants.lowerBound { $0 <= instant }
        return index < instants.count ? instants[index] : nil
    }

    /// The good bars that are known by an instant, one series per symbol, sorted by symbol.
    public func history(through instant: Instant) -> [BarSeries] {
        var collector = SeriesCollector()
        for known in instants.prefix(while: { $0 <= instant }) {
            for row in bars(at: known) {
                if let bar = row.acceptedBar { collector.append(bar) }
            }
        }
        return collector.series
    }
}
