// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Evaluator {
    /// The field of a map.
    func select(_ field: String, from value: Value, at site: Site) throws(ExpressionError) -> Value
    {
        guard case .map(let map) = value else { throw notAMap(field, value, at: site) }
        guard let value = map[field] else {
            throw ExpressionError(.noSuchField, "no such field '\(field)'", at: site)
        }
        return value
    }

    /// Whether a map has a field.
    func has(_ field: String, in value: Value, at site: Site) throws(ExpressionError) -> Value {
        guard case .map(let map) = value else { throw notAMap(field, value, at: site) }
        return .bool(map[field] != nil)
    }

    private func notAMap(_ field: String, _ value: Value, at site: Site) -> ExpressionError {
        let message = "\(value.typeName) has no fields, so no '\(field)'"
        return ExpressionError(.noMatchingOverload, message, at: site)
    }

    /// The element of a list or the value of a key.
    mutating func element(
        of container: Value,
        at place: Value,
        site: Site
    ) throws(ExpressionError) -> Value {
        switch container {
        case .list(let elements):
            guard place.isNumber else { break }
            guard case .int(let index)? = MapKey(place) else {
                throw ExpressionError(.indexOutOfRange, "\(place) is no list index", at: site)
            }
            guard index >= 0, index < elements.count else {
                let message = "index \(index) is outside a list of \(elements.count)"
                throw ExpressionError(.indexOutOfRange, message, at: site)
            }
            return elements[Int(index)]
        case .map(let map):
            guard place.isMapKey || place.isNumber else { break }
            try spend(place.octetCount / 4, at: site)
            guard let value = map[place] else {
                throw ExpressionError(.noSuchField, "no such key \(place.excerpt)", at: site)
            }
            return value
        default: break
        }
        let message = "\(container.typeName) cannot be indexed by \(place.typeName)"
        throw ExpressionError(.noMatchingOverload, message, at: site)
    }
}
