// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The names that say of which type a value in JSON is.
enum ValueTag: String {
    case null, bool, int, uint, double, string, bytes, list, map, timestamp, duration, type

    /// The value that a payload stands for; nil when the payload is not of the tag's form.
    ///
    /// The opening is the first octet of the payload's own text, which tells a list that was
    /// written as one from a list that was itself tagged.
    func value(of payload: Value, opening: UInt8) -> Value? {
        guard opening != UInt8(ascii: "{") else { return nil }
        switch (self, payload) {
        case (.null, .null), (.bool, .bool), (.string, .string), (.list, .list), (.int, .int),
            (.double, .double):
            return payload
        case (.int, .string(let digits)):
            return Int64(digits).map { .int($0) }
        case (.uint, .string(let digits)):
            return UInt64(digits).map { .uint($0) }
        case (.uint, .int(let number)):
            return UInt64(exactly: number).map { .uint($0) }
        case (.double, .int(let number)):
            return .double(Double(number))
        case (.double, .string(let text)):
            return Conversion.decimal(text).map { .double($0) }
        case (.bytes, .string(let text)):
            return Base64.octets(of: text).map { .bytes($0) }
        case (.timestamp, .string(let text)):
            return Timestamp(text).map { .timestamp($0) }
        case (.duration, .string(let text)):
            return TimeSpan(text).map { .duration($0) }
        case (.type, .string(let name)):
            return Value.isTypeName(name) ? .type(name) : nil
        case (.map, .list(let pairs)):
            return map(of: pairs)
        default:
            return nil
        }
    }

    private func map(of pairs: [Value]) -> Value? {
        var map = ValueMap()
        for pair in pairs {
            guard case .list(let parts) = pair, parts.count == 2, parts[0].isMapKey,
                map.insert(parts[1], forKey: parts[0])
            else { return nil }
        }
        return .map(map)
    }
}
