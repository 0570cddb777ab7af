// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// By how much the price of a fill is worse than the market.
public enum SlippageModel: Sendable, Hashable {
    /// Not at all.
    case none
    /// By a share of the price.
    case share(Decimal8)
    /// By so many steps of the instrument's prices.
    case ticks(Int)
    /// By a share of the price that grows with the fill's part of the volume: this much for all
    /// of it. Without a volume it is not worse.
    case impact(Decimal8)

    /// The price of a fill, on the instrument's grid: a buyer's is rounded up, a seller's down.
    func price(
        _ market: Price,
        _ side: Side,
        quantity: Decimal8,
        volume: Decimal8?,
        grid: PriceGrid
    ) throws(TradingError) -> Price {
        let distance: Decimal8
        switch self {
        case .none: distance = .zero
        case .share(let rate): distance = market.value * rate
        case .ticks(let count): distance = grid.step(at: market.value) * Decimal8(count)
        case .impact(let rate):
            let part = volume.map { $0 > .zero ? quantity / $0 : .zero } ?? .zero
            distance = market.value * (rate * part)
        }
        let moved = side == .buy ? market.value + distance : market.value - distance
        let step = grid.step(at: market.value)
        let rounded = grid.quantised(max(moved, step), side == .buy ? .up : .down)
        return try Price(max(rounded, step))
    }
}
