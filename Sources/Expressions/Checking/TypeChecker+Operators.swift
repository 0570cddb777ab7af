// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension TypeChecker {
    /// The type of an operator's result.
    func binary(
        _ operation: BinaryOperator,
        _ left: ValueType,
        _ right: ValueType,
        at site: Site
    ) throws(ExpressionError) -> ValueType {
        let result: ValueType?
        switch operation {
        case .equal, .unequal: result = left.mayEqual(right) ? .bool : nil
        case .contained: result = mayContain(right, left) ? .bool : nil
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            result = areOrdered(left, right) ? .bool : nil
        case .add: result = sum(left, right)
        case .subtract: result = difference(left, right)
        case .multiply, .divide: result = product(left, right, of: [.int, .uint, .double])
        case .remainder: result = product(left, right, of: [.int, .uint])
        }
        guard let result else {
            // The words of evaluation, hints included, are made from values.
            let words = Arithmetic.mismatch(operation, left.sample, right.sample, at: site)
            guard !left.isOpen, !right.isOpen else {
                let message = "no matching overload for \(left) \(operation.rawValue) \(right)"
                throw ExpressionError(.noMatchingOverload, message, at: site)
            }
            throw words
        }
        return result
    }

    func negated(_ type: ValueType, at site: Site) throws(ExpressionError) -> ValueType {
        guard type.isOpen || type == .int || type == .double else {
            throw ExpressionError(
                .noMatchingOverload,
                "no matching overload for -\(type)",
                at: site
            )
        }
        return type.closed
    }

    private func areOrdered(_ left: ValueType, _ right: ValueType) -> Bool {
        switch (left.isOpen, right.isOpen) {
        case (true, true): true
        case (true, false): right.sample.isOrdered(against: right.sample)
        case (false, true): left.sample.isOrdered(against: left.sample)
        case (false, false): left.sample.isOrdered(against: right.sample)
        }
    }

    private func mayContain(_ container: ValueType, _ wanted: ValueType) -> Bool {
        switch container {
        case .dyn, .nothing: true
        case .list(let element): element.mayEqual(wanted)
        case .map(let key, _): key.mayEqual(wanted)
        default: false
        }
    }

    /// Both of one type of those given, or of one that is not known yet.
    private func product(
        _ left: ValueType,
        _ right: ValueType,
        of types: [ValueType]
    ) -> ValueType? {
        switch (left.isOpen, right.isOpen) {
        case (true, true): .dyn
        case (true, false): types.contains(right) ? right : nil
        case (false, true): types.contains(left) ? left : nil
        case (false, false): left == right && types.contains(left) ? left : nil
        }
    }

    private func sum(_ left: ValueType, _ right: ValueType) -> ValueType? {
        switch (left, right) {
        case (.list, .list): return left.joined(with: right) ?? .list(.dyn)
        case (.list, _) where right.isOpen: return .list(.dyn)
        case (_, .list) where left.isOpen: return .list(.dyn)
        case (.timestamp, .duration), (.duration, .timestamp): return .timestamp
        case (.timestamp, _) where right.isOpen: return .timestamp
        case (_, .timestamp) where left.isOpen: return .timestamp
        case (.duration, _) where right.isOpen: return .dyn
        case (_, .duration) where left.isOpen: return .dyn
        default:
            return product(left, right, of: [.int, .uint, .double, .string, .bytes, .duration])
        }
    }

    private func difference(_ left: ValueType, _ right: ValueType) -> ValueType? {
        switch (left, right) {
        case (.timestamp, .timestamp): return .duration
        case (.timestamp, .duration): return .timestamp
        case (.timestamp, _) where right.isOpen: return .dyn
        case (_, .timestamp) where left.isOpen: return .duration
        case (_, .duration) where left.isOpen: return .dyn
        default: return product(left, right, of: [.int, .uint, .double, .duration])
        }
    }
}
