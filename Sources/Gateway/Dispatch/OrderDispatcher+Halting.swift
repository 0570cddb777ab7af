// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Trading

extension OrderDispatcher {
    /// Takes no entries any more.
    public mutating func halt() { isHalted = true }

    /// Takes entries again, and whatever was held by hand until now as seen.
    public mutating func resume() { isHalted = false }

    /// Takes back the entries that are not filled yet; what they have opened stays.
    public mutating func withdrawEntries() -> [DispatchEffect] {
        let open = orders.values.filter {
            $0.order.isEntry && $0.standing.isOpen && !$0.isBeingCancelled
        }
        return open.map(\.order.id).sorted().flatMap { cancel($0) }
    }

    /// Closes whatever is open or held.
    public mutating func closeAll(_ reason: ExitReason) -> [DispatchEffect] {
        let entries = orders.values.filter { tracked in
            let id = tracked.order.id
            return tracked.order.isEntry && (tracked.standing.isOpen || held(of: id) > .zero)
        }
        return entries.map(\.order.id).sorted().flatMap { close($0, reason) }
    }

    /// The entries of which something is held, in the order of their ids.
    public var heldEntries: [OrderID] {
        orders.values.filter { $0.order.isEntry && held(of: $0.order.id) > .zero }
            .map(\.order.id).sorted()
    }

    /// What is held of each instrument by trades that somebody made by hand.
    public var externalPositions: [InstrumentID: Decimal8] {
        var positions: [InstrumentID: Decimal8] = [:]
        for fill in external { positions[fill.instrument, default: .zero] += fill.signedQuantity }
        return positions.filter { $0.value != .zero }
    }

    /// What has become of an entry; nil for one that is not known.
    public func outcome(of entry: OrderID) -> VenueOutcome? {
        guard let opened = orders[entry], opened.order.isEntry else { return nil }
        let family = family(of: entry)
        let own = Set(family.map(\.order.id))
        let executions = fills.values.filter { fill in
            guard let id = fill.order, own.contains(id), let tracked = orders[id] else {
                return false
            }
            return fill.fits(tracked.order)
        }.sorted { $0.id < $1.id }
        // A market order that closes tells why in the journal; what else closes is a stop.
        let byMarket = executions.contains { fill in
            guard let id = fill.order, let order = orders[id]?.order else { return false }
            return !order.isEntry && order.kind == .market
        }
        return VenueOutcome(
            entry: entry,
            opened: executions.filter { $0.order == entry },
            closed: executions.filter { $0.order != entry },
            // One that was given up may have executions of which only a later survey tells.
            isEnded: !opened.standing.isOpen
                && (opened.surveyAtEnd.map { $0 < takenSurvey } ?? true),
            reason: byMarket ? closing[entry] ?? .exit : .stop
        )
    }
}

extension VenueFill {
    /// Whether this can be an execution of an order.
    func fits(_ order: VenueOrder) -> Bool {
        instrument == order.instrument && side == order.side
    }
}
