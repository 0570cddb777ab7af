// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Trading

/// What a verdict allows, in the whole numbers of a draft.
struct DraftPermit {
    /// Ways in which a verdict is not the one that an order would need.
    enum Flaw: CaseIterable {
        case missing, otherProduct, otherSide, otherStrategy, otherAction, stale
        case smaller, stricterStop, stricterTarget, shorter, betterLimit
    }

    var product: Int
    var isLong: Bool
    var strategy: String
    var isEntry: Bool
    /// The most units; nil for no limit.
    var units: Int?
    /// Cents; nil for none.
    var limit: Int?
    var stop: Int?
    var target: Int?
    var hold: Int?
    var isStale = false

    /// The verdict that lets a draft pass as it stands; nil where a flaw leaves it without one.
    init?(of draft: OrderDraft, flaw: Flaw?) {
        if flaw == .missing { return nil }
        product = flaw == .otherProduct ? (draft.product + 1) % 12 : draft.product
        isEntry = (draft.exitOf == nil) != (flaw == .otherAction)
        isLong = (draft.isBuy == (draft.exitOf == nil)) != (flaw == .otherSide)
        strategy = flaw == .otherStrategy ? "another" : draft.strategy
        isStale = flaw == .stale
        let (gentle, steep) = draft.isBuy ? (1, -1) : (-1, 1)
        switch flaw {
        case .smaller: units = draft.quantity.value.map { ($0 + 99) / 100 - 1 }
        case .stricterStop: stop = draft.stop?.value.map { $0 + gentle }
        case .stricterTarget: target = draft.target?.value.map { $0 + steep }
        case .betterLimit: limit = draft.limit.map { ($0.value ?? 10_000) + steep } ?? 10_000
        case .shorter: hold = Int(draft.holdLimit).map { $0 - 1 }
        default: break
        }
    }

    /// Whether a draft asks for no more than this; reckoned without any decimal.
    func allows(_ draft: OrderDraft, in world: OrderWorld) -> Bool {
        guard !isStale, draft.product == product, draft.strategy == strategy,
            isEntry == (draft.exitOf == nil)
        else { return false }
        if draft.exitOf != nil { return draft.strategy == OrderWorld.strategyOfHoldings }
        guard draft.isBuy == isLong else { return false }
        if let units, (draft.quantity.value ?? 0) > units * 100 { return false }
        if let limit {
            guard let price = draft.limit?.value, isLong ? price <= limit : price >= limit else {
                return false
            }
        }
        for (limit, word, direction) in [(stop, draft.stop, 1), (target, draft.target, -1)] {
            guard let limit else { continue }
            guard let level = word?.value, (level - limit) * direction * (isLong ? 1 : -1) >= 0
            else { return false }
        }
        return hold.map { limit in Int(draft.holdLimit).map { $0 <= limit } ?? false } ?? true
    }

    /// The permit as the controls have it; nil where its numbers are none.
    ///
    /// The close is that of one cent's worth, so that levels in cents are whole fractions of it.
    func permit(on signal: String, in world: OrderWorld) throws -> OrderPermit {
        // Levels are measured from a close of 100, where a cent is a ten-thousandth.
        func level(_ cents: Int?, isAbove: Bool) -> JSON {
            guard let cents else { return .null }
            let distance = isAbove ? cents - 10_000 : 10_000 - cents
            return .string(Decimal8(units: Int64(distance) * (Decimal8.scale / 10_000)).description)
        }
        let day = OrderWorld.instant(world.now).date.adding(days: isStale ? -1 : 0)
        return try OrderPermit(
            MessageReader(
                [
                    "verdict": "v", "intent": .string(signal),
                    "action": isEntry ? "enter" : "exit",
                    "symbol": .string(world.products[product].name),
                    "side": isLong ? "long" : "short", "strategy": .string(strategy),
                    "size": .string(size(in: world)), "close": "100",
                    "limit": level(limit, isAbove: !isLong),
                    "stop": level(stop, isAbove: !isLong),
                    "target": level(target, isAbove: isLong),
                    "hold": hold.map { .int(Int64($0)) } ?? .null,
                    "goodThrough": .string(day.description),
                ],
                path: "permit"
            )
        )
    }

    /// A fraction of equity that pays for the units at a close of 100, and for no more.
    private func size(in world: OrderWorld) -> String {
        guard let units else { return "90000000000" }
        // Rounded up at the eighth place, which is worth less than a unit.
        let scaled = Int128(units) * 10_000 * Int128(Decimal8.scale)
        let equity = Int128(world.equity)
        return Decimal8(units: Int64((scaled + equity - 1) / equity)).description
    }
}
