// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What the controls say to an order.
public enum ControlVerdict: Sendable, Hashable {
    /// It may go to the venue.
    case passed
    /// It must not; the limit, and a clause for people.
    case refused(OrderLimit, String)

    /// The limit that was broken; nil for an order that passed.
    public var broken: OrderLimit? {
        if case .refused(let limit, _) = self { limit } else { nil }
    }

    /// The reason as it travels, `order_notional: 25000 is more than 20000`; nil for one that
    /// passed.
    public var reason: String? {
        if case .refused(let limit, let reason) = self {
            "\(limit.rawValue): \(reason)"
        } else {
            nil
        }
    }
}
