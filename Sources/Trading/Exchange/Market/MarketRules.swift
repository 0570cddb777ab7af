// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// How a market on paper fills orders.
public struct MarketRules: Sendable, Hashable {
    /// The part of a step's volume that one's own fills may be; nil for no bound.
    public let volumeShare: Decimal8?
    /// The steps that an order needs to reach the market, on top of the one after it was sent.
    public let latency: Int
    /// By how much market orders and stops are worse than the market.
    public let slippage: SlippageModel
    /// The leverage of perpetual futures that have none of their own.
    public let leverage: Int

    /// Checks rules.
    /// - Throws: A ``TradingError`` with code `invalidConfiguration`.
    public init(
        volumeShare: Decimal8? = nil,
        latency: Int = 0,
        slippage: SlippageModel = .none,
        leverage: Int = 1
    ) throws(TradingError) {
        if let volumeShare, volumeShare <= .zero || volumeShare > Decimal8(1) {
            throw Self.invalid("the share of the volume lies above 0 and is at most 1")
        }
        guard (0...10_000).contains(latency), (1...1_000).contains(leverage) else {
            throw Self.invalid("the latency lies from 0 to 10000 and the leverage from 1 to 1000")
        }
        switch slippage {
        case .none: break
        case .share(let rate), .impact(let rate):
            guard !rate.isNegative, rate <= Decimal8(1) else {
                throw Self.invalid("a slippage lies from 0 to 1")
            }
        case .ticks(let count):
            guard (0...10_000).contains(count) else {
                throw Self.invalid("a slippage lies from 0 to 10000 ticks")
            }
        }
        self.volumeShare = volumeShare
        self.latency = latency
        self.slippage = slippage
        self.leverage = leverage
    }

    private static func invalid(_ reason: String) -> TradingError {
        TradingError(.invalidConfiguration, "set up the market on paper", reason)
    }
}
