// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The prices and the money that a strategy and its costs derive from a market price.
struct Book: Sendable {
    /// One fill: what it moves and what it costs.
    ///
    /// Numbers are kept in the unit in which they were reckoned, since few of them are asked for
    /// and a division takes long.
    struct Fill {
        private let unit: Double
        private let amounts: (price: Double, value: Double, fee: Double)
        /// What it adds to cash, in steps.
        let change: Int128

        /// Takes amounts of which so many make one.
        @inline(__always)
        init(
            price: Double,
            value: Double,
            fee: Double,
            unit: Double = 1,
            change: Int128
        ) {
            amounts = (price, value, fee)
            self.unit = unit
            self.change = change
        }

        /// The price after slippage.
        @inline(__always) var price: Double { amounts.price / unit }
        /// The value traded, without a sign.
        @inline(__always) var value: Double { amounts.value / unit }
        @inline(__always) var fee: Double { amounts.fee / unit }
    }

    let rules: TradingRules
    let costs: Costs
    /// The factors by which slippage worsens a purchase and a sale.
    private let buying: Double
    private let selling: Double
    /// The same rules in whole steps; nil when a number has too many decimals for them.
    private let exact: ExactBook?

    init(_ rules: TradingRules, costs: Costs) {
        self.rules = rules
        self.costs = costs
        buying = 1 + costs.slippageRate
        selling = 1 - costs.slippageRate
        exact = ExactBook(rules, costs: costs)
    }

    /// Trades units, below 0 to sell, at a market price.
    @inline(__always)
    func fill(_ units: Double, at market: Double) -> Fill {
        if let fill = exact?.fill(units, at: market) { return fill }
        let price = market * (units > 0 ? buying : selling)
        let amount = units * rules.multiplier * price
        let value = abs(amount)
        let fee = value * costs.feeRate + abs(units) * costs.feePerUnit
        return Fill(price: price, value: value, fee: fee, change: Cash.steps(-(amount + fee)))
    }

    /// The same in a bar: worse by what the units move the market, though never beyond the limits
    /// of the day.
    func fill(_ units: Double, at market: Double, in bar: Liquidity) -> Fill {
        let rate = slippage(of: units, in: bar)
        let fill =
            rate == costs.slippageRate
            ? fill(units, at: market) : slipping(rate).fill(units, at: market)
        guard let limits = bar.limits else { return fill }
        let capped = limits.capped(fill.price, buying: units > 0)
        return capped == fill.price ? fill : fillResting(units, at: capped)
    }

    /// The share of the price by which a fill in a bar is worse.
    func slippage(of units: Double, in bar: Liquidity) -> Double {
        costs.execution.slippage(costs.slippageRate, units: units, of: bar.volume)
    }

    /// Trades units at a price at which they rest, which nothing worsens.
    func fillResting(_ units: Double, at limit: Double) -> Fill {
        slipping(0).fill(units, at: limit)
    }

    private func slipping(_ rate: Double) -> Book {
        let costs = Costs(
            feeRate: costs.feeRate,
            slippageRate: rate,
            feePerUnit: costs.feePerUnit
        )
        return Book(rules, costs: costs)
    }
}
