// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// What a session does to a lot that is held into it.
extension SessionSettler {
    /// Counts a session for a lot, and leaves it where its plan says so.
    mutating func holdThroughSession(_ lot: Lot) {
        guard let session = prices[lot.instrument] else { return }
        book.account.countSession(of: lot.entry)
        let isLocked = session.isLocked(against: lot.side.opposite)
        // What was kept from leaving at this open leaves at the next one.
        if isLocked, book.isLeaving(lot.entry) { return }
        if let (price, reason) = exitPrice(of: lot, in: session) {
            if isLocked { carry(lot, reason) } else { leave(lot, at: price, reason) }
        } else if invalidated.contains(lot.entry) {
            wait(Order(closing: lot, .invalidation, at: time), since: Stamp(time: time, round: 0))
        } else if let limit = lot.plan.holdLimit, lot.sessionsHeld + 1 >= limit {
            wait(Order(closing: lot, .holdLimit, at: time), since: Stamp(time: time, round: 0))
        }
    }

    /// Where a stop or a target leaves a lot, the open first and then the stop before the target.
    private func exitPrice(of lot: Lot, in session: SessionPrices) -> (Price, ExitReason)? {
        let touch = session.touch(lot.side, stop: lot.stop, target: lot.target)
        return touch.map { price, reason in
            let isFree = reason == .target && !configuration.slipsTargets
            let slippage = isFree ? .zero : configuration.slippageRate
            return (lot.fillPrice(price, slippage, limits: session.limits), reason)
        }
    }

    /// Keeps a lot whose stop or target was reached in a market that is locked.
    ///
    /// A stop goes on at the next open, whatever the price is then; a target is looked at again.
    private mutating func carry(_ lot: Lot, _ reason: ExitReason) {
        let order = Order(closing: lot, reason, at: time)
        if reason == .stop { wait(order, since: Stamp(time: time, round: 0)) }
        add(.pendingAtLimit(order.id))
    }
}
