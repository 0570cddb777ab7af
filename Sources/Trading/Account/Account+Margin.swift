// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Lots on margin: what they bind, which of them are today's, and what a day's end does.
extension Account {
    /// The margin that the lots need at the last prices, both sides of an instrument added up.
    public var requiredMargin: Money {
        var held: [InstrumentID: (Money, ContractTerms)] = [:]
        for lot in lots.values where lot.isMargined {
            let sum = held[lot.instrument]?.0 ?? .zero
            held[lot.instrument] = (sum + Money(worth(of: lot).value.magnitude), lot.terms)
        }
        return held.values.reduce(.zero) { $0 + $1.1.margin(of: $1.0) }
    }

    /// Where a contract's lots together are liquidated as the account stands; nil for anything but
    /// a perpetual future, and when no price would do so.
    public func liquidationPrice(of instrument: InstrumentID) -> Decimal8? {
        let held = lots.values.filter { $0.instrument == instrument }
        let net = held.reduce(Decimal8.zero) { $0 + $1.signedQuantity }
        guard let contract = held.first?.terms.contract, contract.tiers != nil,
            let mark = marks[instrument],
            // Lots that cancel out are no position.
            let size = try? Quantity(net.magnitude)
        else { return nil }
        // A position beyond what can be reckoned has no such price either.
        let price = try? contract.liquidationPrice(
            net > .zero ? .buy : .sell,
            mark,
            size,
            margin: equity
        )
        return price ?? nil
    }

    /// The lots of one instrument on one side, by the day of their entry.
    func heldLots(_ held: HeldSide) -> HeldLots {
        let all = lots.values.reduce(Decimal8.zero) { sum, lot in
            lot.heldSide == held ? sum + lot.quantity.value : sum
        }
        let today = today[held] ?? .zero
        return HeldLots(today: today, yesterday: all - today)
    }

    /// How the venue counts lots that close so much of an entry's.
    func closing(_ lot: Lot, _ quantity: Quantity) -> FilledLots {
        lot.isMargined
            ? lot.terms.closing(quantity.value, of: heldLots(lot.heldSide))
            : FilledLots(closing: quantity.value)
    }

    /// Ends an instrument's trading day at a settlement price: the gains of its lots go to the
    /// cash, and the lots become earlier ones.
    /// - Returns: The gains together.
    mutating func settle(_ instrument: InstrumentID, at price: Price, _ time: Instant) -> Money {
        var gain = Money.zero
        for lot in sortedLots where lot.instrument == instrument && lot.isMargined {
            let worth = lot.worth(at: price)
            gain += worth - lot.basis
            lots[lot.entry]?.basis = worth
            lots[lot.entry]?.settled = time
        }
        for held in today.keys where held.instrument == instrument { today[held] = nil }
        cash += gain
        return gain
    }

    /// Books what a lot is paid for funding.
    mutating func fund(_ entry: OrderID, _ amount: Money) {
        guard lots[entry] != nil else { return }
        lots[entry]?.funding += amount
        cash += amount
    }

    /// Holds the lots of a contract by the terms of another day.
    mutating func hold(_ instrument: InstrumentID, by terms: ContractTerms) {
        for lot in lots.values where lot.instrument == instrument && lot.terms != terms {
            lots[lot.entry]?.terms = terms
        }
    }
}
