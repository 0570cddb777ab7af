// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What is known of a value before an expression is evaluated.
public indirect enum ValueType: Sendable, Hashable {
    /// Nothing is known until evaluation.
    case dyn
    /// The type of `null`.
    case null
    /// A truth value.
    case bool
    /// A signed integer.
    case int
    /// An unsigned integer.
    case uint
    /// A floating-point number.
    case double
    /// A text.
    case string
    /// A sequence of octets.
    case bytes
    /// An instant.
    case timestamp
    /// A length of time.
    case duration
    /// A type.
    case type
    /// A list of elements of one type.
    case list(ValueType)
    /// A map from keys of one type to values of one type.
    case map(ValueType, ValueType)
    /// The type of the elements of an empty list, which goes with every other.
    case nothing

    /// The type that covers two types; nil when they have nothing in common.
    func joined(with other: ValueType) -> ValueType? {
        switch (self, other) {
        case (.nothing, let type), (let type, .nothing): return type
        case (.dyn, _), (_, .dyn): return .dyn
        case (.list(let left), .list(let right)):
            return left.joined(with: right).map { .list($0) }
        case (.map(let leftKey, let left), .map(let rightKey, let right)):
            guard let key = leftKey.joined(with: rightKey), let value = left.joined(with: right)
            else { return nil }
            return .map(key, value)
        default: return self == other ? self : nil
        }
    }

    /// The type that covers the elements of a list or the entries of a map.
    static func covering(_ types: [ValueType]) -> ValueType {
        var result = ValueType.nothing
        for type in types {
            guard let joined = result.joined(with: type) else { return .dyn }
            result = joined
        }
        return result
    }

    /// The type with nothing left open.
    var closed: ValueType {
        switch self {
        case .nothing: .dyn
        case .list(let element): .list(element.closed)
        case .map(let key, let value): .map(key.closed, value.closed)
        default: self
        }
    }

    /// Whether values of the type may turn out to be of any type.
    var isOpen: Bool { self == .dyn || self == .nothing }

    /// Whether the type is one of numbers.
    var isNumber: Bool { self == .int || self == .uint || self == .double }

    /// Whether a value of this type may equal one of another.
    func mayEqual(_ other: ValueType) -> Bool {
        switch (self, other) {
        case (.null, _), (_, .null): true
        case (.list(let left), .list(let right)): left.mayEqual(right)
        case (.map(let leftKey, let left), .map(let rightKey, let right)):
            leftKey.mayEqual(rightKey) && left.mayEqual(right)
        default:
            isOpen || other.isOpen || self == other || (isNumber && other.isNumber)
        }
    }
}
