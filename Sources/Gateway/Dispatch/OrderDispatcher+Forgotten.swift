// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Trading

/// Orders of the desk's own that its journal does not know: they went out while the disk refused,
/// and the process ended before the disk had them.
///
/// Their ids tell which entry they protect or close, and a survey what the venue has of them.
extension OrderDispatcher {
    /// Whether an id is one that only this desk gives, and nothing of it is written down.
    func isForgotten(_ id: OrderID?) -> Bool { id.flatMap { forgotten($0) } != nil }

    /// Takes up every such order that a survey has, in its full size.
    mutating func adoptForgotten(_ survey: VenueReport.Survey) -> [DispatchEffect] {
        var sizes: [OrderID: Decimal8] = [:]
        for fill in survey.fills {
            guard let id = fill.order, orders[id] == nil else { continue }
            sizes[id, default: .zero] += fill.quantity.value
        }
        for (id, quantity) in survey.open where orders[id] == nil { sizes[id] = quantity.value }
        var effects: [DispatchEffect] = []
        for (id, size) in sizes.sorted(by: { $0.key < $1.key }) {
            // A sum that is no quantity is none of the desk's.
            guard let (opened, kind) = forgotten(id), let quantity = try? Quantity(size) else {
                continue
            }
            let entry = opened.order.id
            let order = opened.order.reducing(id, quantity, kind)
            effects.append(note(order, verdict: opened.verdict, stop: nil))
            // What closes at the market had a reason, which is lost as well.
            guard kind == .market, closing[entry] == nil else { continue }
            closing[entry] = .exit
            effects.append(.write(.close(entry, .exit)))
        }
        return effects
    }

    /// Takes the venue's word for the size of what protects or closes: a life whose records were
    /// lost may have sent it in another one, or somebody has changed it there.
    mutating func resize(by survey: VenueReport.Survey) -> [DispatchEffect] {
        var effects: [DispatchEffect] = []
        for (id, quantity) in survey.open.sorted(by: { $0.key < $1.key }) {
            guard let tracked = orders[id], tracked.order.reducesOnly,
                tracked.order.quantity != quantity
            else { continue }
            let order = tracked.order.with(quantity: quantity)
            orders[id]?.order = order
            effects.append(.write(.intent(order, verdict: tracked.verdict, stop: nil)))
        }
        return effects
    }

    /// The entry of an order that nothing is written down of, and what kind of order it must be.
    private func forgotten(_ id: OrderID) -> (opened: TrackedOrder, kind: VenueOrder.Kind)? {
        let parts = id.description.split(separator: "!", omittingEmptySubsequences: false)
        guard orders[id] == nil, parts.count == 2, Int(parts[1].dropFirst()) != nil,
            // What is no id is nobody's.
            let entry = try? OrderID(anyKind: String(parts[0])),
            let opened = orders[entry], opened.order.isEntry
        else { return nil }
        switch (parts[1].first, opened.stop) {
        case ("s", let stop?): return (opened, .stop(stop))
        case ("x", _): return (opened, .market)
        default: return nil
        }
    }
}
