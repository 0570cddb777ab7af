// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
import Trading

/// What a broker's orders look like, and which of ours can be none of them.
public struct BrokerTerms: Sendable, Hashable {
    /// The most characters of an id; those of orders that protect and close are a little longer
    /// than that of their entry.
    public let longestID: Int
    /// Whether only whole quantities are taken.
    public let wholeQuantities: Bool
    /// Prices are multiples of this.
    public let priceStep: Decimal8
    /// Whether there are orders with a limit.
    public let hasLimits: Bool

    /// The room that the ids of orders that protect and close need behind their entry's.
    static let suffix = 8

    /// Gathers terms.
    public init(
        longestID: Int = 128,
        wholeQuantities: Bool = false,
        priceStep: Decimal8 = Decimal8(units: 1),
        hasLimits: Bool = true
    ) {
        self.longestID = longestID
        self.wholeQuantities = wholeQuantities
        self.priceStep = priceStep
        self.hasLimits = hasLimits
    }

    /// An entry as it goes to the broker, with the price at which it is given up.
    enum Entry: Hashable {
        case order(VenueOrder, stop: Price)
        case refused(String)
    }

    func entry(_ order: Order, _ plan: ExitPlan) -> Entry {
        guard order.id.description.utf8.count + Self.suffix <= longestID else {
            return .refused("the broker takes no id of that length")
        }
        guard !wholeQuantities || order.quantity.value.rounded(places: 0) == order.quantity.value
        else { return .refused("the broker takes whole quantities only") }
        guard let stop = plan.stop else {
            return .refused("the broker needs a stop at a price, which the plan does not have")
        }
        guard hasLimits || order.limit == nil else {
            return .refused("the broker takes no orders with a limit")
        }
        // A stop goes to the side of the entry, a limit to where it costs less.
        guard let nearer = onGrid(stop, order.side == .buy ? .up : .down),
            let limit = order.limit.map({ onGrid($0, order.side == .buy ? .down : .up) })
                ?? .some(nil)
        else { return .refused("a price of the order is none of the broker's") }
        return .order(
            VenueOrder(
                id: order.id,
                entry: order.id,
                instrument: order.instrument,
                side: order.side,
                quantity: order.quantity,
                kind: limit.map { .limit($0) } ?? .market,
                reducesOnly: false
            ),
            stop: nearer
        )
    }

    private func onGrid(_ price: Price, _ rounding: PriceGrid.Rounding) -> Price? {
        // What is rounded to nothing is no price.
        try? Price(PriceGrid.step(priceStep, belowOne: nil).quantised(price.value, rounding))
    }
}
