// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension ValueType: CustomStringConvertible, LosslessStringConvertible {
    /// The type as a declaration spells it, such as `map(string, double)`.
    public var description: String {
        switch self {
        case .null: "null_type"
        case .list(let element): "list(\(element))"
        case .map(let key, let value): "map(\(key), \(value))"
        case .nothing: "dyn"
        default: Self.simple.first { $0.type == self }?.name ?? "dyn"
        }
    }

    /// Reads a type as ``description`` writes it; nil for anything else.
    ///
    /// Keys of maps are `int`, `uint`, `bool`, `string` or `dyn`. Types nest at most 16 deep.
    public init?(_ description: String) {
        var letters = description.utf8.filter { $0 != UInt8(ascii: " ") }[...]
        guard let type = ValueType(from: &letters, depth: 16), letters.isEmpty else { return nil }
        self = type
    }

    private init?(from letters: inout ArraySlice<UInt8>, depth: Int) {
        guard depth > 0 else { return nil }
        let word = String(decoding: letters.prefix(while: Lexer.isNamePart), as: UTF8.self)
        letters.removeFirst(word.utf8.count)
        switch word {
        case "list":
            guard Self.take("(", from: &letters),
                let element = ValueType(from: &letters, depth: depth - 1),
                Self.take(")", from: &letters)
            else { return nil }
            self = .list(element)
        case "map":
            guard Self.take("(", from: &letters),
                let key = ValueType(from: &letters, depth: depth - 1),
                Self.take(",", from: &letters),
                let value = ValueType(from: &letters, depth: depth - 1),
                Self.take(")", from: &letters),
                [.int, .uint, .bool, .string, .dyn].contains(key)
            else { return nil }
            self = .map(key, value)
        default:
            guard let type = Self.simple.first(where: { $0.name == word })?.type else { return nil }
            self = type
        }
    }

    private static func take(_ sign: Unicode.Scalar, from letters: inout ArraySlice<UInt8>) -> Bool
    {
        guard let first = letters.first, UInt32(first) == sign.value else { return false }
        letters.removeFirst()
        return true
    }

    private static let simple: [(name: String, type: ValueType)] = [
        ("dyn", .dyn), ("null_type", .null), ("bool", .bool), ("int", .int), ("uint", .uint),
        ("double", .double), ("string", .string), ("bytes", .bytes), ("timestamp", .timestamp),
        ("duration", .duration), ("type", .type),
    ]
}
