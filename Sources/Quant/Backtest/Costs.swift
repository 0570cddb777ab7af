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
    /// The contracts among the symbols, whose own terms stand in place of the fees.
    public let contracts: [Symbol: any TradedContract]
    /// How the market takes orders.
    public let execution: Execution

    /// Trading for nothing.
    public static let none = Costs(feeRate: 0, slippageRate: 0)

    /// Creates costs per side; a backtest refuses rates below 0 and from 1 on.
    public init(
        feeRate: Double,
        slippageRate: Double,
        feePerUnit: Double = 0,
        contracts: [Symbol: any TradedContract] = [:],
        execution: Execution = .immediate
    ) {
        self.execution = execution
        self.feePerUnit = feePerUnit
        self.feeRate = feeRate
        self.slippageRate = slippageRate
        self.contracts = contracts
    }

    /// Tells whether two costs have the same rates for the same contracts in the same market.
    public static func == (left: Costs, right: Costs) -> Bool {
        left.feeRate == right.feeRate && left.slippageRate == right.slippageRate
            && left.feePerUnit == right.feePerUnit
            && left.contracts.keys == right.contracts.keys
            && left.execution == right.execution
    }

    /// Feeds the rates to the hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(feeRate)
        hasher.combine(slippageRate)
        hasher.combine(feePerUnit)
        hasher.combine(execution)
    }
}
