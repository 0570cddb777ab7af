// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The arithmetic of perpetual futures. Each result is rounded half to even at the eighth place
/// once, from integers that are exact.
extension Instrument {
    /// The margin that a position needs at a leverage.
    /// - Throws: A ``TradingError`` with code `unknownCharge` for anything but a perpetual future,
    ///   `offGrid` for a leverage that the venue does not allow, or `outOfRange`.
    public func initialMargin(
        _ price: Price,
        _ quantity: Quantity,
        leverage: Int
    ) throws(TradingError) -> Money {
        let worth = try notional(price, quantity)
        let highest = try requireTiers().highest(for: worth)
        guard (1...highest).contains(leverage) else {
            throw TradingError(
                .offGrid,
                "lever \(code) \(leverage) times",
                "a position of \(worth) has a leverage from 1 to \(highest)"
            )
        }
        return Money(worth.value / Decimal8(leverage))
    }

    /// The price at which a position is liquidated; nil when no price above zero would do so.
    ///
    /// It is p − s · a / (q · (1 − s · l)) with the side s of 1 or −1, the maintenance rate
    /// l = 1 / (2 · highest leverage), and a, what the margin leaves above the maintenance margin
    /// at p. The margin is the position's own when isolated, and the account's value otherwise.
    /// - Throws: A ``TradingError`` with code `unknownCharge` or `outOfRange`.
    public func liquidationPrice(
        _ side: Side,
        _ price: Price,
        _ quantity: Quantity,
        margin: Money
    ) throws(TradingError) -> Decimal8? {
        let worth = try notional(price, quantity)
        let leverage = Int128(try requireTiers().maintenanceLeverage(for: worth))
        let sign: Int128 = side == .buy ? 1 : -1
        // a · L = margin · L − worth has no remainder, so only one division rounds.
        let spare = Int128(margin.value.units) * leverage - Int128(worth.value.units)
        let divisor = Int128(quantity.value.units) * (leverage - sign)
        let distance = Self.quotient(spare * Int128(Decimal8.scale), divisor)
        let units = Int128(price.value.units) - sign * distance
        guard units > 0, let small = Int64(exactly: units) else { return nil }
        return Decimal8(units: small)
    }

    /// The rate for eight hours at a premium: P + clamp(0.01 % − P, ±0.05 %), within the hourly
    /// cap of 4 %.
    public static func fundingRate(premium: Decimal8) -> Decimal8 {
        let interest = Decimal8(units: 10_000)
        let clamp = Decimal8(units: 50_000)
        let cap = Decimal8(units: 8 * 4_000_000)
        let rate = premium + min(max(interest - premium, -clamp), clamp)
        return min(max(rate, -cap), cap)
    }

    /// What a position receives for one hour: an eighth of the rate for eight hours, of its worth
    /// at the oracle's price. A long one pays when the rate is above zero.
    /// - Throws: A ``TradingError`` with code `outOfRange`.
    public func funding(
        _ side: Side,
        _ quantity: Quantity,
        oracle: Price,
        premium: Decimal8
    ) throws(TradingError) -> Money {
        let worth = Int128(try notional(oracle, quantity).value.units)
        let rate = Int128(Self.fundingRate(premium: premium).units)
        let paid = Self.quotient(worth * rate, 8 * Int128(Decimal8.scale))
        let units = Int64(truncatingIfNeeded: side == .buy ? -paid : paid)
        return Money(Decimal8(units: units))
    }

    private func requireTiers() throws(TradingError) -> LeverageTiers {
        guard let tiers else {
            throw TradingError(
                .unknownCharge,
                "lever \(code)",
                "only a perpetual future has a leverage of its own"
            )
        }
        return tiers
    }

    /// Divides by a positive number, half to even.
    private static func quotient(_ dividend: Int128, _ divisor: Int128) -> Int128 {
        let (whole, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
        let twice = rest.magnitude * 2
        guard twice > divisor.magnitude || (twice == divisor.magnitude && whole % 2 != 0) else {
            return whole
        }
        return dividend < 0 ? whole - 1 : whole + 1
    }
}
