// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// All lots of one instrument together.
public struct Position: Sendable, Hashable {
    /// What is held.
    public let instrument: InstrumentID
    /// The sum of the lots' quantities, negative when sold short.
    public let quantity: Decimal8
    /// What it is worth at the last price, negative when sold short.
    public let worth: Money

    /// Creates a position.
    public init(instrument: InstrumentID, quantity: Decimal8, worth: Money) {
        self.instrument = instrument
        self.quantity = quantity
        self.worth = worth
    }
}
