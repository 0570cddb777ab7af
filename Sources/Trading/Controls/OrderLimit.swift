// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Everything that can keep an order from the venue, in the order in which it is looked at.
///
/// The name is the key in `limits.yml` where the owner can set it.
public enum OrderLimit: String, Sendable, Hashable, CaseIterable {
    /// A halted desk takes nothing but cancels, a reducing one only what reduces.
    case state
    /// An exit closes no more than what is held, in the other direction.
    case reduceOnly = "reduce_only"
    /// Only listed products are traded.
    case products
    /// A signal asks for one order.
    case signal
    /// An order was asked not in the future and not too long ago.
    case orderAge = "order_age"
    /// The same strategy does not ask for the same thing twice in a row.
    case duplicateWindow = "duplicate_window"
    /// Not too many orders come within a minute.
    case ordersPerMinute = "orders_per_minute"
    /// Not too many orders wait at a time.
    case waitingOrders = "waiting_orders"
    /// A verdict has passed on the signal, and the order does not go beyond it.
    case verdict
    /// The instrument has a price, and its bid lies below its ask.
    case quote
    /// The price is not too old.
    case dataAge = "data_age"
    /// The price has not jumped.
    case priceJump = "price_jump"
    /// A limit price or a trigger lies near the last price.
    case priceCollar = "price_collar"
    /// The stop lies on the losing side of the last price and the target on the winning side.
    case planSide = "plan_side"
    /// Stop and target lie not too far from the last price.
    case planCollar = "plan_collar"
    /// A contract's prices and quantities are ones that its venue takes.
    case grid
    /// One order's quantity.
    case orderQuantity = "order_quantity"
    /// One order's notional.
    case orderNotional = "order_notional"
    /// One signal's notional, as a fraction of equity.
    case signalFraction = "signal_fraction"
    /// What is lost at the stop, as a fraction of equity; without a stop, the whole notional.
    case signalRisk = "signal_risk"
    /// What is held of one instrument and waits for it.
    case positionNotional = "position_notional"
    /// What is held of one sector and waits for it, as a fraction of equity.
    case sectorExposure = "sector_exposure"
    /// All that is held and waits, as a fraction of equity.
    case grossExposure = "gross_exposure"
    /// The free cash bears the margin and the fee of a contract.
    case margin
    /// No event lies ahead within so many days.
    case eventDays = "event_days"
    /// What the account has lost since the last close before today, as a fraction of it.
    case dailyLoss = "daily_loss"
    /// How far the account lies below its peak, as a fraction of it.
    case drawdown

    /// How a limit is written.
    public enum Form: Sendable, Hashable {
        /// It is always on and has no number.
        case fixed
        /// A list of instruments.
        case list
        /// A number of units of an instrument.
        case quantity
        /// An amount of the account's currency.
        case amount
        /// A fraction, 0.02 for 2 %.
        case fraction
        /// A whole number.
        case count
        /// A span such as `60s` or `5d`, held in seconds.
        case span
    }

    /// How the limit is written.
    public var form: Form {
        switch self {
        case .state, .reduceOnly, .signal, .verdict, .quote, .planSide, .grid, .margin: .fixed
        case .products: .list
        case .orderQuantity: .quantity
        case .orderNotional, .positionNotional: .amount
        case .orderAge, .dataAge, .duplicateWindow: .span
        case .ordersPerMinute, .waitingOrders, .eventDays: .count
        case .priceJump, .priceCollar, .planCollar, .signalFraction, .signalRisk,
            .sectorExposure, .grossExposure, .dailyLoss, .drawdown:
            .fraction
        }
    }

    /// Whether a larger number allows less.
    public var isStricterWhenLarger: Bool { self == .duplicateWindow || self == .eventDays }

    /// The limits that have a number.
    public static var numbers: [OrderLimit] {
        allCases.filter { $0.form != .fixed && $0.form != .list }
    }
}
