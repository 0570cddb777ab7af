// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The rules of a fill in whole steps of 0.00000001, the same as those of the paper exchange.
///
/// Each product is rounded to a step once, halves to the even one: the slip, the value, and each
/// part of the fee. Sums are exact. What has more than eight decimals, or is too large, has no
/// exact fill and is reckoned in floating point.
struct ExactBook: Sendable {
    private let multiplier: Int64
    /// The multiplier when it is a whole number below 2³¹, else 0.
    private let wholeMultiplier: Int64
    private let slippage: Int64
    private let feeRate: Int64
    private let feePerUnit: Int64

    private static let one: Int64 = 100_000_000
    /// Sums of a few numbers of steps below this do not overflow.
    private static let bound: Int64 = 1 << 61

    /// Nil when a rate or the multiplier has more than eight decimals.
    init?(_ rules: TradingRules, costs: Costs) {
        guard let multiplier = Self.steps(rules.multiplier),
            let slippage = Self.steps(costs.slippageRate),
            let feeRate = Self.steps(costs.feeRate),
            let feePerUnit = Self.steps(costs.feePerUnit)
        else { return nil }
        self.multiplier = multiplier
        let whole = multiplier.quotientAndRemainder(dividingBy: Self.one)
        wholeMultiplier = whole.remainder == 0 && whole.quotient < 1 << 31 ? whole.quotient : 0
        self.slippage = slippage
        self.feeRate = feeRate
        self.feePerUnit = feePerUnit
    }

    /// Trades units, below 0 to sell, at a market price.
    @inline(__always)
    func fill(_ units: Double, at market: Double) -> Book.Fill? {
        guard var price = Self.steps(market), price > 0 else { return nil }
        if slippage != 0 {
            guard let slip = Self.product(price, slippage) else { return nil }
            // A price has a step at least, however far it slips.
            price = units > 0 ? price + slip : max(1, price - slip)
        }
        guard let value = value(abs(units), price), let share = Self.product(value, feeRate)
        else { return nil }
        var fee = share
        if feePerUnit != 0 {
            guard let quantity = Self.steps(abs(units)),
                let fixed = Self.product(quantity, feePerUnit)
            else { return nil }
            fee += fixed
        }
        return Book.Fill(
            price: Double(price),
            value: Double(value),
            fee: Double(fee),
            unit: 1e8,
            change: Int128((units > 0 ? -value : value) - fee)
        )
    }

    /// What some units cost at a price.
    @inline(__always)
    private func value(_ units: Double, _ price: Int64) -> Int64? {
        // Whole numbers leave nothing to round. (To ask whether one is whole, calls a function.)
        if wholeMultiplier != 0, units < 0x1p31, Double(Int64(units)) == units {
            let (value, overflow) = price.multipliedReportingOverflow(
                by: Int64(units) * wholeMultiplier
            )
            return overflow || value >= Self.bound ? nil : value
        }
        guard let quantity = Self.steps(units),
            let amount = Self.product(quantity, multiplier)
        else { return nil }
        return Self.product(price, amount)
    }

    /// A price moved by a share of it, or by a distance; nil when it has no exact form.
    static func level(_ entry: Double, share: Double, sign: Double) -> Double? {
        guard let entry = steps(entry), let share = steps(share),
            let distance = product(entry, share)
        else { return nil }
        return Double(sign > 0 ? entry + distance : entry - distance) / 1e8
    }

    /// The same by a distance, which is rounded to a step first.
    static func level(_ entry: Double, distance: Double, sign: Double) -> Double? {
        guard let entry = steps(entry), abs(distance) < 1e7 else { return nil }
        let distance = Int64((distance * 1e8).rounded(.toNearestOrEven))
        return Double(sign > 0 ? entry + distance : entry - distance) / 1e8
    }

    /// The number of at most eight decimals that a number stands for, or else the number.
    static func snapped(_ value: Double) -> Double {
        steps(value).map { Double($0) / 1e8 } ?? value
    }

    /// The steps of a number that has at most eight decimals.
    @inline(__always)
    static func steps(_ value: Double) -> Int64? {
        let scaled = value * 1e8
        let shift = 0x1.8p52
        let whole = (scaled + shift) - shift
        guard abs(scaled) < 0x1p51 else { return largeSteps(value) }
        guard abs(scaled - whole) <= abs(scaled) * 0x1p-51 else { return nil }
        return Int64(whole)
    }

    @inline(never)
    private static func largeSteps(_ value: Double) -> Int64? {
        let scaled = (value * 1e8).rounded(.toNearestOrEven)
        guard abs(scaled) < 0x1p61, scaled / 1e8 == value else { return nil }
        return Int64(scaled)
    }

    /// The product of two numbers of steps, in steps; nil beyond what 64 bits hold.
    @inline(__always)
    private static func product(_ left: Int64, _ right: Int64) -> Int64? {
        let (small, overflow) = left.multipliedReportingOverflow(by: right)
        guard !overflow, small.magnitude < 1 << 62 else { return largeProduct(left, right) }
        return sum(0, small)
    }

    /// The same for a product beyond 64 bits.
    ///
    /// A quotient in floating point is off by few steps, so that the rest, which is reckoned in the
    /// lowest 64 bits alone, is exact; a division of 128 bits would take longer.
    @inline(never)
    private static func largeProduct(_ left: Int64, _ right: Int64) -> Int64? {
        let estimate = Double(left) * Double(right) * 1e-8
        guard abs(estimate) < Double(bound) else { return nil }
        let near = Int64(estimate)
        return sum(near, left &* right &- near &* one)
    }

    /// Steps and parts of a step, rounded half to even.
    ///
    /// A half is rare, so that a processor need not guess.
    @inline(__always)
    private static func sum(_ steps: Int64, _ parts: Int64) -> Int64 {
        let size = abs(parts) + one / 2
        var more = size / one
        if more * one == size, (steps + more) & 1 != 0 { more -= 1 }
        return steps + (parts < 0 ? -more : more)
    }
}
