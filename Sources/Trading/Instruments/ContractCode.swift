// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A contract's code taken apart: `rb2501`, `TA501`, or a product alone.
public struct ContractCode: Sendable, Hashable, CustomStringConvertible {
    /// The month in which a contract is delivered.
    public struct Delivery: Sendable, Hashable, Comparable, CustomStringConvertible {
        /// The year.
        public let year: Int
        /// The month, 1 to 12.
        public let month: Int

        /// The months since the year 0.
        var index: Int { year * 12 + month - 1 }

        /// The month as `2025-01`.
        public var description: String { "\(year)-\(month < 10 ? "0" : "")\(month)" }

        /// Orders months from earlier to later.
        public static func < (left: Delivery, right: Delivery) -> Bool { left.index < right.index }
    }

    /// The letters in front.
    public let product: String
    /// The digits behind them; empty for a product alone.
    public let digits: String

    /// Takes a code apart at its first digit; nil without letters in front.
    public init?(_ text: String) {
        let letters = text.prefix { $0.isASCII && $0.isLetter }
        let rest = text.dropFirst(letters.count)
        guard !letters.isEmpty, rest.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        product = String(letters)
        digits = String(rest)
    }

    /// The month of delivery by the rule of a marketplace; a year of one digit is that of the
    /// month nearest to a date, of two equally near ones the later.
    /// - Throws: A ``TradingError`` with code `unknownInstrument`.
    public func delivery(
        on marketplace: Marketplace,
        near date: CalendarDate
    ) throws(TradingError) -> Delivery? {
        guard !digits.isEmpty else { return nil }
        guard let count = marketplace.deliveryDigits, digits.utf8.count == count,
            let year = Int(digits.dropLast(2)), let month = Int(digits.suffix(2)),
            (1...12).contains(month)
        else {
            let form =
                switch marketplace.deliveryDigits {
                case 4: "year and month as in \(product)2501"
                case 3: "the year's last digit and the month as in \(product)501"
                default: "no digits"
                }
            throw TradingError(
                .unknownInstrument,
                "read code '\(self)'",
                "\(marketplace.rawValue) writes \(form)"
            )
        }
        if count == 4 { return Delivery(year: 2000 + year, month: month) }
        let (today, thisMonth, _) = date.parts
        let now = Delivery(year: today, month: thisMonth).index
        let decade = today / 10 * 10
        let candidates = [decade - 10, decade, decade + 10].map {
            Delivery(year: $0 + year, month: month)
        }
        return candidates.min { left, right in
            let (near, far) = (abs(left.index - now), abs(right.index - now))
            return near != far ? near < far : left > right
        }
    }

    /// The code.
    public var description: String { product + digits }
}
