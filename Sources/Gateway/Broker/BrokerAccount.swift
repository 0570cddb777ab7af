// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a broker says of the account.
public struct BrokerAccount: Sendable, Hashable {
    /// Its number.
    public let number: String
    /// The cash, as the broker writes it; nil when it does not say.
    public let cash: String?
    /// What it is worth, as the broker writes it; nil when it does not say.
    public let equity: String?

    /// Gathers what is known.
    public init(number: String, cash: String?, equity: String?) {
        self.number = number
        self.cash = cash
        self.equity = equity
    }
}
