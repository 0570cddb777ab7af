// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What one fill of a contract moves and costs.
public struct ContractFill: Sendable, Hashable {
    /// The price, slippage included.
    public let price: Double
    /// The value traded, without a sign.
    public let value: Double
    /// The fee.
    public let fee: Double
    /// What it adds to the cash of an account that pays in full, in steps.
    public let change: Int128
    /// The units that it closes of those that were entered on its trading day.
    public let closedToday: Double

    /// Creates a fill.
    public init(
        price: Double,
        value: Double,
        fee: Double,
        change: Int128,
        closedToday: Double = 0
    ) {
        self.closedToday = closedToday
        self.price = price
        self.value = value
        self.fee = fee
        self.change = change
    }
}
