// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Whether the desk may trade at all, and whether this signal may ask now.
extension OrderControls {
    func checkExit(
        _ request: OrderRequest,
        of entry: OrderID,
        _ facts: ControlFacts
    ) throws(Refusal) {
        if facts.state == .halted { throw Refusal(.state, "the desk is halted") }
        guard let held = facts.holdings[entry] else {
            throw Refusal(.reduceOnly, "nothing is held of entry \(entry)")
        }
        guard held.instrument == request.instrument, held.side != request.side,
            request.quantity <= held.quantity
        else {
            throw Refusal(
                .reduceOnly,
                "\(request.side.rawValue) \(request.quantity) \(request.instrument) does not close "
                    + "\(held.side.rawValue) \(held.quantity) \(held.instrument)"
            )
        }
    }

    func checkEntry(_ request: OrderRequest, _ facts: ControlFacts) throws(Refusal) {
        switch facts.state {
        case .halted: throw Refusal(.state, "the desk is halted")
        case .reducing: throw Refusal(.state, "the desk only reduces")
        case .active: break
        }
        guard limits.products.contains(request.instrument) else {
            throw Refusal(.products, "\(request.instrument) is not on the list")
        }
        // What is asked today is filled at the next open.
        let day = facts.now.date.nextWeekday
        let days = limits[.eventDays].wholePart
        if let event = market.event(of: request.instrument, from: day, within: days) {
            throw Refusal(.eventDays, "\(request.instrument) has an event on \(event)")
        }
    }

    func checkFlow(_ request: OrderRequest, _ facts: ControlFacts) throws(Refusal) {
        if request.asked > facts.now {
            throw Refusal(.orderAge, "asked at \(request.asked), later than \(facts.now)")
        }
        try checkAge(of: request.asked, facts.now, .orderAge, "asked")
        if history.hasUsed(request.signal) {
            throw Refusal(.signal, "\(request.signal.prefix(200)) has asked before")
        }
        if let last = history.lastTime(of: request) {
            let window = WideAmount(limits[.duplicateWindow])
            let between = WideAmount.seconds(between: last, facts.now)
            if between < window {
                throw Refusal(.duplicateWindow, "the same was asked at \(last)")
            }
        }
        let count = history.count(inMinuteBefore: facts.now)
        if count >= limits[.ordersPerMinute].wholePart {
            throw Refusal(.ordersPerMinute, "\(count) orders came within a minute")
        }
        if facts.waitingOrders >= limits[.waitingOrders].wholePart {
            throw Refusal(.waitingOrders, "\(facts.waitingOrders) orders wait")
        }
    }

    func checkAccount(_ request: OrderRequest, _ facts: ControlFacts) throws(Refusal) {
        let lost = WideAmount(facts.dayStart.value) - WideAmount(facts.equity.value)
        guard lost.isAtMost(limits[.dailyLoss], of: facts.dayStart.value) else {
            throw Refusal(.dailyLoss, "\(lost.text) lost today of \(facts.dayStart)")
        }
        let below = WideAmount(facts.peak.value) - WideAmount(facts.equity.value)
        guard below.isAtMost(limits[.drawdown], of: facts.peak.value) else {
            throw Refusal(.drawdown, "\(below.text) below the peak of \(facts.peak)")
        }
    }

    /// Refuses what lies too far in the past; how far is exact to the nanosecond.
    func checkAge(
        of time: Instant,
        _ now: Instant,
        _ limit: OrderLimit,
        _ what: String
    ) throws(Refusal) {
        let age = WideAmount.seconds(between: time, now)
        if age > WideAmount(limits[limit]) {
            throw Refusal(limit, "\(what) at \(time), more than \(limits.text(of: limit)) ago")
        }
    }
}

extension WideAmount {
    /// The seconds between two instants, in either order.
    static func seconds(between first: Instant, _ second: Instant) -> WideAmount {
        let span = Int128(second.nanosecondsSinceEpoch) - Int128(first.nanosecondsSinceEpoch)
        // Rounded up, so that a part of a unit counts as a whole one.
        let nanosecondsPerUnit = Int128(1_000_000_000 / Decimal8.scale)
        return WideAmount(
            units: (Int128(span.magnitude) + nanosecondsPerUnit - 1) / nanosecondsPerUnit
        )
    }
}
