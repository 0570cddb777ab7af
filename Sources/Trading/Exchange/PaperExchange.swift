// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
import Quant

/// An exchange on paper: orders wait for the next open and are filled at its price.
///
/// A pure state machine. Answers depend only on what is settled and on controls with an earlier
/// stamp, so the clients of one round cannot see each other, and asking again gives the same
/// answer. What a settlement does depends on the set of waiting orders and never on the order in
/// which they came.
public struct PaperExchange: Sendable, Hashable {
    /// What the exchange charges and allows.
    public let configuration: ExchangeConfiguration
    /// Cash, lots and waiting orders.
    public internal(set) var book: Book
    /// Every order that a client submitted, by id.
    public internal(set) var submissions: [OrderID: Submission] = [:]
    /// Every instruction, sorted.
    public internal(set) var controls: [Control] = []
    /// Everything that settlements did, oldest first.
    public internal(set) var events: [Event] = []
    var equityPoints: [EquityPoint] = []

    /// Opens an exchange whose account holds the capital.
    public init(configuration: ExchangeConfiguration) {
        self.configuration = configuration
        book = Book(capital: configuration.capital)
    }

    /// The bars more that an order needs to reach the market.
    public var delay: Int { configuration.execution.latency }

    /// Takes an order for the next open.
    ///
    /// The same order twice gives ``Acknowledgement/duplicate(_:)``. Another order with a known id
    /// is rejected and leaves no trace.
    public mutating func submit(_ order: Order, at stamp: Stamp) -> Acknowledgement {
        let acknowledgement = acknowledgement(for: order, at: stamp)
        record(Submission(order: order, stamp: stamp, acknowledgement: acknowledgement))
        return acknowledgement
    }

    /// The answer that an order would get, without taking it.
    public func acknowledgement(for order: Order, at stamp: Stamp) -> Acknowledgement {
        if let known = submissions[order.id] {
            return known.order == order
                ? .duplicate(known.acknowledgement) : .rejected(.idReused)
        }
        if order.asked > stamp.time { return .rejected(.askedInFuture) }
        let rejection =
            switch order.purpose {
            case .entry: entryRejection(order, at: stamp)
            case .exit(let entry, _): exitRejection(order, of: entry)
            }
        return rejection.map { .rejected($0) } ?? .accepted
    }

    /// Takes in a new order with the answer that ``acknowledgement(for:at:)`` gave; anything that
    /// is known already changes nothing.
    public mutating func record(_ submission: Submission) {
        let order = submission.order
        guard submissions[order.id] == nil else { return }
        submissions[order.id] = submission
        guard submission.acknowledgement == .accepted else { return }
        book.pending[order.id] = PendingOrder(
            order: order,
            stamp: submission.stamp,
            sessionsWaited: -delay
        )
    }

    /// Takes an instruction; giving the same one again changes nothing.
    public mutating func record(_ control: Control) {
        guard let place = controls.firstIndex(where: { control <= $0 }) else {
            controls.append(control)
            return
        }
        if controls[place] != control { controls.insert(control, at: place) }
    }

    /// Asks to close every lot at the next open and to refuse the entries that wait for it.
    ///
    /// The exits have the ids `<entry>!closeAll`, whoever asks and however often.
    public mutating func closeAll(reason: String, at stamp: Stamp) {
        record(Control(.closeAll, reason: reason, at: stamp))
    }

    /// The state that the controls with strictly earlier stamps leave.
    public func state(before stamp: Stamp) -> TradingState {
        controls.prefix { $0.stamp < stamp }.reduce(.active) { $1.state(after: $0) }
    }

    /// The account at each close, oldest first, one point per settled session.
    public func equityCurve() -> [EquityPoint] { equityPoints }

    /// The closes that are looked back at for what a sender can have seen.
    private static let seenCloses = 64

    /// The highest equity that the account had since a time: at the close before it, at each one
    /// since, and now.
    ///
    /// A sender who read the account since that time has seen no more than this.
    public func highestEquity(since time: Instant) -> Money {
        var highest = book.account.equity
        for point in equityPoints.suffix(Self.seenCloses).reversed() {
            highest = max(highest, point.equity)
            if point.time <= time { return highest }
        }
        return equityPoints.count < Self.seenCloses
            ? max(highest, configuration.capital) : highest
    }

    private func entryRejection(_ order: Order, at stamp: Stamp) -> Rejection? {
        switch state(before: stamp) {
        case .halted: .halted
        case .reducing: .reducing
        case .active:
            order.side == .sell && !configuration.allowsShortSales ? .shortSalesOff : nil
        }
    }

    private func exitRejection(_ order: Order, of entry: OrderID) -> Rejection? {
        guard let lot = book.account.lots[entry] else { return .noOpenLot }
        let isWhole = order.quantity == lot.quantity && order.side == lot.side.opposite
        return isWhole && order.instrument == lot.instrument ? nil : .exitMismatch
    }
}
