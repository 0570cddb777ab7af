// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Everything from which an exchange can be rebuilt, as a ledger keeps it.
public struct ExchangeRecord: Sendable, Hashable {
    /// Every order that a client submitted.
    public var submissions: [Submission] = []
    /// Every order that waits, the exchange's own included.
    public var pending: [PendingOrder] = []
    /// Every instruction.
    public var controls: [Control] = []
    /// Every event, oldest first.
    public var events: [Event] = []
    /// The account at every close, oldest first.
    public var equityPoints: [EquityPoint] = []
    /// The sessions for which each open lot has been held.
    public var sessionsHeld: [OrderID: Int] = [:]
    /// The last price of each instrument that is held.
    public var marks: [InstrumentID: Price] = [:]

    /// Creates the record of an exchange that did nothing yet.
    public init() {}
}
