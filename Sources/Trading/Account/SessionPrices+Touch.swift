// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension SessionPrices {
    /// Where a stop or a target leaves a position within the session, before slippage; nil when
    /// neither is reached.
    ///
    /// What the open has passed is left there. Within the session the stop counts before the
    /// target, since four prices do not tell which came first.
    ///
    /// A position that was entered within the session was not there at its open, and no price tells
    /// what came after the entry: it may be stopped, and reaches its target from the next one on.
    func touch(
        _ side: Side,
        stop: Price?,
        target: Price?,
        isEnteredWithin: Bool = false
    ) -> (price: Price, ExitReason)? {
        let isLong = side == .buy
        func isStopped(_ stop: Price, by price: Price) -> Bool {
            isLong ? price <= stop : price >= stop
        }
        func isReached(_ target: Price, by price: Price) -> Bool {
            isLong ? price >= target : price <= target
        }
        if isEnteredWithin {
            return stop.flatMap { isStopped($0, by: isLong ? low : high) ? ($0, .stop) : nil }
        }
        if let stop, isStopped(stop, by: open) { return (open, .stop) }
        if let target, isReached(target, by: open) { return (open, .target) }
        if let stop, isStopped(stop, by: isLong ? low : high) { return (stop, .stop) }
        if let target, isReached(target, by: isLong ? high : low) { return (target, .target) }
        return nil
    }

    /// Where an order that may be filled at no worse than a limit is filled, before slippage: at
    /// the open, or else at the limit; nil where the session does not get there.
    func resting(_ side: Side, at limit: Price) -> (price: Price, isAtOpen: Bool)? {
        func isWithin(_ price: Price) -> Bool { side == .buy ? price <= limit : price >= limit }
        if isWithin(open) { return (open, true) }
        return isWithin(side == .buy ? low : high) ? (limit, false) : nil
    }
}
