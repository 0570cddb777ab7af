// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

package import Basics

/// Checks a value against a JSON Schema of draft 2020-12, as far as tools use it.
///
/// Understood are types, enums, objects, lists, bounds, lengths, combinations and references within
/// the schema. A reference to another document is never followed: what it describes counts as not
/// conforming. Patterns and formats are not looked at.
package struct SchemaCheck {
    /// The most steps of one check; combinations could multiply without end.
    static let stepLimit = 100_000
    /// How deep schemas are followed.
    static let depthLimit = 64

    private let root: JSON
    private var steps = 0

    private init(_ root: JSON) {
        self.root = root
    }

    /// The first fault of a value, with its place; nil when it conforms.
    package static func fault(of value: JSON, in schema: JSON, named name: String) -> String? {
        var check = SchemaCheck(schema)
        return check.fault(value, schema, name, depth: 0)
    }

    private mutating func fault(
        _ value: JSON,
        _ schema: JSON,
        _ place: String,
        depth: Int
    ) -> String? {
        steps += 1
        guard depth < Self.depthLimit, steps < Self.stepLimit else {
            return "\(place): the schema is too deep to be checked"
        }
        switch schema {
        case .bool(true): return nil
        case .bool(false): return "\(place): must not be there"
        case .object: break
        default: return "\(place): the schema is no schema"
        }
        if let reference = schema["$ref"]?.stringValue {
            guard let target = resolve(reference) else {
                return "\(place): its schema is in another document, '\(reference.prefix(80))'"
            }
            if let fault = fault(value, target, place, depth: depth + 1) { return fault }
        }
        return kindFault(value, schema, place) ?? boundFault(value, schema, place)
            ?? objectFault(value, schema, place, depth) ?? listFault(value, schema, place, depth)
            ?? combinationFault(value, schema, place, depth)
    }

    private func resolve(_ reference: String) -> JSON? {
        guard reference.hasPrefix("#") else { return nil }
        var target: JSON? = root
        for part in reference.dropFirst().split(separator: "/") {
            let name = Self.unescape(part)
            if let elements = target?.arrayValue {
                target = Int(name).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            } else {
                target = target?[name]
            }
        }
        return target
    }

    /// Undoes the escapes of a JSON pointer.
    private static func unescape(_ part: Substring) -> String {
        var text = ""
        var rest = part
        while let first = rest.popFirst() {
            guard first == "~", let code = rest.popFirst() else {
                text.append(first)
                continue
            }
            text += code == "1" ? "/" : code == "0" ? "~" : "~\(code)"
        }
        return text
    }

    private func kindFault(_ value: JSON, _ schema: JSON, _ place: String) -> String? {
        if let type = schema["type"] {
            let names = (type.arrayValue ?? [type]).compactMap(\.stringValue)
            guard names.contains(where: { Self.isOfType(value, $0) }) else {
                return "\(place): expected \(names.joined(separator: " or ")), found \(value.kind)"
            }
        }
        if let allowed = schema["enum"]?.arrayValue,
            !allowed.contains(where: { Self.areEqual($0, value) })
        {
            let names = allowed.prefix(20).map(\.compactText).joined(separator: ", ")
            return "\(place): expected one of \(names)"
        }
        if let constant = schema["const"], !Self.areEqual(constant, value) {
            return "\(place): expected \(constant.compactText.prefix(80))"
        }
        return nil
    }

    private static func isOfType(_ value: JSON, _ type: String) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("integer", .int), ("number", .int),
            ("number", .double), ("string", .string), ("array", .array), ("object", .object):
            true
        case ("integer", .double(let number)): number == number.rounded()
        default: false
        }
    }

    /// Whether two values are one in JSON, where 1 and 1.0 are the same.
    private static func areEqual(_ left: JSON, _ right: JSON) -> Bool {
        if let left = left.doubleValue, let right = right.doubleValue { return left == right }
        return left.canonical == right.canonical
    }

    private func boundFault(_ value: JSON, _ schema: JSON, _ place: String) -> String? {
        if let number = value.doubleValue {
            let faults: [(String, (Double) -> Bool, String)] = [
                ("minimum", { number < $0 }, "at least"),
                ("maximum", { number > $0 }, "at most"),
                ("exclusiveMinimum", { number <= $0 }, "more than"),
                ("exclusiveMaximum", { number >= $0 }, "less than"),
            ]
            for (key, isBroken, words) in faults {
                if let bound = schema[key]?.doubleValue, isBroken(bound) {
                    return "\(place): expected \(words) \(schema[key]?.compactText ?? "")"
                }
            }
        }
        let count: Int
        let keys: (String, String)
        switch value {
        case .string(let text):
            (count, keys) = (text.unicodeScalars.count, ("minLength", "maxLength"))
        case .array(let elements): (count, keys) = (elements.count, ("minItems", "maxItems"))
        case .object(let members):
            (count, keys) = (members.count, ("minProperties", "maxProperties"))
        default: return nil
        }
        if let least = schema[keys.0]?.intValue, count < least {
            return "\(place): expected a length of at least \(least), found \(count)"
        }
        if let most = schema[keys.1]?.intValue, count > most {
            return "\(place): expected a length of at most \(most), found \(count)"
        }
        return nil
    }

    private mutating func objectFault(
        _ value: JSON,
        _ schema: JSON,
        _ place: String,
        _ depth: Int
    ) -> String? {
        guard let members = value.objectValue else { return nil }
        for name in (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue)
        where value[name] == nil {
            return "\(place): '\(name)' is missing"
        }
        let properties = schema["properties"]
        let hasPatterns = schema["patternProperties"] != nil
        for member in members {
            let inner = "\(place).\(member.name.prefix(60))"
            if let known = properties?[member.name] {
                if let fault = fault(member.value, known, inner, depth: depth + 1) { return fault }
            } else if let rest = schema["additionalProperties"], !hasPatterns {
                guard rest != .bool(false) else {
                    let names = (properties?.objectValue ?? []).map(\.name)
                    return "\(inner): unknown member; allowed are "
                        + (names.isEmpty ? "none" : names.joined(separator: ", "))
                }
                if let fault = fault(member.value, rest, inner, depth: depth + 1) { return fault }
            }
        }
        return nil
    }

    private mutating func listFault(
        _ value: JSON,
        _ schema: JSON,
        _ place: String,
        _ depth: Int
    ) -> String? {
        guard let elements = value.arrayValue else { return nil }
        let heads = schema["prefixItems"]?.arrayValue ?? []
        for (index, element) in elements.enumerated() {
            let inner = index < heads.count ? heads[index] : schema["items"]
            guard let inner else { continue }
            let fault = fault(element, inner, "\(place)[\(index)]", depth: depth + 1)
            if let fault { return fault }
        }
        return nil
    }

    private mutating func combinationFault(
        _ value: JSON,
        _ schema: JSON,
        _ place: String,
        _ depth: Int
    ) -> String? {
        for part in schema["allOf"]?.arrayValue ?? [] {
            if let fault = fault(value, part, place, depth: depth + 1) { return fault }
        }
        if let parts = schema["anyOf"]?.arrayValue {
            guard count(value, parts, place, depth) > 0 else {
                return "\(place): fits none of \(parts.count) alternatives"
            }
        }
        if let parts = schema["oneOf"]?.arrayValue {
            let fitting = count(value, parts, place, depth)
            guard fitting == 1 else {
                return "\(place): fits \(fitting) of \(parts.count) alternatives, expected one"
            }
        }
        if let part = schema["not"], fault(value, part, place, depth: depth + 1) == nil {
            return "\(place): is what the schema excludes"
        }
        return nil
    }

    private mutating func count(
        _ value: JSON,
        _ parts: [JSON],
        _ place: String,
        _ depth: Int
    ) -> Int {
        var count = 0
        for part in parts where fault(value, part, place, depth: depth + 1) == nil { count += 1 }
        return count
    }
}
