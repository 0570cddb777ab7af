// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Trading

/// A venue that fills in parts, forgets ids, is traded at by hand, and keeps the truth.
struct HostileVenue: Venue {
    private struct Live {
        let order: VenueOrder
        var filled = Decimal8.zero
        var isOpen = true
        let since: Int
    }

    /// How long an id is known after the order was taken.
    static let memory = 60

    private var orders: [OrderID: Live] = [:]
    private var serial = 0
    private(set) var now = 0
    /// Every execution, oldest first.
    private(set) var fills: [VenueFill] = []
    /// How often each id was taken as a new order.
    private(set) var taken: [OrderID: Int] = [:]
    /// The orders that were taken, whatever became of them.
    private(set) var accepted: [VenueOrder] = []

    var positions: [InstrumentID: Decimal8] {
        fills.reduce(into: [:]) { $0[$1.instrument, default: .zero] += $1.signedQuantity }
            .filter { $0.value != .zero }
    }

    /// What open stops cover of an instrument.
    func stops(of instrument: InstrumentID) -> Decimal8 {
        orders.values.reduce(.zero) { sum, live in
            guard live.isOpen, live.order.instrument == instrument, live.order.reducesOnly,
                live.order.kind != .market
            else { return sum }
            return sum + live.order.quantity.value - live.filled
        }
    }

    var hasOpenMarketOrders: Bool {
        orders.values.contains { $0.isOpen && $0.order.kind == .market }
    }

    mutating func take(_ request: VenueRequest) -> [VenueReport] {
        switch request {
        case .place(let order): return place(order)
        case .cancel(let id):
            guard let live = known(id) else { return [.standing(id, .unknown)] }
            guard live.isOpen else { return [standing(live)] }
            orders[id]?.isOpen = false
            return [.standing(id, .cancelled)]
        case .query(let id):
            guard let live = known(id) else { return [.standing(id, .unknown)] }
            return [standing(live)]
        case .survey(let number):
            let open = orders.values.filter(\.isOpen).compactMap { live in
                (try? Quantity(live.order.quantity.value - live.filled)).map { (live.order.id, $0) }
            }
            return [
                .survey(
                    .init(
                        number: number,
                        open: Dictionary(uniqueKeysWithValues: open),
                        fills: fills,
                        positions: positions
                    )
                )
            ]
        }
    }

    private mutating func place(_ order: VenueOrder) -> [VenueReport] {
        if let live = known(order.id) { return [standing(live)] }
        if order.reducesOnly, room(for: order) <= .zero { return [.standing(order.id, .refused)] }
        orders[order.id] = Live(order: order, since: now)
        taken[order.id, default: 0] += 1
        accepted.append(order)
        return [.standing(order.id, .open)]
    }

    /// An open order is always known, a closed one for a while.
    private func known(_ id: OrderID) -> Live? {
        orders[id].flatMap { $0.isOpen || now - $0.since <= Self.memory ? $0 : nil }
    }

    private func standing(_ live: Live) -> VenueReport {
        let isFilled = live.filled == live.order.quantity.value
        return .standing(live.order.id, live.isOpen ? .open : isFilled ? .filled : .cancelled)
    }

    /// How much an order may still reduce.
    private func room(for order: VenueOrder) -> Decimal8 {
        let held = positions[order.instrument] ?? .zero
        return order.side == .sell ? held : -held
    }

    /// Lets a tick pass: some orders are filled in part or as a whole, some stops are hit.
    mutating func step(_ random: inout SeededRandom, isCalm: Bool, byHand: InstrumentID?)
        -> [VenueReport]
    {
        now += 1
        var reports: [VenueReport] = []
        for id in orders.keys.sorted() {
            guard let live = orders[id], live.isOpen else { continue }
            let isMarket = live.order.kind == .market
            let chance = isMarket ? 3 : isCalm ? 1_000_000 : 60
            guard Int.random(in: 0..<chance, using: &random) == 0 else { continue }
            reports += fill(live, &random)
        }
        if let byHand, Int.random(in: 0..<150, using: &random) == 0 {
            reports += execute(nil, byHand, .buy, Decimal8(1))
        }
        return reports
    }

    private mutating func fill(_ live: Live, _ random: inout SeededRandom) -> [VenueReport] {
        let order = live.order
        var rest = order.quantity.value - live.filled
        if Bool.random(using: &random), rest > Decimal8(1) {
            rest = Decimal8(Int.random(in: 1...rest.wholePart, using: &random))
        }
        if order.reducesOnly { rest = min(rest, max(.zero, room(for: order))) }
        guard rest > .zero else {
            // Nothing is left to reduce.
            orders[order.id]?.isOpen = false
            return [.standing(order.id, .cancelled)]
        }
        orders[order.id]?.filled += rest
        let isWhole = live.filled + rest == order.quantity.value
        if isWhole { orders[order.id]?.isOpen = false }
        let told = execute(order.id, order.instrument, order.side, rest)
        return isWhole ? told + [.standing(order.id, .filled)] : told
    }

    private mutating func execute(
        _ order: OrderID?,
        _ instrument: InstrumentID,
        _ side: Side,
        _ quantity: Decimal8
    ) -> [VenueReport] {
        serial += 1
        // Both lie in their ranges.
        guard let quantity = try? Quantity(quantity), let price = try? Price(Decimal8(100)) else {
            return []
        }
        let fill = VenueFill(
            id: "f\(serial)",
            order: order,
            instrument: instrument,
            side: side,
            quantity: quantity,
            price: price
        )
        fills.append(fill)
        return [.fill(fill)]
    }
}
