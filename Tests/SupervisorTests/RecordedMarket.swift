// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Supervisor

/// A market whose views are hashes of everything that was published.
final class RecordedMarket: MarketRecorder {
    private(set) var recorded: [JSON] = []
    private(set) var restarts = 0
    private var published = 0

    func restart() throws {
        (recorded, published) = ([], 0)
        restarts += 1
    }

    func record(_ bars: JSON) throws { recorded.append(bars) }

    func publish(at time: Instant) throws { published = recorded.count }

    func hash(of view: MarketView) -> ContentHash? {
        guard view != .none else { return nil }
        let shown = JSON.array(Array(recorded.prefix(published)))
        return ContentHash(of: Array("\(view.rawValue)\n".utf8) + shown.compactBytes)
    }
}
