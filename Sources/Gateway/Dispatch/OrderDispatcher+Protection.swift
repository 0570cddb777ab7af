// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Trading

extension OrderDispatcher {
    /// Lets time pass: asks about what is in doubt, and closes what cannot be protected.
    public mutating func tick() -> [DispatchEffect] {
        now += 1
        var effects: [DispatchEffect] = []
        let restless = orders.values.filter(\.isRestless).map(\.order.id)
        for id in restless.sorted() { effects += askAbout(id) }
        let isUnclear =
            // What opens a position has to be known before it can be protected.
            orders.values.contains {
                $0.standing == .unknown || ($0.order.isEntry && $0.standing.isOpen)
            }
            || !reshaped.isEmpty || closing.keys.contains { held(of: $0) > .zero }
        let interval = isUnclear || !isReconciled ? rules.patience * 2 : rules.surveyEvery
        if now - surveyAskedAt >= interval { effects += askForSurvey() }
        return effects + advanceAll()
    }

    mutating func askForSurvey() -> [DispatchEffect] {
        surveyAskedAt = now
        lastSurvey += 1
        return [.send(.survey(lastSurvey))]
    }

    mutating func advanceAll() -> [DispatchEffect] {
        var effects: [DispatchEffect] = []
        for entry in families.keys.sorted() { effects += advance(entry) }
        return effects
    }

    /// Whether a stop is not there and is not to be expected any more.
    private func isMissing(_ tracked: TrackedOrder) -> Bool {
        guard case .stop = tracked.order.kind else { return false }
        switch tracked.standing {
        case .unknown: return isOverdue(tracked)
        // It was refused, or taken back by somebody else.
        case .refused, .lost, .cancelled: return true
        case .working, .filled: return false
        }
    }

    /// Does what an entry needs now: stops for what they do not cover, or what closes it.
    mutating func advance(_ entry: OrderID) -> [DispatchEffect] {
        guard isReconciled, let opened = orders[entry],
            reshaped[opened.order.instrument] == nil
        else { return [] }
        return closing[entry] != nil ? wind(down: opened) : protect(opened)
    }

    /// Places a stop for what is held and not protected; without a stop there is no position.
    private mutating func protect(_ opened: TrackedOrder) -> [DispatchEffect] {
        let entry = opened.order.id
        guard held(of: entry) > .zero else { return [] }
        guard !family(of: entry).contains(where: { isMissing($0) }) else {
            return close(entry, .unprotected)
        }
        let bare = held(of: entry) - protected(of: entry)
        guard bare > .zero else { return [] }
        guard let stop = opened.stop else { return close(entry, .unprotected) }
        return helper(opened, "s", quantity: bare, kind: .stop(stop))
    }

    /// Takes everything back that is open, and then sells what is left.
    private mutating func wind(down opened: TrackedOrder) -> [DispatchEffect] {
        let entry = opened.order.id
        var effects: [DispatchEffect] = []
        var isOpen = false
        for tracked in family(of: entry) {
            // One that has ended may have executions that nobody has told of yet.
            if let end = tracked.surveyAtEnd, end >= takenSurvey { isOpen = true }
            guard tracked.standing.isOpen else { continue }
            isOpen = true
            effects += mayTakeOver(tracked) ? takeOver(tracked) : takeBack(tracked)
        }
        let left = held(of: entry)
        // Nothing that can still be filled may be open, or more could be sold than is held.
        guard !isOpen, left > .zero else { return effects }
        let (mayGoOn, complaint) = afterRefusals(of: entry)
        guard mayGoOn else { return effects + complaint }
        return effects + helper(opened, "x", quantity: left, kind: .market)
    }

    /// Takes an order back, unless it is one that closes.
    private mutating func takeBack(_ tracked: TrackedOrder) -> [DispatchEffect] {
        let closes = tracked.order.kind == .market && !tracked.order.isEntry
        guard !tracked.isBeingCancelled, !closes || mayBeStop(tracked) else { return [] }
        return cancel(tracked.order.id)
    }

    mutating func cancel(_ id: OrderID) -> [DispatchEffect] {
        orders[id]?.isBeingCancelled = true
        orders[id]?.askedAt = now
        orders[id]?.asks = 0
        return [.write(.cancel(id)), .send(.cancel(id))]
    }

    /// Whether another order may try to close what earlier ones could not, each of which makes the
    /// next wait twice as long; too many of them are told.
    private mutating func afterRefusals(of entry: OrderID) -> (Bool, [DispatchEffect]) {
        let refused = family(of: entry).filter { tracked in
            tracked.standing == .refused && tracked.order.reducesOnly
                && tracked.order.kind == .market
        }
        guard let last = refused.last else { return (true, []) }
        let wait = rules.patience << min(refused.count, 6)
        guard let endedAt = last.endedAt, now - endedAt < wait else { return (true, []) }
        guard refused.count >= rules.refusals, !isHalted else { return (false, []) }
        isHalted = true
        return (false, [.halt("the venue has refused \(refused.count) orders to close \(entry)")])
    }

    /// An order that protects or closes; its id derives from the entry and from how many it had.
    private mutating func helper(
        _ opened: TrackedOrder,
        _ letter: String,
        quantity: Decimal8,
        kind: VenueOrder.Kind
    ) -> [DispatchEffect] {
        let entry = opened.order.id
        guard let id = newID(of: entry, letter),
            // What is held lies in the range of quantities.
            let quantity = try? Quantity(quantity)
        else { return [.halt("\(entry) cannot be protected")] }
        return dispatch(
            opened.order.reducing(id, quantity, kind),
            verdict: opened.verdict,
            stop: nil
        )
    }

    private func newID(of entry: OrderID, _ letter: String) -> OrderID? {
        var number = families[entry]?.count ?? 0
        while true {
            // An entry's id is short enough for this.
            guard let id = try? OrderID(anyKind: "\(entry)!\(letter)\(number)") else { return nil }
            // One that was forgotten may have the number already.
            guard orders[id] != nil else { return id }
            number += 1
        }
    }
}
