// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension TypeChecker {
    /// The type of a field, where the type of the whole has fields.
    func member(
        _ field: String,
        of type: ValueType,
        at site: Site
    ) throws(ExpressionError) -> ValueType {
        switch type {
        case .dyn, .nothing: return .dyn
        case .map(let key, let value) where key == .string || key.isOpen: return value.closed
        default:
            let message = "\(type) has no fields, so no '\(field)'"
            throw ExpressionError(.noMatchingOverload, message, at: site)
        }
    }

    /// The type of an element or of a key's value.
    func element(
        of container: ValueType,
        at place: ValueType,
        site: Site
    ) throws(ExpressionError) -> ValueType {
        switch container {
        case .dyn, .nothing: return .dyn
        case .list(let element) where place.isNumber || place.isOpen: return element.closed
        case .map(let key, let value) where place != .null && key.mayEqual(place):
            return value.closed
        default:
            let message = "\(container) cannot be indexed by \(place)"
            throw ExpressionError(.noMatchingOverload, message, at: site)
        }
    }

    /// The type of a function's result.
    func call(
        _ name: String,
        _ arguments: [ValueType],
        at site: Site
    ) throws(ExpressionError) -> ValueType {
        if let result = functions[name] { return result }
        if name == "matches", arguments.count == 2 {
            return try method(name, of: arguments[0], [arguments[1]], at: site)
        }
        guard Evaluator.functionNames.contains(name) else {
            let known = (Evaluator.functionNames + functions.keys).sorted()
            let hint = Spelling.suggestion(for: name, among: known)
            throw ExpressionError(.unknownFunction, "unknown function '\(name)'\(hint)", at: site)
        }
        guard arguments.count == 1, accepts(name, arguments[0]) else {
            throw noOverload(name, arguments, at: site)
        }
        return switch name {
        case "dyn": .dyn
        case "size": .int
        default: ValueType(name) ?? .dyn
        }
    }

    /// The type of a method's result.
    func method(
        _ name: String,
        of receiver: ValueType,
        _ arguments: [ValueType],
        at site: Site
    ) throws(ExpressionError) -> ValueType {
        guard Evaluator.methodNames.contains(name) else {
            let hint = Spelling.suggestion(for: name, among: Evaluator.methodNames)
            throw ExpressionError(.unknownFunction, "unknown method '\(name)'\(hint)", at: site)
        }
        let isFitting: Bool
        let result: ValueType
        switch name {
        case "size":
            (isFitting, result) = (arguments.isEmpty && accepts(name, receiver), .int)
        case "contains", "endsWith", "matches", "startsWith":
            let areTexts = ([receiver] + arguments).allSatisfy { $0 == .string || $0.isOpen }
            (isFitting, result) = (arguments.count == 1 && areTexts, .bool)
        default:
            result = .int
            switch receiver {
            case .dyn, .nothing, .timestamp:
                let isZone = arguments.allSatisfy { $0 == .string || $0.isOpen }
                isFitting = arguments.count <= 1 && isZone
            case .duration: isFitting = arguments.isEmpty && Self.spanParts.contains(name)
            default: isFitting = false
            }
        }
        guard isFitting else { throw noOverload("\(receiver).\(name)", arguments, at: site) }
        return result
    }

    private static let spanParts = ["getHours", "getMilliseconds", "getMinutes", "getSeconds"]

    /// Whether a function of one parameter takes a type.
    private func accepts(_ name: String, _ type: ValueType) -> Bool {
        guard !type.isOpen else { return true }
        switch (name, type) {
        case ("dyn", _), ("type", _), ("size", .list), ("size", .map): return true
        default: return Self.accepted[name]?.contains(type) ?? false
        }
    }

    private static let accepted: [String: [ValueType]] = [
        "size": [.string, .bytes],
        "int": [.int, .uint, .double, .string, .timestamp],
        "uint": [.uint, .int, .double, .string],
        "double": [.double, .int, .uint, .string],
        "bool": [.bool, .string],
        "string": [.string, .bool, .int, .uint, .double, .bytes, .timestamp, .duration],
        "bytes": [.bytes, .string],
        "timestamp": [.timestamp, .int, .string],
        "duration": [.duration, .string],
    ]

    private func noOverload(_ name: String, _ types: [ValueType], at site: Site) -> ExpressionError
    {
        let list = types.map(\.description).joined(separator: ", ")
        let message = "no matching overload for \(name)(\(list))"
        return ExpressionError(.noMatchingOverload, message, at: site)
    }
}
