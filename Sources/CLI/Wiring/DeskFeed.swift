// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import Basics
import Desk
import Quant
import Supervisor

/// The instants of a desk's market feed, which may grow while the desk runs.
final class DeskFeed: LiveFeed {
    private let feed: FollowedFeed
    private let first: CalendarDate

    init(_ desk: OpenDesk) throws {
        feed = try FollowedFeed(desk.configuration, in: desk.folder.root)
        first = desk.configuration.replay.lowerBound
    }

    func instants(after last: Instant?, through now: Instant) -> [Instant] {
        let instants = feed.instants
        let start =
            last.map { last in instants.partition { $0 > last } }
            ?? instants.partition { $0.date >= first }
        return Array(instants[start...].prefix { $0 <= now })
    }
}

extension [Instant] {
    /// The position of the first element of a sorted list that fulfils a condition.
    fileprivate func partition(_ isBehind: (Instant) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
