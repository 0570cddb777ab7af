// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension PaperMarket {
    /// One instrument's part of a step.
    struct Turn {
        let instrument: InstrumentID
        let bar: MarketBar
        /// The lots that may still be filled in this step; nil for no bound.
        var room: Decimal8?
    }

    /// Lets a step pass and returns what happened.
    ///
    /// Instrument by instrument in the order of their names, and within each: what a margin call
    /// left to be closed, waiting orders in the order of their ids, exits of filled entries,
    /// liquidation, funding, settlement. Then the margin is looked at, if a trading day has ended.
    /// - Throws: A ``TradingError`` for a price beyond what can be reckoned.
    public mutating func step(
        _ bars: [InstrumentID: MarketBar]
    ) throws(TradingError) -> [MarketEvent] {
        stepNumber += 1
        var events: [MarketEvent] = []
        let isForced = isCalled && equity < requiredMargin
        isCalled = isForced && !positions.keys.allSatisfy { bars[$0] != nil }
        var hasSettled = false
        for (instrument, bar) in bars.sorted(by: { $0.key < $1.key }) {
            var turn = Turn(instrument: instrument, bar: bar, room: room(instrument, bar))
            marks[instrument] = bar.prices.open
            if isForced { try closeByForce(&turn, &events) }
            for id in working.keys.sorted() where working[id]?.order.instrument == instrument {
                try fill(id, &turn, &events)
            }
            for id in protections.keys.sorted() where isWatched(id, instrument) {
                try protect(id, &turn, isEntryStep: false, &events)
            }
            try liquidate(turn, &events)
            marks[instrument] = bar.prices.close
            try fund(turn, &events)
            hasSettled = settle(turn, &events) || hasSettled
        }
        let missing = requiredMargin - equity
        if hasSettled, missing > .zero {
            isCalled = true
            events.append(.marginCall(missing: missing))
        }
        return events
    }

    private func isWatched(_ entry: OrderID, _ instrument: InstrumentID) -> Bool {
        guard let protection = protections[entry] else { return false }
        return protection.instrument == instrument && protection.watchedFrom <= stepNumber
    }

    private func room(_ instrument: InstrumentID, _ bar: MarketBar) -> Decimal8? {
        guard let share = rules.volumeShare, let volume = bar.volume else { return nil }
        let lot = instruments[instrument]?.terms.lot ?? Decimal8(1)
        let lots = (volume * share).units / lot.units
        return Decimal8(units: lots * lot.units)
    }

    /// Closes a position at the open after a margin call that nobody answered.
    private mutating func closeByForce(
        _ turn: inout Turn,
        _ events: inout [MarketEvent]
    ) throws(TradingError) {
        drop(turn.instrument, .liquidated, &events)
        guard let position = positions[turn.instrument], let side = position.side else { return }
        let id = try OrderID("liquidation-\(stepNumber)-\(turn.instrument)")
        guard !turn.bar.prices.isLocked(against: side.opposite) else {
            isCalled = true
            events.append(.pendingAtLimit(id))
            return
        }
        let request = Request(
            id: id,
            side: side.opposite,
            lots: position.quantity.magnitude,
            market: turn.bar.prices.open,
            slips: true,
            reducesOnly: true,
            closesToday: false
        )
        var unbounded = turn
        unbounded.room = nil
        try execute(request, &unbounded, &events)
        events.append(.liquidated(turn.instrument, turn.bar.prices.open))
    }

    /// Gives up all orders of an instrument.
    mutating func drop(
        _ instrument: InstrumentID,
        _ ending: MarketEvent.Ending,
        _ events: inout [MarketEvent]
    ) {
        for id in working.keys.sorted() where working[id]?.order.instrument == instrument {
            working[id] = nil
            events.append(.ended(id, ending))
        }
        for id in protections.keys.sorted() where protections[id]?.instrument == instrument {
            protections[id] = nil
            events.append(.ended(OrderID(exitOf: id, .stop), ending))
        }
    }

    /// Closes a perpetual future where the account's value does not bear it any more.
    private mutating func liquidate(
        _ turn: Turn,
        _ events: inout [MarketEvent]
    ) throws(TradingError) {
        guard let found = instruments[turn.instrument],
            let position = positions[turn.instrument], let side = position.side
        else { return }
        let lots = try Quantity(position.quantity.magnitude)
        let reached = try found.liquidation(side, lots, equity: equity, in: turn.bar.prices)
        guard let price = reached else { return }
        drop(turn.instrument, .liquidated, &events)
        let request = Request(
            id: try OrderID("liquidation-\(stepNumber)-\(turn.instrument)"),
            side: side.opposite,
            lots: lots.value,
            market: price,
            slips: false,
            reducesOnly: true,
            closesToday: false
        )
        var unbounded = turn
        unbounded.room = nil
        try execute(request, &unbounded, &events)
        events.append(.liquidated(turn.instrument, price))
    }

    private mutating func fund(
        _ turn: Turn,
        _ events: inout [MarketEvent]
    ) throws(TradingError) {
        guard let premium = turn.bar.premium, let found = instruments[turn.instrument],
            let position = positions[turn.instrument], let side = position.side
        else { return }
        let paid = try found.funding(
            side,
            Quantity(position.quantity.magnitude),
            oracle: turn.bar.prices.close,
            premium: premium
        )
        balance += paid
        events.append(.funded(turn.instrument, paid))
    }

    /// Marks a position to the settlement price; returns whether the trading day has ended.
    private mutating func settle(_ turn: Turn, _ events: inout [MarketEvent]) -> Bool {
        guard let price = turn.bar.settlement else { return false }
        marks[turn.instrument] = price
        guard var position = positions[turn.instrument] else { return true }
        let worth = notional(turn.instrument, price, position.quantity.magnitude)
        let gain = position.settle(at: worth)
        positions[turn.instrument] = position
        balance += gain
        events.append(.settled(turn.instrument, price, gain))
        return true
    }
}
