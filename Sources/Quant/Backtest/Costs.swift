// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What one side of a trade costs.
public struct Costs: Sendable, Hashable {
    /// The fee as a share of the value traded.
    public let feeRate: Double
    /// The share of the price by which every fill is worse than the market.
    public let slippageRate: Double
    /// The fee in money per unit traded, on top of that by value.
    public let feePerUnit: Double

    /// Trading for nothing.
    public static let none = Costs(feeRate: 0, slippageRate: 0)

    /// Creates costs per side; a backtest refuses rates below 0 and from 1 on.
    public init(feeRate: Double, slippageRate: Double, feePerUnit: Double = 0) {
        self.feePerUnit = feePerUnit
        self.feeRate = feeRate
        self.slippageRate = slippageRate
    }
}
