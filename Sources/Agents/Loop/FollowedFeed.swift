// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk
public import Quant
import Synchronization

/// A market feed that is read again whenever its file has changed.
///
/// A line counts once it ends with a line feed, since whoever writes the file may be in the middle
/// of one. A file that cannot be read at the moment leaves the feed as it was.
public final class FollowedFeed: MarketFeed {
    private struct State {
        var feed: any MarketFeed
        var stamp: FileStamp?
    }

    private let desk: DeskConfiguration
    private let folder: Folder
    private let gapDays: Int?
    private let state: Mutex<State>

    /// Opens the feed that a desk names.
    /// - Throws: As `loadFeed`.
    public init(_ desk: DeskConfiguration, in folder: Folder, gapDays: Int? = 7) throws {
        self.desk = desk
        self.folder = folder
        self.gapDays = gapDays
        // Before reading, so that a change in between is seen as one.
        let stamp = Self.stamp(desk, folder)
        let feed = try desk.loadFeed(in: folder, gapDays: gapDays, wholeLinesOnly: true)
        state = Mutex(State(feed: feed, stamp: stamp))
    }

    /// The instants at which rows become known, strictly increasing.
    public var instants: [Instant] { current.instants }

    /// The symbols that good rows have, sorted.
    public var symbols: [Symbol] { current.symbols }

    /// The rows that become known at exactly that instant, bad ones included; none at any other.
    public func bars(at instant: Instant) -> [FeedRow] { current.bars(at: instant) }

    private var current: any MarketFeed {
        state.withLock { state in
            let stamp = Self.stamp(desk, folder)
            guard let stamp, stamp != state.stamp else { return state.feed }
            // A file that is just being replaced is read at the next look.
            guard let feed = try? desk.loadFeed(in: folder, gapDays: gapDays, wholeLinesOnly: true)
            else { return state.feed }
            state.feed = feed
            state.stamp = stamp
            return feed
        }
    }

    private static func stamp(_ desk: DeskConfiguration, _ folder: Folder) -> FileStamp? {
        guard case .csv(let path) = desk.market.feed else { return nil }
        return folder.stamp(of: path)
    }
}
