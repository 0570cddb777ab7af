// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

extension PaperMarket {
    /// A wish to trade now.
    struct Request {
        let id: OrderID
        let side: Side
        var lots: Decimal8
        /// The market's price.
        let market: Price
        /// Whether the fill is worse than that.
        let slips: Bool
        let reducesOnly: Bool
        let closesToday: Bool
    }

    /// Fills a waiting order as far as the step allows.
    mutating func fill(
        _ id: OrderID,
        _ turn: inout Turn,
        _ events: inout [MarketEvent]
    ) throws(TradingError) {
        guard var waiting = working[id], waiting.reaches <= stepNumber,
            let (market, slips) = price(of: waiting, turn.bar)
        else { return }
        let order = waiting.order
        if case .stop = order.kind { waiting.isTriggered = true }
        working[id] = waiting
        guard !turn.bar.prices.isLocked(against: order.side) else {
            if waiting.isTriggered || order.reducesOnly { events.append(.pendingAtLimit(id)) }
            return
        }
        let request = Request(
            id: id,
            side: order.side,
            lots: waiting.rest,
            market: market,
            slips: slips,
            reducesOnly: order.reducesOnly,
            closesToday: order.closesToday
        )
        guard let filled = try execute(request, &turn, &events) else {
            working[id] = nil
            return
        }
        waiting.rest -= filled
        working[id] = waiting.rest > .zero ? waiting : nil
        if order.reducesOnly, waiting.rest > .zero,
            positions[turn.instrument]?.side != order.side.opposite
        {
            working[id] = nil
            events.append(.ended(id, .nothingToReduce))
        }
        trimProtections(turn.instrument, &events)
        guard let bracket = order.bracket, filled > .zero else { return }
        var protection =
            protections[id]
            ?? Protection(
                entry: id,
                instrument: order.instrument,
                side: order.side,
                bracket: bracket,
                rest: .zero
            )
        protection.rest += filled
        let isWithin = market != turn.bar.prices.open
        if isWithin { protection.watchedFrom = stepNumber + 1 }
        protections[id] = protection
        guard isWithin else { return }
        // Filled within the step: the stop may have come after it, and the worse is assumed. The
        // target may have come before, so it counts from the next step on.
        try protect(id, &turn, isEntryStep: true, &events)
    }

    /// Takes exits back that have no position any more, the last entries' first.
    private mutating func trimProtections(
        _ instrument: InstrumentID,
        _ events: inout [MarketEvent]
    ) {
        let position = positions[instrument] ?? MarketPosition()
        var rest = position.quantity.magnitude
        for id in protections.keys.sorted() {
            guard let protection = protections[id], protection.instrument == instrument else {
                continue
            }
            let kept = protection.side == position.side ? min(rest, protection.rest) : .zero
            rest -= kept
            protections[id]?.rest = kept
            guard kept == .zero else { continue }
            protections[id] = nil
            events.append(.ended(OrderID(exitOf: id, .stop), .nothingToReduce))
        }
    }

    /// The market's price for a waiting order and whether the fill slips; nil when it is not due.
    private func price(of waiting: Working, _ bar: MarketBar) -> (Price, Bool)? {
        let (prices, side) = (bar.prices, waiting.order.side)
        let isBuy = side == .buy
        switch waiting.order.kind {
        case .market: return (prices.open, true)
        case .limit(let limit):
            if isBuy ? prices.open <= limit : prices.open >= limit { return (prices.open, false) }
            return (isBuy ? prices.low <= limit : prices.high >= limit) ? (limit, false) : nil
        case .stop(let stop):
            if waiting.isTriggered { return (prices.open, true) }
            if isBuy ? prices.open >= stop : prices.open <= stop { return (prices.open, true) }
            return (isBuy ? prices.high >= stop : prices.low <= stop) ? (stop, true) : nil
        }
    }

