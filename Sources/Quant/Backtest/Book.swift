// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The prices that a strategy and its costs derive from a market price.
struct Book {
    let costs: Costs
    /// 1 for long positions and -1 for short ones.
    let sign: Double
    private let stopShare: Double?
    private let targetShare: Double?

    init(_ strategy: Strategy, costs: Costs) {
        self.costs = costs
        sign = strategy.side == .long ? 1 : -1
        stopShare = strategy.stop
        targetShare = strategy.target
    }

    /// The price after slippage.
    func fill(_ market: Double, buying: Bool) -> Double {
        market * (buying ? 1 + costs.slippageRate : 1 - costs.slippageRate)
    }

    func stop(of entry: Double) -> Double? {
        stopShare.map { entry * (1 - sign * $0) }
    }

    func target(of entry: Double) -> Double? {
        targetShare.map { entry * (1 + sign * $0) }
    }
}
