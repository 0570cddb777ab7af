// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What one side of a trade costs: a share of its value, an amount for each lot, or both.
public struct Fee: Sendable, Hashable, CustomStringConvertible {
    /// Nothing.
    public static let none = Fee(rate: .zero, perLot: .zero)

    /// The share of the value.
    public let rate: Decimal8
    /// The amount for each lot.
    public let perLot: Decimal8

    /// Creates a fee.
    public init(rate: Decimal8 = .zero, perLot: Decimal8 = .zero) {
        self.rate = rate
        self.perLot = perLot
    }

    /// Reads `0.01%` as a share and `1.5` as an amount for each lot; nil for anything else and
    /// below zero.
    public init?(_ text: some StringProtocol) {
        let isRate = text.hasSuffix("%")
        guard let number = isRate ? Self.percentage(text) : Decimal8(text), !number.isNegative
        else { return nil }
        self.init(rate: isRate ? number : .zero, perLot: isRate ? .zero : number)
    }

    /// The amount for so many lots that are worth so much, each part rounded half to even at the
    /// eighth place.
    public func amount(of notional: Money, lots: Decimal8) -> Money {
        notional.times(rate) + Money(lots * perLot)
    }

    /// The fee in the form in which tables have it.
    public var description: String {
        let share = "\(Decimal8(units: rate.units * 100))%"
        if perLot == .zero { return rate == .zero ? "0" : share }
        return rate == .zero ? "\(perLot) a lot" : "\(share) and \(perLot) a lot"
    }

    /// Reads `7%` as 0.07.
    static func percentage(_ text: some StringProtocol) -> Decimal8? {
        guard text.hasSuffix("%"), let number = Decimal8(text.dropLast()),
            number.units % 100 == 0
        else { return nil }
        return Decimal8(units: number.units / 100)
    }
}
