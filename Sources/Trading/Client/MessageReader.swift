// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A reader of one message's members whose failures are ``TradingError``.
public struct MessageReader: Sendable {
    private let fields: JSONFields

    /// Opens an object.
    /// - Throws: A ``TradingError`` with code `invalidMessage`, here and below.
    public init(_ value: JSON, path: String) throws(TradingError) {
        fields = try Self.reading { () throws(JSONError) in try JSONFields(value, path: path) }
    }

    /// A text that must be there.
    /// - Throws: As for opening.
    public func text(_ name: String) throws(TradingError) -> String {
        try Self.reading { () throws(JSONError) in try fields.string(name) }
    }

    /// A whole number that must be there.
    /// - Throws: As for opening.
    public func int(_ name: String) throws(TradingError) -> Int {
        try Self.reading { () throws(JSONError) in try fields.int(name) }
    }

    /// A whole number; nil when absent.
    /// - Throws: As for opening.
    public func optionalInt(_ name: String) throws(TradingError) -> Int? {
        fields.optional(name) == nil ? nil : try int(name)
    }

    /// A truth value that must be there.
    /// - Throws: As for opening.
    public func flag(_ name: String) throws(TradingError) -> Bool {
        try Self.reading { () throws(JSONError) in try fields.bool(name) }
    }

    /// A decimal in quotes that must be there.
    /// - Throws: As for opening.
    public func decimal(_ name: String) throws(TradingError) -> Decimal8 {
        try Self.reading { () throws(JSONError) in try fields.decimal(name) }
    }

    /// A decimal in quotes; nil when absent.
    /// - Throws: As for opening.
    public func optionalDecimal(_ name: String) throws(TradingError) -> Decimal8? {
        fields.optional(name) == nil ? nil : try decimal(name)
    }

    /// An amount of money that must be there.
    /// - Throws: As for opening.
    public func money(_ name: String) throws(TradingError) -> Money { Money(try decimal(name)) }

    /// A price that must be there.
    /// - Throws: As for opening, and `invalidPrice`.
    public func price(_ name: String) throws(TradingError) -> Price {
        try Price(try decimal(name))
    }

    /// A price; nil when absent.
    /// - Throws: As for opening, and `invalidPrice`.
    public func optionalPrice(_ name: String) throws(TradingError) -> Price? {
        fields.optional(name) == nil ? nil : try price(name)
    }

    /// A time that must be there.
    /// - Throws: As for opening.
    public func instant(_ name: String) throws(TradingError) -> Instant {
        try Self.reading { () throws(JSONError) in try fields.instant(name) }
    }

    /// A time; nil when absent.
    /// - Throws: As for opening.
    public func optionalInstant(_ name: String) throws(TradingError) -> Instant? {
        fields.optional(name) == nil ? nil : try instant(name)
    }

    /// One of the words of an enumeration.
    /// - Throws: As for opening; the message lists the words.
    public func word<Word: RawRepresentable & CaseIterable>(
        _ name: String
    ) throws(TradingError) -> Word where Word.RawValue == String {
        let text = try text(name)
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw Self.invalid("\(fields.path).\(name): expected one of \(words)")
        }
        return word
    }

    /// An object that must be there.
    /// - Throws: As for opening.
    public func object(_ name: String) throws(TradingError) -> MessageReader {
        try MessageReader(try value(name), path: "\(fields.path).\(name)")
    }

    /// The elements of a list that must be there, each opened as an object.
    /// - Throws: As for opening.
    public func objects(_ name: String) throws(TradingError) -> [MessageReader] {
        let elements = try Self.reading { () throws(JSONError) in try fields.array(name) }
        var readers: [MessageReader] = []
        for (index, element) in elements.enumerated() {
            readers.append(try MessageReader(element, path: "\(fields.path).\(name)[\(index)]"))
        }
        return readers
    }

    /// Refuses members other than the named ones.
    /// - Throws: As for opening.
    public func allowOnly(_ names: [String]) throws(TradingError) {
        try Self.reading { () throws(JSONError) in try fields.allowOnly(names) }
    }

    /// Whether a member is there and not null.
    public func has(_ name: String) -> Bool { fields.optional(name) != nil }

    private func value(_ name: String) throws(TradingError) -> JSON {
        try Self.reading { () throws(JSONError) in try fields.required(name) }
    }

    private static func reading<Value>(
        _ read: () throws(JSONError) -> Value
    ) throws(TradingError) -> Value {
        do { return try read() } catch { throw invalid(error.description) }
    }

    private static func invalid(_ reason: String) -> TradingError {
        TradingError(.invalidMessage, "read a message", reason)
    }
}

extension JSON {
    /// A value in quotes, as money, prices, times and ids travel; null for nil.
    static func quoted(_ value: (some CustomStringConvertible)?) -> JSON {
        value.map { .string($0.description) } ?? .null
    }
}
