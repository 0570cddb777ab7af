// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

extension OrderPermit {
    /// The lots of a contract that a verdict allows.
    ///
    /// That is what its share of equity pays for at its close, and no more than what may be lost
    /// down to the stop, fees included, and what the cash bears as margin. Without a stop the whole
    /// value is what may be lost.
    /// - Parameters:
    ///   - terms: The contract's terms.
    ///   - equity: The account's equity.
    ///   - cash: What the account has free.
    ///   - risk: The share of equity that one signal may lose.
    /// - Returns: Whole lots, zero when not one is allowed.
    /// - Throws: A ``TradingError`` with code `outOfRange`.
    public func lots(
        of terms: ContractTerms,
        equity: Money,
        cash: Money,
        risk: Decimal8
    ) throws(TradingError) -> Decimal8 {
        guard let contract = terms.contract, equity > .zero else { return .zero }
        let bySize = count(of: terms.worth(terms.lot, at: close), within: size, of: equity)
        let allowed = Money(equity.value * min(risk, Decimal8(1)))
        let byRisk = try LotSizing.lots(
            of: contract,
            entry: entryPrice,
            stop: stopPrice(by: terms),
            risk: allowed,
            cash: cash,
            leverage: terms.leverage
        )
        return min(Decimal8(units: bySize * terms.lot.units), byRisk)
    }

    /// The worst price of an entry, as the venue takes it; nil for any.
    public func limitPrice(by terms: ContractTerms?) -> Price? {
        limitPrice.map { terms?.level($0, leaving: side) ?? $0 }
    }

    /// The price at which the loss is taken, as the venue takes it; nil for none.
    public func stopPrice(by terms: ContractTerms?) -> Price? {
        stopPrice.map { terms?.level($0, leaving: side) ?? $0 }
    }

    /// The price at which the gain is taken, as the venue takes it; nil for none.
    public func targetPrice(by terms: ContractTerms?) -> Price? {
        targetPrice.map { terms?.level($0, leaving: side) ?? $0 }
    }

    /// How often an amount fits into a share of another, at most as often as there are lots of an
    /// order.
    private func count(of part: Money, within share: Decimal8, of whole: Money) -> Int64 {
        let most = Int64(Quantity.largest.wholePart)
        guard part > .zero, share > .zero else { return 0 }
        let estimate = share.doubleValue * whole.value.doubleValue / part.value.doubleValue
        guard estimate < Double(most) else { return most }
        // Exact: the estimate keeps the product within 128 bits.
        let stake = Int128(share.units) * Int128(whole.value.units)
        return Int64(stake / (Int128(part.value.units) * Int128(Decimal8.scale)))
    }
}
