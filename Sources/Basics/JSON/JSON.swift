// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A JSON value that keeps whole numbers apart from decimals and members in their order.
public enum JSON: Sendable, Hashable {
    /// The value `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number written without point and exponent that fits 64 bits.
    case int(Int64)
    /// Any other number; always finite.
    case double(Double)
    /// A text.
    case string(String)
    /// A list.
    case array([JSON])
    /// Members in the order in which they were written; names are unique.
    case object([Member])

    /// One name and value of an object.
    public struct Member: Sendable, Hashable {
        /// The name.
        public let name: String
        /// The value.
        public let value: JSON

        /// Creates a member.
        public init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// The value of an object's member; nil when absent or when this is no object.
    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text, if this is one.
    public var stringValue: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The number as a double, if this is a number.
    public var doubleValue: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// The whole number, if this is one.
    public var intValue: Int? {
        guard case .int(let value) = self else { return nil }
        return Int(value)
    }

    /// The truth value, if this is one.
    public var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements, if this is a list.
    public var arrayValue: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members, if this is an object.
    public var objectValue: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// A word for the kind of value, as error messages use it.
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a truth value"
        case .int: "a whole number"
        case .double: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// A number, or null when it is not finite, since JSON has no other way to say so.
    public static func number(_ value: Double) -> JSON {
        value.isFinite ? .double(value) : .null
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Creates a text.
    public init(stringLiteral value: String) { self = .string(value) }

    /// Creates a whole number.
    public init(integerLiteral value: Int64) { self = .int(value) }

    /// Creates a truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// Creates a list.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }

    /// Creates an object whose members keep the order of the literal.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Member($0, $1) })
    }
}
