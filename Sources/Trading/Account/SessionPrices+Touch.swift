// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension SessionPrices {
    /// Where a stop or a target leaves a position within the session, before slippage; nil when
    /// neither is reached.
    ///
    /// What the open has passed is left there. Within the session the stop counts before the
    /// target, since four prices do not tell which came first.
    func touch(_ side: Side, stop: Price?, target: Price?) -> (price: Price, ExitReason)? {
        let isLong = side == .buy
        func isStopped(_ stop: Price, by price: Price) -> Bool {
            isLong ? price <= stop : price >= stop
        }
        func isReached(_ target: Price, by price: Price) -> Bool {
            isLong ? price >= target : price <= target
        }
        if let stop, isStopped(stop, by: open) { return (open, .stop) }
        if let target, isReached(target, by: open) { return (open, .target) }
        if let stop, isStopped(stop, by: isLong ? low : high) { return (stop, .stop) }
        if let target, isReached(target, by: isLong ? high : low) { return (target, .target) }
        return nil
    }
}
