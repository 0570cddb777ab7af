// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A value of the expression language.
///
/// Swift's `==` asks for the same kind and content, so `.int(1)` and `.double(1)` differ; the
/// language's own equality is ``equals(_:)``.
public enum Value: Sendable, Hashable {
    /// The only value of `null_type`.
    case null
    /// A truth value.
    case bool(Bool)
    /// A signed integer.
    case int(Int64)
    /// An unsigned integer.
    case uint(UInt64)
    /// A floating-point number.
    case double(Double)
    /// A text.
    case string(String)
    /// A sequence of octets.
    case bytes([UInt8])
    /// A list, whose elements may be of different types.
    case list([Value])
    /// A map from integers, truth values or strings to values.
    case map(ValueMap)
    /// An instant.
    case timestamp(Timestamp)
    /// A length of time.
    case duration(TimeSpan)
    /// A type, by its name.
    case type(String)

    /// The number as a double, whichever of the three kinds it is; nil for anything else.
    public var asDouble: Double? {
        switch self {
        case .int(let number): Double(number)
        case .uint(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }

    /// The truth value; nil for anything else.
    public var asBool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The text; nil for anything else.
    public var asString: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The name of the value's type, as `type(x)` gives it.
    public var typeName: String {
        switch self {
        case .null: "null_type"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .list: "list"
        case .map: "map"
        case .timestamp: "google.protobuf.Timestamp"
        case .duration: "google.protobuf.Duration"
        case .type: "type"
        }
    }

    /// Whether the value may be the key of a map.
    var isMapKey: Bool {
        switch self {
        case .int, .uint, .bool, .string: true
        default: false
        }
    }
}
