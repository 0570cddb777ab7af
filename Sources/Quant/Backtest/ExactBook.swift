// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The rules of a fill in whole steps of 0.00000001, the same as those of the paper exchange.
///
/// Each product is rounded to a step once, halves to the even one: the slip, the value, and each
/// part of the fee. Sums are exact. What has more than eight decimals, or is too large, has no
/// exact fill and is reckoned in floating point.
struct ExactBook: Sendable {
    private let multiplier: Int64
    private let slippage: Int64
    private let feeRate: Int64
    private let feePerUnit: Int64

    /// Nil when a rate or the multiplier has more than eight decimals.
    init?(_ rules: TradingRules, costs: Costs) {
        guard let multiplier = Self.steps(rules.multiplier),
            let slippage = Self.steps(costs.slippageRate),
            let feeRate = Self.steps(costs.feeRate),
            let feePerUnit = Self.steps(costs.feePerUnit)
        else { return nil }
        self.multiplier = multiplier
        self.slippage = slippage
        self.feeRate = feeRate
        self.feePerUnit = feePerUnit
    }

    /// Trades units, below 0 to sell, at a market price.
    @inline(__always)
    func fill(_ units: Double, at market: Double) -> Book.Fill? {
        guard let market = Self.steps(market), let quantity = Self.steps(abs(units)),
            let slip = Self.product(market, slippage),
            let amount = Self.product(quantity, multiplier), market > 0
        else { return nil }
        // A price has a step at least, however far it slips.
        let price = units > 0 ? market + slip : max(1, market - slip)
        guard let value = Self.product(price, amount), let share = Self.product(value, feeRate),
            let fixed = Self.product(quantity, feePerUnit)
        else { return nil }
        let fee = share + fixed
        return Book.Fill(
            price: Double(price) / 1e8,
            value: Double(value) / 1e8,
            fee: Double(fee) / 1e8,
            change: Int128((units > 0 ? -value : value) - fee)
        )
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
    ///
    /// A quotient in floating point is off by few steps, so that the rest, which is reckoned in the
    /// lowest 64 bits alone, is exact; a division of 128 bits would take longer than all else here.
    @inline(__always)
    private static func product(_ left: Int64, _ right: Int64) -> Int64? {
        let estimate = Double(left) * Double(right) * 1e-8
        // Sums of a few such numbers must not overflow.
        guard abs(estimate) < 0x1p61 else { return nil }
        let near = Int64(estimate)
        let (more, rest) = (left &* right &- near &* 100_000_000)
            .quotientAndRemainder(dividingBy: 100_000_000)
        return near + more + correction(near + more, rest)
    }

    /// What rounds a quotient half to even.
    @inline(__always)
    private static func correction(_ quotient: Int64, _ rest: Int64) -> Int64 {
        let size = abs(rest)
        guard size > 50_000_000 || (size == 50_000_000 && quotient & 1 != 0) else { return 0 }
        return rest < 0 ? -1 : 1
    }
}
