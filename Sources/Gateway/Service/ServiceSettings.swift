// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Trading

/// What a gateway needs to know beside its ledger.
public struct ServiceSettings {
    /// What the paper exchange starts with, charges and allows.
    public let exchange: ExchangeConfiguration
    /// The limits at the start.
    public let limits: OrderLimits
    /// What is known of instruments.
    public let market: ControlMarket
    /// The time of day of a live desk; nil in a replay, whose only time is that of its rounds.
    public let now: (() -> Instant)?
    /// Whether a halt closes everything, also when the one who halts does not say so.
    public let flattensOnHalt: Bool
    /// Told what went wrong without an answer in which to say it.
    public let complain: (String) -> Void
    /// The broker through which the desk trades; nil for the exchange on paper.
    public let broker: BrokerSettings?
    /// The owner's limits as they have become since, if they have changed; nil otherwise.
    public let newLimits: () -> OrderLimits?

    /// Gathers settings.
    public init(
        exchange: ExchangeConfiguration,
        limits: OrderLimits,
        market: ControlMarket = ControlMarket(),
        now: (() -> Instant)? = nil,
        flattensOnHalt: Bool = false,
        broker: BrokerSettings? = nil,
        complain: @escaping (String) -> Void = { _ in },
        newLimits: @escaping () -> OrderLimits? = { nil }
    ) {
        self.exchange = exchange
        self.limits = limits
        self.market = market
        self.now = now
        self.flattensOnHalt = flattensOnHalt
        self.broker = broker
        self.complain = complain
        self.newLimits = newLimits
    }
}
