// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// What a session does to a lot that is held into it.
extension SessionSettler {
    /// Counts a session for a lot, and leaves it where its plan says so.
    mutating func holdThroughSession(_ lot: Lot) {
        guard let session = prices[lot.instrument] else { return }
        book.account.countSession(of: lot.entry)
        // What was kept from leaving at this open leaves at the next one.
        if leavingNow.contains(lot.entry) { return }
        let touched = session.touch(
            lot.side,
            stop: lot.stop,
            target: lot.target,
            isEnteredWithin: enteredWithin.contains(lot.entry)
        )
        if let (price, reason) = touched {
            touch(lot, reason, at: price, in: session)
        } else if invalidated.contains(lot.entry) {
            leaveLater(lot, .invalidation)
        } else if let limit = lot.plan.holdLimit, lot.sessionsHeld + 1 >= limit {
            leaveLater(lot, .holdLimit)
        }
    }

    /// Sends an order that leaves a lot, unless one is on its way.
    private mutating func leaveLater(_ lot: Lot, _ reason: ExitReason) {
        guard !book.isLeaving(lot.entry) else { return }
        wait(
            Order(closing: lot, reason, at: time),
            since: Stamp(time: time, round: 0),
            delay: configuration.execution.latency
        )
    }

    /// Leaves a lot whose stop or target was reached, as far as the market lets it.
    ///
    /// What is left of a stop goes on at the next open, whatever the price is then; for a target
    /// the price is looked at again.
    private mutating func touch(
        _ lot: Lot,
        _ reason: ExitReason,
        at price: Price,
        in session: SessionPrices
    ) {
        takeBackRest(of: lot.entry)
        let isLocked = session.isLocked(against: lot.side.opposite)
        if !isLocked {
            leave(lot, at: price, reason, slips: reason == .stop || configuration.slipsTargets)
        }
        if reason == .stop, let rest = book.account.lots[lot.entry] {
            let order = Order(closing: rest, .stop, at: time)
            for other in book.sortedPending
            where other.leaving == lot.entry && other.order.id != order.id {
                reject(other.order, .leaving)
            }
            wait(order, since: Stamp(time: time, round: 0))
        }
        if isLocked { add(.pendingAtLimit(OrderID(exitOf: lot.entry, reason))) }
    }
}
