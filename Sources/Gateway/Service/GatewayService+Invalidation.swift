// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Trading

/// What an entry was made for is looked at again at every close, by the gateway's own prices and
/// with no agent alive.
extension GatewayService {
    /// The entries, held or about to be, whose ideas have failed at the close of a session.
    ///
    /// A condition that cannot be reckoned has not failed, and the log says so.
    func invalidated(
        at time: Instant,
        _ prices: [InstrumentID: SessionPrices]
    ) -> Set<OrderID> {
        let orders =
            exchange.book.account.sortedLots.map(\.order)
            + exchange.book.sortedPending.map(\.order)
        var sessions: [(time: Instant, prices: [InstrumentID: SessionPrices])]?
        var failed: Set<OrderID> = []
        for order in orders where prices[order.instrument] != nil {
            guard case .entry(let plan) = order.purpose, let text = plan.invalidIf else { continue }
            let known = sessions ?? lastSessions(through: time)
            sessions = known
            let own = known.compactMap { session in
                session.prices[order.instrument].map { (time: session.time, prices: $0) }
            }
            do throws(TradingError) {
                if try Invalidation(text).holds(after: own) { failed.insert(order.id) }
            } catch {
                settings.complain("the invalidation of \(order.id): \(error)")
            }
        }
        return failed
    }

    /// Read anew each time, so that a restart changes nothing.
    private func lastSessions(
        through time: Instant
    ) -> [(time: Instant, prices: [InstrumentID: SessionPrices])] {
        source.instants(through: time, limit: Invalidation.sessions)
            .map { (time: $0, prices: source.prices(at: $0)) }
    }
}
