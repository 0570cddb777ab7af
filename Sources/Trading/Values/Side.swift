// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The direction of an order.
public enum Side: String, Sendable, Hashable, CaseIterable {
    /// Takes instruments in and pays money.
    case buy
    /// Gives instruments away and receives money.
    case sell

    /// The other direction.
    public var opposite: Side { self == .buy ? .sell : .buy }
}
