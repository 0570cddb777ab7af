// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Cash and open lots: a fold over fills and closing prices.
public struct Account: Sendable, Hashable {
    /// The cash.
    public internal(set) var cash: Money
    /// The open lots by their entry.
    public internal(set) var lots: [OrderID: Lot] = [:]
    /// The gains and losses of closed lots, fees taken off.
    public private(set) var realisedProfit: Money = .zero
    /// All fees paid.
    public private(set) var fees: Money = .zero
    /// The highest equity at any close, and at least the capital.
    public private(set) var peak: Money
    /// The last price of each instrument that is held.
    public private(set) var marks: [InstrumentID: Price] = [:]
    /// Of the lots on margin, those that were opened on this trading day.
    var today: [HeldSide: Decimal8] = [:]

    /// Opens an account that holds cash only.
    public init(capital: Money) {
        cash = capital
        peak = capital
    }

    /// The lots in the order of their entries' ids.
    public var sortedLots: [Lot] {
        lots.values.sorted { $0.entry < $1.entry }
    }

    /// The positions in the order of their instruments; lots that cancel out still appear.
    public var positions: [Position] {
        var byInstrument: [InstrumentID: (Decimal8, Money)] = [:]
        for lot in lots.values {
            let sum = byInstrument[lot.instrument] ?? (.zero, .zero)
            byInstrument[lot.instrument] = (sum.0 + lot.signedQuantity, sum.1 + worth(of: lot))
        }
        return byInstrument.map { Position(instrument: $0, quantity: $1.0, worth: $1.1) }
            .sorted { $0.instrument < $1.instrument }
    }

    /// Cash, what the lots are worth at the last prices, and of lots on margin their gains since
    /// the last settlement.
    public var equity: Money {
        lots.values.reduce(cash) { $0 + worth(of: $1) - $1.basis }
    }

    /// What the lots are worth, short ones counted as positive.
    public var grossExposure: Money {
        lots.values.reduce(.zero) { $0 + Money(worth(of: $1).value.magnitude) }
    }

    /// The cash that an entry may use.
    ///
    /// What was received for short lots is set aside, together with the same again as their
    /// collateral. Lots on margin add their gains and bind their margins.
    public var freeCash: Money {
        lots.values.reduce(cash - requiredMargin) { rest, lot in
            if lot.isMargined { return rest + worth(of: lot) - lot.basis }
            guard lot.side == .sell else { return rest }
            return rest + worth(of: lot) + worth(of: lot)
        }
    }

    /// How far the equity lies below its peak, as a fraction of that; never below zero.
    public var drawdown: Decimal8 {
        let equity = equity
        guard equity < peak else { return .zero }
        return (peak - equity).value / peak.value
    }

    /// Takes in an entry's fill.
    public mutating func open(_ lot: Lot) {
        precondition(lots[lot.entry] == nil, "an entry opens one lot")
        cash += lot.fill.cashChange + lot.basis
        fees += lot.fill.fee
        lots[lot.entry] = lot
        if lot.isMargined { today[lot.heldSide, default: .zero] += lot.quantity.value }
        if marks[lot.instrument] == nil { marks[lot.instrument] = lot.fill.price }
    }

    /// Takes in a further part of an entry whose lot is open.
    mutating func grow(_ entry: OrderID, by part: Fill) {
        guard let lot = lots[entry] else { return }
        lots[entry]?.grow(by: part)
        cash += part.cashChange + (lots[entry]?.basis ?? lot.basis) - lot.basis
        fees += part.fee
        if lot.isMargined { today[lot.heldSide, default: .zero] += part.quantity.value }
    }

    /// Takes in a fill that closes a lot, or a part of it, and returns the trade; nil while
    /// anything of the lot is left, and when no such lot is open.
    @discardableResult
    public mutating func close(_ fill: Fill, _ reason: ExitReason) -> Trade? {
        guard var lot = lots[fill.entry] else { return nil }
        if lot.isMargined {
            let ended = closing(lot, fill.quantity).closingToday
            today[lot.heldSide, default: .zero] -= ended
        }
        let (basis, isLeft) = lot.shrink(by: fill)
        lots[fill.entry] = isLeft ? lot : nil
        cash += fill.cashChange - basis
        fees += fill.fee
        guard !isLeft, let trade = lot.trade(reason) else { return nil }
        realisedProfit += trade.profit
        if !lots.values.contains(where: { $0.instrument == lot.instrument }) {
            marks[lot.instrument] = nil
        }
        return trade
    }

    /// Sets the last price of an instrument; one that is not held needs none.
    public mutating func mark(_ instrument: InstrumentID, at price: Price) {
        guard marks[instrument] != nil else { return }
        marks[instrument] = price
    }

    /// Counts one more session for the lots of an instrument.
    mutating func countSession(of entry: OrderID) {
        lots[entry]?.sessionsHeld += 1
    }

    /// Ends a session: raises the peak if need be and returns the account's point.
    public mutating func closeSession(at time: Instant) -> EquityPoint {
        let equity = equity
        raisePeak(to: equity)
        return EquityPoint(time: time, equity: equity, cash: cash, drawdown: drawdown)
    }

    /// Takes in a close that may be the highest so far.
    mutating func raisePeak(to equity: Money) {
        peak = max(peak, equity)
    }

    func worth(of lot: Lot) -> Money {
        lot.worth(at: marks[lot.instrument] ?? lot.fill.price)
    }
}
