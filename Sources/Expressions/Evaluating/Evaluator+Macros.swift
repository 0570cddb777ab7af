// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Evaluator {
    /// Runs an iterating macro.
    mutating func evaluate(_ macro: Node.Macro, at site: Site) throws(ExpressionError) -> Value {
        let elements: [Value]
        switch try evaluate(macro.range) {
        case .list(let list): elements = list
        case .map(let map): elements = map.keys
        case let other:
            let message = "\(macro.kind.rawValue)() takes a list or a map, not \(other.typeName)"
            throw ExpressionError(.noMatchingOverload, message, at: site)
        }
        locals.append((macro.variable, .null))
        defer { locals.removeLast() }
        switch macro.kind {
        case .all: return try quantify(macro, elements, absorbing: false, at: site)
        case .exists: return try quantify(macro, elements, absorbing: true, at: site)
        case .existsOne: return .bool(try chosen(macro, elements, at: site).count == 1)
        case .filter: return .list(try chosen(macro, elements, at: site))
        case .map: return .list(try transformed(macro, elements, at: site))
        }
    }

    private mutating func test(_ macro: Node.Macro, _ element: Value) throws(ExpressionError)
        -> Bool
    {
        guard let predicate = macro.predicate else { return true }
        locals[locals.count - 1].value = element
        let value = try evaluate(predicate)
        guard case .bool(let flag) = value else {
            throw notBoolean(value, "\(macro.kind.rawValue)()", at: predicate.site)
        }
        return flag
    }

    private mutating func quantify(
        _ macro: Node.Macro,
        _ elements: [Value],
        absorbing: Bool,
        at site: Site
    ) throws(ExpressionError) -> Value {
        var failure: ExpressionError?
        for element in elements {
            do throws(ExpressionError) {
                if try test(macro, element) == absorbing { return .bool(absorbing) }
            } catch {
                guard error.code != .limitExceeded else { throw error }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return .bool(!absorbing)
    }

    private mutating func chosen(
        _ macro: Node.Macro,
        _ elements: [Value],
        at site: Site
    ) throws(ExpressionError) -> [Value] {
        var chosen: [Value] = []
        for element in elements where try test(macro, element) { chosen.append(element) }
        return chosen
    }

    private mutating func transformed(
        _ macro: Node.Macro,
        _ elements: [Value],
        at site: Site
    ) throws(ExpressionError) -> [Value] {
        guard let transform = macro.transform else { return elements }
        var results: [Value] = []
        for element in elements where try test(macro, element) {
            locals[locals.count - 1].value = element
            let result = try evaluate(transform)
            if result.isContainer { hasNested = true }
            results.append(result)
        }
        return results
    }
}
