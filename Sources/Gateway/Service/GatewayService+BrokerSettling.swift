// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Trading

/// A session's close with a broker: its executions go into the account, and the plans of what is
/// held are looked at.
extension GatewayService {
    mutating func settleAtBroker(
        at time: Instant,
        _ prices: [InstrumentID: SessionPrices]
    ) throws(RequestFailure) {
        guard var dispatcher = broker?.dispatcher else { return }
        let settlement: Settlement?
        do throws(TradingError) {
            settlement = try exchange.settlement(
                at: time,
                prices: prices,
                outcomes: outcomes(in: dispatcher)
            )
        } catch {
            throw RequestFailure(.settlementRefused, error.description)
        }
        guard let settlement else { return }
        let failed = invalidated(at: time, prices)
        var effects: [DispatchEffect] = []
        for lot in settlement.book.account.sortedLots {
            guard let session = prices[lot.instrument],
                let reason = Self.reason(
                    toLeave: lot,
                    after: session,
                    isInvalid: failed.contains(lot.entry)
                )
            else { continue }
            effects += dispatcher.close(lot.entry, reason)
        }
        let entries = effects.entries
        try recording { ledger throws(GatewayError) in
            try ledger.record(settlement, journal: entries)
        }
        exchange.apply(settlement)
        broker?.dispatcher = dispatcher
        act(effects)
        heedUnbooked()
    }

    /// What the broker has made of the entries of which the account knows.
    private func outcomes(in dispatcher: OrderDispatcher) -> [VenueOutcome] {
        let book = exchange.book
        let waiting = book.sortedPending.map(\.order).filter(\.isEntry).map(\.id)
        return (waiting + book.account.sortedLots.map(\.entry)).compactMap {
            dispatcher.outcome(of: $0)
        }
    }

    /// Why a lot is to be left after a session; nil while it is not.
    ///
    /// The stop rests at the broker. A close beyond it, with the lot still there, means that the
    /// broker has missed it.
    private static func reason(
        toLeave lot: Lot,
        after session: SessionPrices,
        isInvalid: Bool
    ) -> ExitReason? {
        let isLong = lot.side == .buy
        if let stop = lot.stop, isLong ? session.close <= stop : session.close >= stop {
            return .stop
        }
        if let target = lot.target, isLong ? session.high >= target : session.low <= target {
            return .target
        }
        if isInvalid { return .invalidation }
        if let limit = lot.plan.holdLimit, lot.sessionsHeld >= limit { return .holdLimit }
        return nil
    }

    /// An order that was given up and turns up all the same is closed, and a person told: the
    /// account has no lot for it.
    private mutating func heedUnbooked() {
        guard let dispatcher = broker?.dispatcher else { return }
        let book = exchange.book
        let strays = dispatcher.heldEntries.filter { id in
            book.account.lots[id] == nil && book.pending[id] == nil
                && dispatcher.closing[id] == nil
        }
        guard let first = strays.first else { return }
        perform { dispatcher in strays.flatMap { dispatcher.close($0, .unprotected) } }
        engageHalt(
            .reconciliation,
            "the broker holds \(first), which the ledger had given up; it is being closed",
            flatten: false
        )
    }
}
