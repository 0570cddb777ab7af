// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The numbers of all limits, and the products that may be traded.
public struct OrderLimits: Sendable, Hashable {
    /// The instruments that may be traded; none when empty.
    public var products: Set<InstrumentID>
    private var numbers: [OrderLimit: Decimal8]

    /// The limits of an owner who has set none.
    ///
    /// Amounts follow from the capital that the account began with.
    public init(capital: Money, products: Set<InstrumentID>) {
        self.products = products
        numbers = [
            .orderAge: Decimal8(86_400),
            .duplicateWindow: Decimal8(60),
            .ordersPerMinute: Decimal8(60),
            .waitingOrders: Decimal8(200),
            .dataAge: Decimal8(5 * 86_400),
            .priceJump: Self.hundredths(30),
            .priceCollar: Self.hundredths(10),
            .planCollar: Self.hundredths(50),
            .orderQuantity: Decimal8(1_000_000),
            .orderNotional: Self.part(5, of: capital),
            .signalFraction: Self.hundredths(2),
            .signalRisk: Self.hundredths(2),
            .positionNotional: Self.part(30, of: capital),
            .sectorExposure: Self.hundredths(30),
            .grossExposure: Decimal8(1),
            .eventDays: .zero,
            .dailyLoss: Self.hundredths(3),
            .drawdown: Self.hundredths(5),
        ]
    }

    /// The number of a limit; zero for one that has none.
    public subscript(limit: OrderLimit) -> Decimal8 {
        get { numbers[limit] ?? .zero }
        set { numbers[limit] = newValue }
    }

    /// Of each limit the stricter one: how limits change while the gateway runs.
    public func tightened(by other: OrderLimits) -> OrderLimits {
        var result = self
        result.products = products.intersection(other.products)
        for limit in OrderLimit.numbers {
            result[limit] =
                limit.isStricterWhenLarger
                ? max(self[limit], other[limit]) : min(self[limit], other[limit])
        }
        return result
    }

    /// The limits in which two sets differ, in their fixed order.
    public func differences(from other: OrderLimits) -> [OrderLimit] {
        OrderLimit.allCases.filter { limit in
            limit == .products ? products != other.products : self[limit] != other[limit]
        }
    }

    /// All limits as lines of `limits.yml`, the same bytes for equal limits.
    public var text: String {
        OrderLimit.allCases.filter { $0.form != .fixed }
            .map { "\($0.rawValue): \(text(of: $0))\n" }.joined()
    }

    /// Tells one set of limits from another.
    public var hash: ContentHash { ContentHash(of: text) }

    /// A limit as `limits.yml` has it.
    public func text(of limit: OrderLimit) -> String {
        switch limit.form {
        case .fixed: "always"
        case .list: "[\(products.sorted().map(\.description).joined(separator: ", "))]"
        case .span: Self.span(self[limit].wholePart)
        default: self[limit].description
        }
    }

    private static func span(_ seconds: Int) -> String {
        for (unit, size) in [("d", 86_400), ("h", 3_600), ("m", 60)]
        where seconds >= size && seconds % size == 0 {
            return "\(seconds / size)\(unit)"
        }
        return "\(seconds)s"
    }

    private static func hundredths(_ count: Int64) -> Decimal8 {
        Decimal8(units: count * (Decimal8.scale / 100))
    }

    private static func part(_ hundredths: Int64, of capital: Money) -> Decimal8 {
        capital.value * Self.hundredths(hundredths)
    }
}
