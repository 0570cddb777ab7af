// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The account and the market at the moment in which an order is judged.
public struct ControlFacts: Sendable {
    /// What one entry holds.
    public struct Holding: Sendable, Hashable {
        /// What is held.
        public let instrument: InstrumentID
        /// The direction of the entry.
        public let side: Side
        /// How much.
        public let quantity: Quantity
        /// The strategy behind it.
        public let strategy: String

        /// Creates a holding.
        public init(instrument: InstrumentID, side: Side, quantity: Quantity, strategy: String) {
            self.instrument = instrument
            self.side = side
            self.quantity = quantity
            self.strategy = strategy
        }
    }

    /// The moment.
    public var now: Instant
    /// What the desk may do.
    public var state: TradingState
    /// Cash and what is held, at the last prices.
    public var equity: Money
    /// The highest equity so far.
    public var peak: Money
    /// The equity by which an order may be sized: the highest that the account had since it was
    /// asked, which is what its sender can have seen; nil for that of now.
    public var sizingEquity: Money?
    /// The cash that no lot binds.
    public var freeCash: Money
    /// The equity at the last close before today.
    public var dayStart: Money
    /// What is held and waits to be entered, by instrument, as positive amounts.
    public var exposures: [InstrumentID: Money]
    /// What each entry holds.
    public var holdings: [OrderID: Holding]
    /// How many orders wait.
    public var waitingOrders: Int
    /// What is known of prices.
    public var quotes: [InstrumentID: Quote]
    /// What passed verdicts allow, by the intent that each is on.
    public var permits: [String: OrderPermit]

    /// Creates facts.
    public init(
        now: Instant,
        state: TradingState,
        equity: Money,
        peak: Money,
        dayStart: Money,
        sizingEquity: Money? = nil,
        freeCash: Money? = nil,
        exposures: [InstrumentID: Money] = [:],
        holdings: [OrderID: Holding] = [:],
        waitingOrders: Int = 0,
        quotes: [InstrumentID: Quote] = [:],
        permits: [String: OrderPermit] = [:]
    ) {
        self.now = now
        self.state = state
        self.equity = equity
        self.peak = peak
        self.dayStart = dayStart
        self.sizingEquity = sizingEquity
        self.freeCash = freeCash ?? equity
        self.exposures = exposures
        self.holdings = holdings
        self.waitingOrders = waitingOrders
        self.quotes = quotes
        self.permits = permits
    }
}
