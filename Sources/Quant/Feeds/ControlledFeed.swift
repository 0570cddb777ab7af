// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A feed with the rows of another beside its own, at its own instants alone.
public struct ControlledFeed: MarketFeed {
    private let main: any MarketFeed
    private let control: any MarketFeed

    /// Joins two feeds.
    public init(_ main: any MarketFeed, control: any MarketFeed) {
        self.main = main
        self.control = control
    }

    /// The instants of the main feed.
    public var instants: [Instant] { main.instants }

    /// The symbols of both, sorted.
    public var symbols: [Symbol] { Set(main.symbols + control.symbols).sorted() }

    /// The rows of both at an instant of the main feed; none at any other.
    public func bars(at instant: Instant) -> [FeedRow] {
        let rows = main.bars(at: instant)
        return rows.isEmpty ? [] : rows + control.bars(at: instant)
    }
}
