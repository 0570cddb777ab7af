// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What is wrong with one row of market data.
public struct BarFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of fault.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The header lacks a column.
        case missingColumn
        /// The row has too few or too many fields, or its symbol is no symbol.
        case malformedRow
        /// The time is neither RFC 3339 nor a date.
        case badTimestamp
        /// A field that should be a number is not.
        case notANumber
        /// A number is infinite or not a number.
        case notFinite
        /// A price is zero or less.
        case notPositive
        /// A price is higher than any that figures can be computed from.
        case tooHigh
        /// The volume is below zero.
        case negativeVolume
        /// The highest price is below the lowest.
        case highBelowLow
        /// The first or the last price lies outside the lowest and the highest.
        case priceOutsideRange
        /// The symbol has a bar of that time already.
        case duplicate
        /// The symbol has a later bar already.
        case outOfOrder
        /// The bar's period has not ended yet.
        case inTheFuture
        /// The bar lies on a day without trading.
        case outOfSession
        /// The limits of the day contradict each other, or a price lies beyond them.
        case beyondLimits
        /// Days are missing before the bar; the bar itself is accepted.
        case gap
        /// The bar lacks a price of its day that the one before had; it is accepted without it.
        case dayUnknown

        /// Whether the bar is used all the same.
        public var isWarning: Bool { self == .gap || self == .dayUnknown }
    }

    /// The kind of fault.
    public let kind: Kind
    /// The line of the file from 1, or the row of a Parquet file from 1, when it came from one.
    public let line: Int?
    /// The symbol as written, or nil when the row has none.
    public let symbol: String?
    /// The time of the bar, when it could be read.
    public let time: Instant?
    /// What is wrong, with the value, as a lowercase clause.
    public let detail: String

    /// Creates a fault.
    public init(_ kind: Kind, line: Int?, symbol: String?, time: Instant?, detail: String) {
        self.kind = kind
        self.line = line
        self.symbol = symbol
        self.time = time
        self.detail = detail
    }

    init(_ kind: Kind, of bar: Bar, line: Int?, detail: String) {
        self.init(
            kind,
            line: line,
            symbol: bar.symbol.description,
            time: bar.time,
            detail: detail
        )
    }

    /// One sentence with the line, the symbol, the time and the value, as far as they are known.
    public var description: String {
        var place: [String] = []
        if let line { place.append("line \(line)") }
        if let symbol { place.append(symbol) }
        if let time { place.append("\(time)") }
        return place.isEmpty ? detail : "\(place.joined(separator: ", ")): \(detail)"
    }
}
