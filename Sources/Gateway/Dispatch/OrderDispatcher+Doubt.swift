// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Trading

/// Orders of which nobody knows whether the venue has them.
///
/// Where an id is never taken twice, what takes risk away is sent again under its id until the
/// venue has it: of all sendings it takes one. The same holds for a stop that cannot be placed in
/// time. The order that closes in its place goes out under the stop's own id, so that the venue
/// takes one of the two, whichever comes first, and what is held cannot be sold twice.
extension OrderDispatcher {
    /// Asks what became of an order, if it is time: soon at first, then at leisure.
    mutating func askAbout(_ id: OrderID) -> [DispatchEffect] {
        guard let tracked = orders[id], now - tracked.askedAt >= pause(of: tracked) else {
            return []
        }
        orders[id]?.askedAt = now
        orders[id]?.asks += 1
        if tracked.isBeingCancelled { return [.send(.cancel(id))] }
        guard !tracked.asks.isMultiple(of: 2), mayRepeat(tracked) else {
            return [.send(.query(id))]
        }
        return send(again: tracked.order)
    }

    private func pause(of tracked: TrackedOrder) -> Int {
        let isUrgent =
            tracked.order.reducesOnly || tracked.isBeingCancelled || tracked.standing == .working
        return isUrgent ? min(rules.patience, 1 << min(tracked.asks, 6)) : rules.patience
    }

    /// Whether an order can be sent under its id without the danger of being doubled or of selling
    /// more than is held.
    private func isSafeToSend(_ tracked: TrackedOrder) -> Bool {
        rules.uniqueIDs && isReconciled && tracked.order.reducesOnly
            && tracked.standing == .unknown && held(of: tracked.order.entry) >= tracked.rest
            && reshaped[tracked.order.instrument] == nil
    }

    /// What is declined again and again is sent ever more slowly.
    private func mayRepeat(_ tracked: TrackedOrder) -> Bool {
        let pause = tracked.declines == 0 ? 0 : rules.patience << min(tracked.declines, 6)
        return isSafeToSend(tracked) && now - tracked.sentAt >= pause
    }

    /// Whether all this may be done while the disk refuses, and written down later.
    ///
    /// A life that has lost it would do the same under the same ids, of each of which the venue
    /// takes one; only an entry that nobody remembers would stay where it is.
    public func mayOwe(_ effects: [DispatchEffect]) -> Bool {
        rules.uniqueIDs
            && effects.allSatisfy { effect in
                if case .send(.place(let order)) = effect { order.reducesOnly } else { true }
            }
    }

    private mutating func send(again order: VenueOrder) -> [DispatchEffect] {
        orders[order.id]?.sentAt = now
        return [.send(.place(order))]
    }

    /// Hears that an order was not taken when it was sent, which may have been more than once.
    mutating func heedDecline(of tracked: TrackedOrder) -> [DispatchEffect] {
        guard tracked.standing == .unknown else { return [] }
        let count = tracked.declines + 1
        orders[tracked.order.id]?.declines = count
        guard tracked.order.kind == .market else { return advance(tracked.order.entry) }
        guard count >= rules.refusals else { return [] }
        return stop("the venue has refused \(count) orders to close \(tracked.order.entry)")
    }

    // MARK: In place of a stop

    /// Whether a stop in doubt cannot be waited for: for too long, or because it was declined.
    func isOverdue(_ tracked: TrackedOrder) -> Bool {
        tracked.declines > 0 || now - tracked.since > rules.stopPatience
    }

    /// Whether a stop can be replaced by an order that closes.
    func mayTakeOver(_ tracked: TrackedOrder) -> Bool {
        guard case .stop = tracked.order.kind, tracked.filled == .zero else { return false }
        return isSafeToSend(tracked) && isOverdue(tracked)
    }

    /// Closes at the market under the id of a stop in doubt.
    mutating func takeOver(_ tracked: TrackedOrder) -> [DispatchEffect] {
        let order = tracked.order.with(kind: .market)
        replace(by: order)
        return [.write(.intent(order, verdict: tracked.verdict, stop: nil))] + send(again: order)
    }

    /// Keeps an order in place of another one with its id.
    mutating func replace(by order: VenueOrder) {
        orders[order.id]?.order = order
        orders[order.id]?.isTakenOver = true
        orders[order.id]?.isBeingCancelled = false
        orders[order.id]?.asks = 0
        orders[order.id]?.askedAt = now
        orders[order.id]?.declines = 0
    }

    /// Whether an order that closes is open for so long that it may be the stop whose id it has.
    func mayBeStop(_ tracked: TrackedOrder) -> Bool {
        tracked.isTakenOver && tracked.standing == .working
            && now - tracked.sentAt >= rules.patience
    }
}
