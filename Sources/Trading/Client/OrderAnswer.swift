// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What the gateway says to an order.
///
/// An order submitted again gets the answer that it got first.
public enum OrderAnswer: Sendable, Hashable {
    /// The order goes its way.
    case accepted
    /// The order is refused, for a reason that people read.
    case rejected(String)
}
