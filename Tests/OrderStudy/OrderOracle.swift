// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Trading

/// What should become of an order, reckoned from the drafted numbers in integers.
///
/// It shares no code with the controls: no decimals, no parser, no limits type. It remembers on its
/// own which signals have asked and when.
struct OrderOracle {
    private var signals: Set<String> = []
    private var asks: [String: Int] = [:]
    private var times: [Int] = []

    /// Whether an order may pass.
    func allows(_ draft: OrderDraft, in world: OrderWorld) -> Bool {
        guard !draft.isMalformed, let quantity = draft.quantity.value else { return false }
        guard (0...limit(.orderAge, world)).contains(draft.askedAgo) else { return false }
        guard !signals.contains(draft.signal) else { return false }
        if let last = asks[Self.ask(draft)], world.now - last < limit(.duplicateWindow, world) {
            return false
        }
        guard times.filter({ world.now - $0 < 60 }).count < limit(.ordersPerMinute, world),
            world.waiting < limit(.waitingOrders, world)
        else { return false }
        if let entry = draft.exitOf {
            return world.state != .halted && reduces(draft, quantity, entry, world)
        }
        return world.state == .active && mayEnter(draft, quantity, world)
    }

    /// Takes note of an order that passed.
    mutating func note(_ draft: OrderDraft, in world: OrderWorld) {
        signals.insert(draft.signal)
        asks[Self.ask(draft)] = world.now
        times = times.filter { world.now - $0 < 60 } + [world.now]
    }

    private static func ask(_ draft: OrderDraft) -> String {
        "\(draft.strategy) \(draft.product) \(draft.isBuy) \(draft.exitOf ?? "")"
    }

    private func limit(_ limit: OrderLimit, _ world: OrderWorld) -> Int { world.limits[limit] ?? 0 }

    private func reduces(
        _ draft: OrderDraft,
        _ quantity: Int,
        _ entry: String,
        _ world: OrderWorld
    ) -> Bool {
        guard let held = world.holdings.first(where: { $0.entry == entry }) else { return false }
        return held.product == draft.product && held.isLong != draft.isBuy
            && quantity <= held.quantity
    }

    private func mayEnter(_ draft: OrderDraft, _ quantity: Int, _ world: OrderWorld) -> Bool {
        let product = world.products[draft.product]
        guard product.isListed, !product.hasEvent, !product.isCrossed, let last = product.last,
            world.now - world.quoteTime(of: product) <= limit(.dataAge, world)
        else { return false }
        if let previous = product.previous,
            abs(last - previous) * 100 > limit(.priceJump, world) * previous
        {
            return false
        }
        let price = draft.limit.map { $0.value ?? 0 } ?? last
        guard price > 0, abs(price - last) * 100 <= limit(.priceCollar, world) * last else {
            return false
        }
        let entry = draft.isBuy ? min(last, price) : max(last, price)
        return isPlanSound(draft, last, entry: entry, world)
            && isSizeSound(draft, quantity, max(last, price), world)
            && (world.dayStart - world.equity) * 100 <= limit(.dailyLoss, world) * world.dayStart
            && (world.peak - world.equity) * 100 <= limit(.drawdown, world) * world.peak
    }

    private func isPlanSound(
        _ draft: OrderDraft,
        _ last: Int,
        entry: Int,
        _ world: OrderWorld
    ) -> Bool {
        guard draft.stop != nil || draft.holdLimit != "null" else { return false }
        let sign = draft.isBuy ? 1 : -1
        for (word, direction) in [(draft.stop, -1), (draft.target, 1)] {
            guard let word else { continue }
            guard let level = word.value, (level - entry) * sign * direction > 0,
                abs(level - last) * 100 <= limit(.planCollar, world) * last
            else { return false }
        }
        return true
    }

    private func isSizeSound(
        _ draft: OrderDraft,
        _ quantity: Int,
        _ price: Int,
        _ world: OrderWorld
    ) -> Bool {
        // Cents times hundredths of a unit: a hundredth of a cent. So cents are multiplied by 100.
        let notional = quantity * price
        let risk = draft.stop?.value.map { abs(price - $0) * quantity } ?? notional
        let product = world.products[draft.product]
        let sector = world.products.filter { $0.sector == product.sector }.map(\.exposure)
            .reduce(0, +)
        let all = world.products.map(\.exposure).reduce(0, +)
        return quantity <= limit(.orderQuantity, world)
            && notional <= limit(.orderNotional, world) * 100
            && notional <= limit(.signalFraction, world) * world.equity
            && risk <= limit(.signalRisk, world) * world.equity
            && product.exposure * 100 + notional <= limit(.positionNotional, world) * 100
            && (product.sector == nil
                || sector * 100 + notional <= limit(.sectorExposure, world) * world.equity)
            && all * 100 + notional <= limit(.grossExposure, world) * world.equity
    }
}