    /// Looks after the exits of a filled entry.
    mutating func protect(
        _ id: OrderID,
        _ turn: inout Turn,
        isEntryStep: Bool,
        _ events: inout [MarketEvent]
    ) throws(TradingError) {
        guard var protection = protections[id] else { return }
        let side = protection.side
        let prices = turn.bar.prices
        let bracket = protection.bracket
        let touch: (price: Price, ExitReason)?
        if protection.isTriggered {
            touch = (prices.open, .stop)
        } else if isEntryStep {
            let worst = side == .buy ? prices.low : prices.high
            let isHit = side == .buy ? worst <= bracket.stop : worst >= bracket.stop
            touch = isHit ? (bracket.stop, .stop) : nil
        } else {
            touch = prices.touch(side, stop: bracket.stop, target: bracket.target)
        }
        guard let (market, reason) = touch else { return }
        let exit = OrderID(exitOf: id, reason)
        protection.isTriggered = protection.isTriggered || reason == .stop
        protections[id] = protection
        guard !turn.bar.prices.isLocked(against: side.opposite) else {
            events.append(.pendingAtLimit(exit))
            return
        }
        let request = Request(
            id: exit,
            side: side.opposite,
            lots: protection.rest,
            market: market,
            slips: reason == .stop,
            reducesOnly: true,
            closesToday: false
        )
        let filled = try execute(request, &turn, &events) ?? protection.rest
        protection.rest -= filled
        guard protection.rest <= .zero else {
            protections[id] = protection
            return
        }
        protections[id] = nil
        guard bracket.target != nil else { return }
        let other = OrderID(exitOf: id, reason == .stop ? .target : .stop)
        events.append(.ended(other, .otherExitFilled))
    }

    /// Trades as much of a wish as the volume allows, and returns how much; nil when it ends.
    @discardableResult
    mutating func execute(
        _ request: Request,
        _ turn: inout Turn,
        _ events: inout [MarketEvent]
    ) throws(TradingError) -> Decimal8? {
        guard let found = instruments[turn.instrument] else { return nil }
        var position = positions[turn.instrument] ?? MarketPosition()
        let held = position.side == request.side.opposite ? position.quantity.magnitude : .zero
        let closable = request.closesToday ? min(held, position.today) : held
        if request.reducesOnly, closable == .zero {
            events.append(.ended(request.id, .nothingToReduce))
            return nil
        }
        let wanted = request.reducesOnly ? min(request.lots, closable) : request.lots
        let lots = turn.room.map { min($0, wanted) } ?? wanted
        guard lots > .zero else { return .zero }
        let price = try price(request, lots, turn.bar, found)
        let closing = min(lots, closable)
        let opening = lots - closing
        guard try canOpen(opening, at: price, turn.instrument, found) else {
            events.append(.ended(request.id, .insufficientMargin))
            return nil
        }
        let worth = notional(turn.instrument, price, closing)
        let fromToday =
            request.closesToday
            ? closing : max(.zero, closing - (position.quantity.magnitude - position.today))
        let parts = FilledLots(
            closing: closing - fromToday,
            closingToday: fromToday,
            opening: opening
        )
        let fee = try found.requireCharges().fees(parts) {
            notional(turn.instrument, price, $0)
        }
        var profit = Money.zero
        if closing > .zero {
            profit = position.remove(closing, worth: worth, onlyToday: request.closesToday)
        }
        if opening > .zero {
            let cost = notional(turn.instrument, price, opening)
            position.add(opening, request.side, worth: cost)
        }
        positions[turn.instrument] = position.quantity == .zero ? nil : position
        balance += profit - fee
        turn.room = turn.room.map { $0 - lots }
        let quantity = try Quantity(lots)
        events.append(filled(request, turn.instrument, quantity, price, fee: fee, profit: profit))
        return lots
    }

    private mutating func filled(
        _ request: Request,
        _ instrument: InstrumentID,
        _ quantity: Quantity,
        _ price: Price,
        fee: Money,
        profit: Money
    ) -> MarketEvent {
        executions += 1
        return .filled(
            MarketEvent.Execution(
                number: executions,
                order: request.id,
                instrument: instrument,
                side: request.side,
                quantity: quantity,
                price: price,
                fee: fee,
                profit: profit
            )
        )
    }

    /// The price of a fill, never beyond the day's limits.
    private func price(
        _ request: Request,
        _ lots: Decimal8,
        _ bar: MarketBar,
        _ instrument: Instrument
    ) throws(TradingError) -> Price {
        let model = request.slips ? rules.slippage : .none
        let price = try model.price(
            request.market,
            request.side,
            quantity: lots,
            volume: bar.volume,
            grid: instrument.terms.grid
        )
        return bar.prices.limits.capped(price, buying: request.side == .buy)
    }

    /// Whether the equity bears the margin of all positions with the lots to be opened.
    private func canOpen(
        _ lots: Decimal8,
        at price: Price,
        _ instrument: InstrumentID,
        _ found: Instrument
    ) throws(TradingError) -> Bool {
        guard lots > .zero else { return true }
        let fee = try found.fee(.open, price, Quantity(lots))
        let added = margin(instrument, notional(instrument, price, lots))
        return requiredMargin + added + fee <= equity
    }
}
