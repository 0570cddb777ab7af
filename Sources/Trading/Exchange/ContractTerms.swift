// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What one lot of an instrument is and what trading it costs on each side.
public struct ContractTerms: Sendable, Hashable {
    /// The units of one lot, by which a price is multiplied.
    public let multiplier: Decimal8
    /// The fee of each side.
    public let fee: Fee

    /// Creates terms; the multiplier is above zero.
    public init(multiplier: Decimal8 = Decimal8(1), fee: Fee) {
        precondition(multiplier > .zero, "a multiplier is above zero")
        self.multiplier = multiplier
        self.fee = fee
    }
}
