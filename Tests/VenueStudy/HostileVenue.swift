// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Trading

/// A venue that fills in parts, is traded at by hand, and keeps the truth.
///
/// It is of one of two kinds: it takes no id twice, sells whatever it is told to and declines some
/// orders for no reason; or it forgets ids and sees to it that what reduces does no more.
struct HostileVenue: Venue {
    private struct Live {
        let order: VenueOrder
        var filled = Decimal8.zero
        var isOpen = true
        let since: Int
    }

    /// How long an id is known after the order was taken, by a venue that forgets.
    static let memory = 60

    private let hasUniqueIDs: Bool
    private var moods: SeededRandom
    private var isMoody = true
    private var orders: [OrderID: Live] = [:]
    private var serial = 0
    private(set) var now = 0
    /// Every execution, oldest first.
    private(set) var fills: [VenueFill] = []
    /// How often each id was taken as a new order.
    private(set) var taken: [OrderID: Int] = [:]
    /// The orders that were taken, whatever became of them.
    private(set) var accepted: [VenueOrder] = []
    /// The ids of the orders that were declined at least once.
    private(set) var declined: Set<OrderID> = []

    init(hasUniqueIDs: Bool, seed: UInt64) {
        self.hasUniqueIDs = hasUniqueIDs
        moods = SeededRandom(seed: seed)
    }

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

    /// What open orders that take risk away cover of each instrument.
    var cover: [InstrumentID: Decimal8] {
        orders.values.reduce(into: [:]) { sums, live in
            guard live.isOpen, live.order.reducesOnly else { return }
            sums[live.order.instrument, default: .zero] += live.order.quantity.value - live.filled
        }
    }

    /// Whether an order stands.
    func isOpen(_ id: OrderID) -> Bool { orders[id]?.isOpen == true }

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
            let open = orders.values.filter(\.isOpen).map { ($0.order.id, $0.order.quantity) }
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
        if order.reducesOnly, declines(order) {
            declined.insert(order.id)
            return [.standing(order.id, .declined)]
        }
        orders[order.id] = Live(order: order, since: now)
        taken[order.id, default: 0] += 1
        accepted.append(order)
        return [.standing(order.id, .open)]
    }

    private mutating func declines(_ order: VenueOrder) -> Bool {
        guard hasUniqueIDs else { return room(for: order) <= .zero }
        return isMoody && Int.random(in: 0..<12, using: &moods) == 0
    }

    /// An open order is always known, a closed one for good or for a while.
    private func known(_ id: OrderID) -> Live? {
        orders[id].flatMap { hasUniqueIDs || $0.isOpen || now - $0.since <= Self.memory ? $0 : nil }
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
        isMoody = !isCalm
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
        if order.reducesOnly, !hasUniqueIDs { rest = min(rest, max(.zero, room(for: order))) }
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
