// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Evaluator {
    /// Runs an iterating macro.
    mutating func evaluate(_ macro: Node.Macro, at site: Site) throws(ExpressionError) -> Value {
        let range = try evaluate(macro.range)
        let elements: Elements
        switch range {
        case .list(let list): elements = Elements(keys: nil, values: list)
        case .map(let map): elements = Elements(keys: map.keys, values: map.values)
        default:
            let message = "\(macro.kind.rawValue)() takes a list or a map, not \(range.typeName)"
            throw ExpressionError(.noMatchingOverload, message, at: site)
        }
        for variable in macro.variables { locals.append((variable, .null)) }
        defer { locals.removeLast(macro.variables.count) }
        switch macro.kind {
        case .all: return try quantify(macro, elements, absorbing: false)
        case .exists: return try quantify(macro, elements, absorbing: true)
        case .existsOne: return .bool(try chosen(macro, elements).count == 1)
        case .filter: return .list(try chosen(macro, elements).map { elements.single($0) })
        case .map, .transformList: return .list(try transformed(macro, elements).map(\.value))
        case .transformMap:
            var map = ValueMap()
            for (place, value) in try transformed(macro, elements) {
                let key = elements.key(place)
                if key.isLarge { hasNested = true }
                try spend(key.octetCount / 4, at: site)
                map.insert(value, forKey: key)
            }
            return .map(map)
        }
    }

    /// What a macro visits.
    private struct Elements {
        /// The keys of a map; nil for a list, whose keys are its places.
        let keys: [Value]?
        let values: [Value]

        func key(_ place: Int) -> Value { keys?[place] ?? .int(Int64(place)) }

        /// What a single variable stands for: an element of a list, or a key of a map.
        func single(_ place: Int) -> Value { keys?[place] ?? values[place] }
    }

    private mutating func bind(_ macro: Node.Macro, _ elements: Elements, _ place: Int) {
        if macro.variables.count == 1 {
            locals[locals.count - 1].value = elements.single(place)
        } else {
            locals[locals.count - 2].value = elements.key(place)
            locals[locals.count - 1].value = elements.values[place]
        }
    }

    private mutating func test(
        _ macro: Node.Macro,
        _ elements: Elements,
        _ place: Int
    ) throws(ExpressionError) -> Bool {
        bind(macro, elements, place)
        guard let predicate = macro.predicate else { return true }
        let value = try evaluate(predicate)
        guard case .bool(let flag) = value else {
            throw notBoolean(value, "\(macro.kind.rawValue)()", at: predicate.site)
        }
        return flag
    }

    private mutating func quantify(
        _ macro: Node.Macro,
        _ elements: Elements,
        absorbing: Bool
    ) throws(ExpressionError) -> Value {
        var failure: ExpressionError?
        for place in elements.values.indices {
            do throws(ExpressionError) {
                if try test(macro, elements, place) == absorbing { return .bool(absorbing) }
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
        _ elements: Elements
    ) throws(ExpressionError) -> [Int] {
        var chosen: [Int] = []
        for place in elements.values.indices where try test(macro, elements, place) {
            chosen.append(place)
        }
        return chosen
    }

    private mutating func transformed(
        _ macro: Node.Macro,
        _ elements: Elements
    ) throws(ExpressionError) -> [(place: Int, value: Value)] {
        guard let transform = macro.transform else { return [] }
        var results: [(place: Int, value: Value)] = []
        for place in elements.values.indices where try test(macro, elements, place) {
            bind(macro, elements, place)
            let result = try evaluate(transform)
            if result.isLarge { hasNested = true }
            results.append((place, result))
        }
        return results
    }
}
