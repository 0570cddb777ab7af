// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// A market on paper with everything that a venue of shares, futures and perpetual futures does.
///
/// A pure state machine: orders are submitted and taken back between steps, and each step tells
/// what every instrument did. Positions are on margin; the balance moves by fees, by the gains of
/// closed lots, by daily settlement and by funding. `docs/fills.md` has the rules of fills, which
/// for market orders, stops and targets are those of ``PaperExchange``.
public struct PaperMarket: Sendable {
    /// An order that waits.
    struct Working: Sendable {
        let order: MarketOrder
        /// The first step that may fill it.
        let reaches: Int
        var rest: Decimal8
        /// Whether its stop was reached.
        var isTriggered = false
    }

    /// The exits of an entry, for as much of it as is filled and not closed.
    struct Protection: Sendable {
        let entry: OrderID
        let instrument: InstrumentID
        let side: Side
        let bracket: MarketOrder.Bracket
        var rest: Decimal8
        /// The first step that may reach the target, and may look at the stop again.
        var watchedFrom = 0
        /// Set once the stop was reached and could not be filled as a whole.
        var isTriggered = false
    }

    /// How orders are filled.
    public let rules: MarketRules
    /// The instruments that are traded.
    public let instruments: [InstrumentID: Instrument]
    /// The money without the gains of open positions.
    public internal(set) var balance: Money
    /// The positions that are not empty.
    public internal(set) var positions: [InstrumentID: MarketPosition] = [:]
    /// The last price of each instrument.
    public internal(set) var marks: [InstrumentID: Price] = [:]
    var working: [OrderID: Working] = [:]
    var protections: [OrderID: Protection] = [:]
    var known: Set<OrderID> = []
    var stepNumber = 0
    var executions = 0
    /// Whether everything is closed at the next opens, unless the margin is there by then.
    var isCalled = false

    /// Opens a market.
    public init(rules: MarketRules, instruments: [InstrumentID: Instrument], balance: Money) {
        self.rules = rules
        self.instruments = instruments
        self.balance = balance
    }

    /// The balance and the gains of open positions at the last prices.
    public var equity: Money {
        positions.sorted { $0.key < $1.key }.reduce(balance) { sum, entry in
            sum + entry.value.profit(at: worth(entry.key, entry.value))
        }
    }

    /// The margin that the open positions need at the last prices.
    public var requiredMargin: Money {
        positions.sorted { $0.key < $1.key }.reduce(.zero) { sum, entry in
            sum + margin(entry.key, worth(entry.key, entry.value))
        }
    }

    /// The ids of orders that wait, exits of filled entries included.
    public var openOrders: [OrderID] {
        let exits = protections.values.flatMap { protection in
            [OrderID(exitOf: protection.entry, .stop)]
                + (protection.bracket.target == nil
                    ? [] : [OrderID(exitOf: protection.entry, .target)])
        }
        return (working.keys + exits).sorted()
    }

    /// Takes an order; one with a known id is the same order and changes nothing.
    /// - Throws: A ``TradingError`` with code `unknownInstrument`, or `offGrid` for a quantity or
    ///   a price that the instrument does not have.
    public mutating func submit(_ order: MarketOrder) throws(TradingError) {
        guard let instrument = instruments[order.instrument] else {
            throw TradingError(
                .unknownInstrument,
                "submit order \(order.id)",
                "\(order.instrument) is not traded here"
            )
        }
        for price in order.prices {
            guard instrument.terms.grid.allows(price.value) else {
                throw Self.offGrid(order, "\(price) is no price of \(instrument.code)")
            }
        }
        guard order.quantity.value.units % instrument.terms.lot.units == 0 else {
            throw Self.offGrid(order, "a quantity is a multiple of \(instrument.terms.lot)")
        }
        guard known.insert(order.id).inserted else { return }
        working[order.id] = Working(
            order: order,
            reaches: stepNumber + 1 + rules.latency,
            rest: order.quantity.value
        )
    }

    /// Takes back what is not filled of an order; the exits of what is filled stay.
    public mutating func cancel(_ id: OrderID) -> [MarketEvent] {
        working.removeValue(forKey: id) == nil ? [] : [.ended(id, .cancelled)]
    }

    /// Adds money, or takes some out.
    public mutating func deposit(_ amount: Money) {
        balance += amount
    }

    func worth(_ instrument: InstrumentID, _ position: MarketPosition) -> Money {
        guard let mark = marks[instrument] else { return position.cost }
        return notional(instrument, mark, position.quantity.magnitude)
    }

    /// What lots are worth; amounts beyond what an account holds are cut off there.
    func notional(_ instrument: InstrumentID, _ price: Price, _ lots: Decimal8) -> Money {
        let units = instruments[instrument]?.terms.multiplier ?? Decimal8(1)
        let size = lots.doubleValue * units.doubleValue
        guard size * price.value.doubleValue <= Money.largestNotional.doubleValue,
            size <= Quantity.largest.doubleValue
        else { return Money(Money.largestNotional) }
        return Money(price.value * (lots * units))
    }

    /// The margin of a position that is worth so much.
    func margin(_ instrument: InstrumentID, _ worth: Money) -> Money {
        instruments[instrument]?.margin(of: worth, leverage: rules.leverage) ?? worth
    }

    private static func offGrid(_ order: MarketOrder, _ reason: String) -> TradingError {
        TradingError(.offGrid, "submit order \(order.id)", reason)
    }
}

extension MarketOrder {
    /// Every price that it names.
    fileprivate var prices: [Price] {
        var prices = [bracket?.stop, bracket?.target].compactMap { $0 }
        switch kind {
        case .market: break
        case .limit(let price), .stop(let price): prices.append(price)
        }
        return prices
    }
}
