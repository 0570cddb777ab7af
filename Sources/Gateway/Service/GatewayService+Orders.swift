// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Trading

/// The way of an order through the gateway: known already, possible at the venue, within all
/// limits, written down, taken.
extension GatewayService {
    mutating func submit(_ reader: MessageReader) throws(RequestFailure) -> JSON {
        let order: Order
        do throws(TradingError) {
            order = try Order(reader)
            try order.requireFromClient()
        } catch {
            throw RequestFailure(error)
        }
        let stamp = try requireStamp()
        if let known = refusals[order.id] {
            return Self.rejected(known.order == order ? known.reason : Rejection.idReused.rawValue)
        }
        let answer = exchange.acknowledgement(for: order, at: stamp)
        switch answer {
        case .duplicate, .rejected(.idReused): break
        case .rejected: try take(Submission(order: order, stamp: stamp, acknowledgement: answer))
        case .accepted:
            if let reason = try refusal(of: order, at: stamp) { return Self.rejected(reason) }
            if let reason = brokerRefusal(of: order) { return Self.rejected(reason) }
            try take(Submission(order: order, stamp: stamp, acknowledgement: answer))
            controls.note(OrderRequest(order), at: stamp.time)
        }
        guard case .rejected(let rejection) = answer.original else { return ["state": "accepted"] }
        return Self.rejected(rejection.rawValue)
    }

    /// Why the controls refuse an order, which is then on record; nil when they let it pass.
    private mutating func refusal(
        of order: Order,
        at stamp: Stamp
    ) throws(RequestFailure) -> String? {
        if let newer = settings.newLimits() { controls.tighten(to: newer) }
        var facts = facts(at: stamp)
        facts.sizingEquity = exchange.highestEquity(since: order.asked)
        let verdict = controls.verdict(on: OrderRequest(order), facts)
        guard let limit = verdict.broken, let reason = verdict.reason else { return nil }
        // A flood must not fill the ledger.
        guard limit != .ordersPerMinute else { return reason }
        let refused = RefusedOrder(order: order, stamp: stamp, reason: reason)
        try recording { ledger throws(GatewayError) in try ledger.record(refused) }
        refusals[order.id] = refused
        controls.noteRefused(at: stamp.time)
        return reason
    }

    private mutating func take(_ submission: Submission) throws(RequestFailure) {
        if broker != nil, submission.acknowledgement == .accepted {
            return try takeToBroker(submission)
        }
        let delay = exchange.delay
        try recording { ledger throws(GatewayError) in
            try ledger.record(submission, delay: delay)
        }
        exchange.record(submission)
    }

    private static func rejected(_ reason: String) -> JSON {
        ["state": "rejected", "reason": .string(reason)]
    }

    /// The account and the market as the controls see them.
    func facts(at stamp: Stamp) -> ControlFacts {
        var facts = ControlFacts(
            exchange,
            at: stamp,
            now: max(stamp.time, settings.now?() ?? stamp.time),
            quotes: board.quotes,
            multipliers: settings.market.multipliers
        )
        facts.state = state(before: stamp)
        facts.permits = permits
        return facts
    }

    /// What the desk may do: what instructions of earlier rounds leave, unless the kill switch or
    /// the absence of the risk agent says less.
    func state(before stamp: Stamp) -> TradingState {
        if halt.isHalted { return .halted }
        let state = exchange.state(before: stamp)
        return isRiskAway && state == .active ? .reducing : state
    }

    /// Notes what the ledger knows of earlier orders, oldest first.
    mutating func recallOrders() {
        let passed = exchange.submissions.values.filter { $0.acknowledgement == .accepted }
            .map { (stamp: $0.stamp, order: $0.order, isRefused: false) }
        let refused = refusals.values.map { (stamp: $0.stamp, order: $0.order, isRefused: true) }
        let all = (passed + refused).sorted { ($0.stamp, $0.order.id) < ($1.stamp, $1.order.id) }
        for known in all {
            if known.isRefused {
                controls.noteRefused(at: known.stamp.time)
            } else {
                controls.note(OrderRequest(known.order), at: known.stamp.time)
            }
        }
    }

    /// Fills the board of prices from the last sessions through a time.
    mutating func recallPrices(through time: Instant) {
        for time in source.instants(through: time, limit: Self.recalledSessions) {
            board.take(source.prices(at: time), at: time)
        }
    }

    /// How far back a price is looked for after a start.
    static let recalledSessions = 60
}
