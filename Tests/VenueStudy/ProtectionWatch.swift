// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Trading

/// Counts how long what is held goes without a stop, as the venue knows it.
///
/// Time counts only while a dispatcher is alive, has surveyed the venue and knows of the position:
/// it cannot be faster than its news. A new life begins to count anew.
struct ProtectionWatch {
    /// The longest that a stop may be away from the venue until an order that closes goes out, and
    /// that such an order may be away until it goes out again.
    static let limit = DispatchRules().stopPatience + 3
    /// The longest that anything held may be bare once the lines are calm.
    static let calmLimit = 2 * limit
    /// How often that is looked at.
    static let calmStep = 5
    /// How long after the storm something of it may still be on its way.
    static let drain = 4 * HostileLine<VenueRequest>.longestDelay

    /// When each order that takes risk away went out last in this life.
    private var sentAt: [OrderID: Int] = [:]
    /// The entries for which an order that closes went out in this life.
    private var closers: Set<OrderID> = []
    /// How long each order has been away, and each instrument bare.
    private var waits: [OrderID: Int] = [:]
    private var bare: [InstrumentID: Int] = [:]
    /// The longest of all that a stop was away.
    private(set) var longest = 0

    /// A life begins or ends.
    mutating func forget() {
        sentAt = [:]
        closers = []
        waits = [:]
        bare = [:]
    }

    /// An order goes out.
    mutating func note(_ order: VenueOrder, at now: Int) {
        guard order.reducesOnly else { return }
        sentAt[order.id] = now
        if order.kind == .market { closers.insert(order.entry) }
    }

    /// Looks at a moment.
    /// - Returns: What must not be.
    mutating func look(
        _ dispatcher: OrderDispatcher,
        _ venue: HostileVenue,
        now: Int,
        calmFor: Int
    ) -> [String] {
        guard dispatcher.isReconciled else { return [] }
        let lost = dispatcher.orders.values.filter { tracked in
            tracked.order.reducesOnly && tracked.standing == .unknown
                && venue.taken[tracked.order.id] == nil
                && !venue.declined.contains(tracked.order.id)
        }
        let isCalm = calmFor > Self.drain && calmFor.isMultiple(of: Self.calmStep)
        guard isCalm || !lost.isEmpty else { return [] }
        let positions = venue.positions
        func isHeld(_ entry: OrderID) -> Bool {
            guard let order = dispatcher.orders[entry]?.order else { return false }
            return positions[order.instrument] != nil && dispatcher.held(of: entry) > .zero
        }
        var found: [String] = []
        for tracked in lost.sorted(by: { $0.order.id < $1.order.id })
        where isHeld(tracked.order.entry) {
            if isAway(tracked.order, now) {
                found.append("\(tracked.order.id) was lost and \(tracked.order.entry) left bare")
            }
        }
        guard isCalm else { return found }
        let cover = venue.cover
        for (instrument, quantity) in positions.sorted(by: { $0.key < $1.key }) {
            let isBare =
                quantity.magnitude > cover[instrument] ?? .zero
                && instrument.description != "HAND"
            bare[instrument] = isBare ? bare[instrument, default: 0] + Self.calmStep : 0
            if bare[instrument] == Self.calmLimit {
                found.append("\(instrument) was bare for \(Self.calmLimit) ticks on calm lines")
            }
        }
        return found
    }

    /// Whether an order that takes risk away and never reached the venue has been away for as long
    /// as it may be.
    private mutating func isAway(_ order: VenueOrder, _ now: Int) -> Bool {
        let waited = waits[order.id, default: 0]
        let since = closers.contains(order.entry) ? sentAt[order.id] : nil
        let away = since.map { now - $0 } ?? waited
        waits[order.id] = waited + 1
        longest = max(longest, away)
        return away == Self.limit
    }
}
