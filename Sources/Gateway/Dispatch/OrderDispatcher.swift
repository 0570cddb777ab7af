// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Trading

/// Brings orders to a venue exactly once, and keeps what they open protected.
///
/// A pure state machine: it is told what happens and says what is to be done. An order is written
/// down before it is sent, and stays unknown until the venue's answer, its open orders or its
/// executions tell what became of it. An entry is sent once and never again; what takes risk away
/// may be sent again under the same id where no id is taken twice. Executions are booked by the
/// venue's ids, so a second report changes nothing, and what is held is the sum of what is booked.
///
/// Each execution of an entry is protected by a stop order of its own of the same quantity, so what
/// is protected equals what is held. A stop that cannot be placed in time closes the position.
public struct OrderDispatcher: Sendable {
    /// How patient it is.
    public let rules: DispatchRules
    /// Every order by id.
    public internal(set) var orders: [OrderID: TrackedOrder] = [:]
    /// The orders of each entry, the entry first, in the order in which they were written down.
    private(set) var families: [OrderID: [OrderID]] = [:]
    /// The executions that are booked, by the venue's id.
    public internal(set) var fills: [String: VenueFill] = [:]
    /// The executions of trades that somebody made by hand.
    public internal(set) var external: [VenueFill] = []
    /// The entries that are to be closed, and why.
    public internal(set) var closing: [OrderID: ExitReason] = [:]
    /// The number of this life.
    public private(set) var life = 1
    var now = 0
    /// When a survey was asked for last.
    var surveyAskedAt = -1_000_000
    /// The number of the last survey that was asked for.
    var lastSurvey = 0
    /// The number of the last survey that was taken in.
    var takenSurvey = 0
    /// Whether the venue was surveyed since the start; nothing is entered before.
    public internal(set) var isReconciled = false
    /// The most that may be held by hand before the desk is halted, in units.
    let externalLimit: Decimal8
    /// The instruments of which the last survey had a quantity as after a split; nothing is sent
    /// for them, because it would be of the old quantity.
    public internal(set) var reshaped: [InstrumentID: SplitRatio] = [:]
    /// How many surveys in a row had other positions than are booked.
    var disagreements = 0
    /// Whether it takes no entries any more.
    public internal(set) var isHalted = false

    /// Begins with nothing, or with what the journal of an earlier life says.
    public init(
        rules: DispatchRules = DispatchRules(),
        externalLimit: Decimal8 = .zero,
        journal: [JournalEntry] = []
    ) {
        self.rules = rules
        self.externalLimit = externalLimit
        for entry in journal { restore(entry) }
        // So that no answer to an earlier life is taken for one to this.
        lastSurvey = life * 1_000_000
    }

    /// What has to be done first of all.
    public func start() -> [DispatchEffect] { [.write(.started(life))] }

    /// What is held of each instrument: the sum of all executions that are booked.
    public var positions: [InstrumentID: Decimal8] {
        var positions: [InstrumentID: Decimal8] = [:]
        for fill in fills.values {
            positions[fill.instrument, default: .zero] += fill.signedQuantity
        }
        return positions.filter { $0.value != .zero }
    }

    /// What an entry has opened and nothing has closed yet, without a sign.
    public func held(of entry: OrderID) -> Decimal8 {
        family(of: entry).reduce(.zero) { sum, tracked in
            tracked.order.isEntry ? sum + tracked.filled : sum - tracked.filled
        }
    }

    /// The quantity for which open stops of an entry stand.
    public func protected(of entry: OrderID) -> Decimal8 {
        family(of: entry).reduce(.zero) { sum, tracked in
            guard case .stop = tracked.order.kind, tracked.standing.isOpen else { return sum }
            return sum + tracked.rest
        }
    }

    /// The orders of an entry, in the order in which they were written down.
    func family(of entry: OrderID) -> [TrackedOrder] {
        (families[entry] ?? []).compactMap { orders[$0] }
    }

    /// Takes an entry that a verdict has allowed.
    ///
    /// One that is known already changes nothing. Without a verdict, before the first survey and on
    /// a halted desk nothing is taken.
    public mutating func enter(
        _ order: VenueOrder,
        verdict: String,
        stop: Price?
    ) -> [DispatchEffect] {
        guard order.isEntry, !order.reducesOnly, !verdict.isEmpty, isReconciled, !isHalted,
            orders[order.id] == nil
        else { return [] }
        return dispatch(order, verdict: verdict, stop: stop)
    }

    /// Closes what an entry has opened; asking again changes nothing.
    public mutating func close(_ entry: OrderID, _ reason: ExitReason = .exit) -> [DispatchEffect] {
        guard orders[entry]?.order.isEntry == true, closing[entry] == nil else { return [] }
        closing[entry] = reason
        return [.write(.close(entry, reason))] + advance(entry)
    }

    mutating func dispatch(
        _ order: VenueOrder,
        verdict: String,
        stop: Price?
    ) -> [DispatchEffect] {
        [note(order, verdict: verdict, stop: stop), .send(.place(order))]
    }

    /// Begins to keep an order, which has to be written down.
    mutating func note(_ order: VenueOrder, verdict: String, stop: Price?) -> DispatchEffect {
        track(
            TrackedOrder(order: order, verdict: verdict, stop: stop, since: now, askedAt: now)
        )
        return .write(.intent(order, verdict: verdict, stop: stop))
    }

    private mutating func track(_ tracked: TrackedOrder) {
        var tracked = tracked
        // Executions may have been told of before the order was known, if the journal lost it.
        let early = external.filter { $0.order == tracked.order.id && $0.fits(tracked.order) }
        if !early.isEmpty {
            external.removeAll { early.contains($0) }
            tracked.filled = early.reduce(.zero) { $0 + $1.quantity.value }
            if tracked.rest == .zero { tracked.standing = .filled }
        }
        orders[tracked.order.id] = tracked
        families[tracked.order.entry, default: []].append(tracked.order.id)
    }

    private mutating func restore(_ entry: JournalEntry) {
        switch entry {
        case .started(let number): life = max(life, number + 1)
        case .account: break
        case .close(let entry, let reason): closing[entry] = reason
        case .intent(let order, _, _) where orders[order.id] != nil:
            // What closes has taken over the id of a stop, or the venue has another size of it. An
            // entry that is there twice was written again because nobody knew that it was there.
            guard order.reducesOnly else { break }
            let isSame = orders[order.id]?.order.kind == order.kind
            if isSame { orders[order.id]?.order = order } else { replace(by: order) }
        case .intent(let order, let verdict, let stop):
            // Asked long ago, so that the venue is asked at the first tick.
            let ago = -1_000_000
            track(
                TrackedOrder(order: order, verdict: verdict, stop: stop, since: 0, askedAt: ago)
            )
        case .ended(let id, let standing):
            orders[id]?.standing = standing
            if standing != .filled { orders[id]?.surveyAtEnd = 0 }
        case .fill(let fill):
            book(fill)
            guard let id = fill.order, let tracked = orders[id], fill.fits(tracked.order),
                tracked.rest == .zero
            else { break }
            // Its end may not have been written down any more.
            orders[id]?.standing = .filled
        case .cancel(let id): orders[id]?.isBeingCancelled = true
        }
    }

    /// Books an execution; false when it was booked before.
    @discardableResult
    mutating func book(_ fill: VenueFill) -> Bool {
        guard fills[fill.id] == nil else { return false }
        fills[fill.id] = fill
        guard let id = fill.order, let tracked = orders[id], fill.fits(tracked.order) else {
            external.append(fill)
            return true
        }
        orders[id]?.filled += fill.quantity.value
        return true
    }
}
