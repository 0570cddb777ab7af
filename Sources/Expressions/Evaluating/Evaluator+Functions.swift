// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Evaluator {
    /// The functions that are called by a plain name.
    static let functionNames = [
        "bool", "bytes", "double", "duration", "dyn", "int", "matches", "size", "string",
        "timestamp", "type", "uint",
    ]
    /// The methods that are called on a value.
    static let methodNames = [
        "contains", "endsWith", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear",
        "getFullYear", "getHours", "getMilliseconds", "getMinutes", "getMonth", "getSeconds",
        "matches", "size", "startsWith",
    ]

    /// Calls a function.
    mutating func call(
        _ name: String,
        _ arguments: [Value],
        at site: Site
    ) throws(ExpressionError) -> Value {
        if name == "matches", arguments.count == 2 {
            return try callMethod(name, on: arguments[0], [arguments[1]], at: site)
        }
        guard Evaluator.functionNames.contains(name) else {
            throw unknown("function", name, Evaluator.functionNames, at: site)
        }
        guard arguments.count == 1 else { throw noOverload(name, arguments, at: site) }
        let value = arguments[0]
        try spend(value.octetCount / 4, at: site)
        switch name {
        case "size": return try size(of: value, at: site)
        case "dyn": return value
        case "type": return .type(value.typeName)
        case "int": return .int(try Conversion.int(value, at: site))
        case "uint": return .uint(try Conversion.uint(value, at: site))
        case "double": return .double(try Conversion.double(value, at: site))
        case "bool": return .bool(try Conversion.bool(value, at: site))
        case "string": return .string(try Conversion.string(value, at: site))
        case "bytes": return .bytes(try Conversion.bytes(value, at: site))
        case "timestamp": return .timestamp(try Conversion.timestamp(value, at: site))
        case "duration": return .duration(try Conversion.duration(value, at: site))
        default: throw noOverload(name, arguments, at: site)
        }
    }

    /// Calls a method.
    mutating func callMethod(
        _ name: String,
        on receiver: Value,
        _ arguments: [Value],
        at site: Site
    ) throws(ExpressionError) -> Value {
        let first = arguments.first?.octetCount ?? 0
        try spend((receiver.octetCount + first) / 4, at: site)
        switch (name, receiver, arguments.first) {
        case ("size", _, nil):
            return try size(of: receiver, at: site)
        case ("startsWith", .string(let text), .string(let part)?) where arguments.count == 1:
            return .bool(text.utf8.starts(with: part.utf8))
        case ("endsWith", .string(let text), .string(let part)?) where arguments.count == 1:
            return .bool(text.utf8.reversed().starts(with: part.utf8.reversed()))
        case ("contains", .string(let text), .string(let part)?) where arguments.count == 1:
            return .bool(try contains(Array(part.utf8), in: Array(text.utf8), at: site))
        case ("matches", .string(let text), .string(let pattern)?) where arguments.count == 1:
            return .bool(try matches(text, pattern, at: site))
        case (_, .timestamp(let instant), _) where name.hasPrefix("get"):
            if let part = try part(name, of: instant, arguments, at: site) { return .int(part) }
        case (_, .duration(let span), nil):
            if let part = part(name, of: span) { return .int(part) }
        default: break
        }
        guard Evaluator.methodNames.contains(name) else {
            throw unknown("method", name, Evaluator.methodNames, at: site)
        }
        throw noOverload("\(receiver.typeName).\(name)", arguments, at: site)
    }

    private func size(of value: Value, at site: Site) throws(ExpressionError) -> Value {
        switch value {
        case .string(let text): .int(Int64(text.unicodeScalars.count))
        case .bytes(let octets): .int(Int64(octets.count))
        case .list(let elements): .int(Int64(elements.count))
        case .map(let map): .int(Int64(map.count))
        default: throw noOverload("size", [value], at: site)
        }
    }

    private mutating func contains(
        _ part: [UInt8],
        in text: [UInt8],
        at site: Site
    ) throws(ExpressionError) -> Bool {
        guard let first = part.first else { return true }
        guard part.count <= text.count else { return false }
        for start in 0...(text.count - part.count) where text[start] == first {
            var length = 1
            while length < part.count, text[start + length] == part[length] { length += 1 }
            if length == part.count { return true }
            try spend(length / 4, at: site)
        }
        return false
    }

    private mutating func matches(
        _ text: String,
        _ source: String,
        at site: Site
    ) throws(ExpressionError) -> Bool {
        let pattern: Pattern
        if let known = patterns[.string(source)] {
            pattern = known
        } else {
            guard source.utf8.count <= limits.patternBytes else {
                let message = "the pattern is longer than \(limits.patternBytes) bytes"
                throw ExpressionError(.limitExceeded, message, at: site)
            }
            try spend(source.utf8.count * Evaluator.stepFuel, at: site)
            do throws(PatternError) {
                pattern = try Pattern(source)
            } catch {
                throw ExpressionError(.badPattern, "bad pattern: \(error.message)", at: site)
            }
            if patterns.count == Evaluator.keptPatterns { patterns.removeAll() }
            patterns[.string(source)] = pattern
        }
        // The work of a match is at most one visit of each instruction for each character; the
        // match itself stops once it has used up what is left.
        try spend(pattern.instructionCount / 4, at: site)
        var work = 0
        let isMatch = pattern.matches(text, limit: fuel, work: &work)
        try spend(work, at: site)
        return isMatch
    }

    private func unknown(
        _ kind: String,
        _ name: String,
        _ known: [String],
        at site: Site
    ) -> ExpressionError {
        let isNegation = name.lowercased() == "not"
        let hint = isNegation ? "; write '!' for not" : Spelling.suggestion(for: name, among: known)
        return ExpressionError(.unknownFunction, "unknown \(kind) '\(name)'\(hint)", at: site)
    }

    private func noOverload(_ name: String, _ values: [Value], at site: Site) -> ExpressionError {
        let types = values.map(\.typeName).joined(separator: ", ")
        let message = "no matching overload for \(name)(\(types))"
        return ExpressionError(.noMatchingOverload, message, at: site)
    }
}
