// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What the account starts with and what trading costs.
public struct AccountConfiguration: Sendable, Hashable {
    /// The cash at the start.
    public let capital: Decimal8
    /// The fee on each side, as a fraction of the notional.
    public let feeRate: Decimal8
    /// The price given away on each side, as a fraction of the price.
    public let slippageRate: Decimal8
    /// How far perpetual futures are levered, as far as the venue allows.
    public let leverage: Int
    /// The premium of a perpetual future's price, from which funding follows.
    public let premium: Decimal8
    /// The steps of a contract's prices given away on each side, on top of the rate.
    public let slippageTicks: Int
    /// The most that fills may be of a bar's volume; nil for no bound.
    public let volumeShare: Decimal8?
    /// The bars more that an order needs to reach the market.
    public let latency: Int
    /// The price given away by a fill of all the volume of a bar, as a fraction of the price.
    public let impact: Decimal8

    init(_ reader: inout YAMLReader) {
        let node = reader.section(
            "account",
            allowing: [
                "capital", "fee_bps", "slippage_bps", "slippage_ticks", "impact_bps",
                "volume_share", "latency", "leverage", "premium",
            ],
            isNeeded: true
        )
        capital =
            reader.scalar(
                "capital",
                in: node,
                path: "account.",
                expected: "an amount such as 1000000",
                default: Decimal8(1_000_000)
            ) { Decimal8($0).flatMap { $0 > .zero ? $0 : nil } } ?? .zero
        feeRate = Self.rate("fee_bps", &reader, node)
        slippageRate = Self.rate("slippage_bps", &reader, node)
        impact = Self.rate("impact_bps", &reader, node, most: 10_000)
        slippageTicks = reader.int(
            "slippage_ticks",
            in: node,
            path: "account.",
            range: 0...10_000,
            default: 0
        )
        latency = reader.int("latency", in: node, path: "account.", range: 0...1000, default: 0)
        let share: Decimal8?? = reader.scalar(
            "volume_share",
            in: node,
            path: "account.",
            expected: "a fraction above 0 and at most 1",
            default: .some(nil)
        ) { text in
            Decimal8(text).flatMap { $0 > .zero && $0 <= Decimal8(1) ? .some($0) : nil }
        }
        volumeShare = share ?? nil
        leverage = reader.int("leverage", in: node, path: "account.", range: 1...1000, default: 1)
        premium =
            reader.scalar(
                "premium",
                in: node,
                path: "account.",
                expected: "a fraction from -0.1 to 0.1",
                default: Decimal8.zero
            ) { Decimal8($0).flatMap { Self.premiums.contains($0) ? $0 : nil } } ?? .zero
    }

    private static let premiums =
        Decimal8(units: -Decimal8.scale / 10)...Decimal8(units: Decimal8.scale / 10)

    private static func rate(
        _ name: String,
        _ reader: inout YAMLReader,
        _ node: YAMLNode,
        most: Int = 1000
    ) -> Decimal8 {
        let points = reader.scalar(
            name,
            in: node,
            path: "account.",
            expected: "basis points from 0 to \(most)",
            default: Decimal8.zero
        ) { Decimal8($0).flatMap { !$0.isNegative && $0 <= Decimal8(most) ? $0 : nil } }
        return (points ?? .zero) / Decimal8(10_000)
    }
}
