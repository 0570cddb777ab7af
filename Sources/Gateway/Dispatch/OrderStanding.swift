// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How an order stands, as far as the dispatcher knows.
public enum OrderStanding: String, Sendable, Hashable, CaseIterable {
    /// It was written down and perhaps sent; nobody knows whether the venue has it.
    case unknown
    /// The venue has it.
    case working
    /// It is filled as a whole.
    case filled
    /// It was taken back.
    case cancelled
    /// The venue did not take it.
    case refused
    /// It was in doubt for longer than anything can be on its way, and the venue has neither it nor
    /// an execution of it. Should it turn up all the same, it is taken in.
    case lost

    /// Whether the order can still be filled.
    public var isOpen: Bool { self == .unknown || self == .working }
}
