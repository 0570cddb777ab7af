// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension ColumnEvaluator {
    /// Applies a binary operator to two results.
    mutating func binary(
        _ operation: BinaryOperator,
        _ left: Int,
        _ right: Int,
        at site: Site
    ) throws(ExpressionError) -> Int {
        if let first = operands[left].constant, let second = operands[right].constant {
            return try fold(operation, first, second, at: site)
        }
        let key = Key(operation: operation.rawValue, operands: [left, right])
        if let place = place(of: key) { return place }
        let result: Operand?
        if operation.level == .relation {
            result = comparison(operation, left, right)
        } else {
            result = try arithmetic(operation, left, right, at: site)
        }
        guard let result else {
            let types = [operands[left].typeName, operation.rawValue, operands[right].typeName]
            let message = "no matching overload for \(types.joined(separator: " "))"
            throw ExpressionError(.noMatchingOverload, message, at: site)
        }
        return store(result, for: key)
    }

    mutating func negate(_ place: Int, count: Int, at site: Site) throws(ExpressionError) -> Int {
        if let value = operands[place].constant {
            let evaluator = Evaluator(bindings: [:], limits: .standard, zones: nil)
            return constant(try evaluator.negate(value, count: count, at: site))
        }
        guard case .numbers(let rows) = operands[place] else {
            let message = "no matching overload for -\(operands[place].typeName)"
            throw ExpressionError(.noMatchingOverload, message, at: site)
        }
        guard count % 2 == 1 else { return place }
        let key = Key(operation: "negate", operands: [place])
        if let place = self.place(of: key) { return place }
        return store(.numbers(Lanes.rows(rows).mapped(count: self.count) { -$0 }), for: key)
    }

    mutating func not(_ place: Int, isOdd: Bool, at site: Site) throws(ExpressionError) -> Int {
        let lanes = try truths(place, "'!'", at: site)
        guard isOdd else { return place }
        guard case .rows = lanes else {
            return constant(.bool(operands[place].constant == .bool(false)))
        }
        let key = Key(operation: "not", operands: [place])
        if let place = self.place(of: key) { return place }
        return store(.booleans(ColumnKernels.not(lanes, count: count)), for: key)
    }

    mutating func logical(_ nodes: [Node], isAnd: Bool) throws(ExpressionError) -> Int {
        let sign = isAnd ? "&&" : "||"
        var result: Int?
        for node in nodes {
            let operand = try lower(node)
            let lanes = try truths(operand, "'\(sign)'", at: node.site)
            guard let left = result else {
                result = operand
                continue
            }
            let first = try truths(left, "'\(sign)'", at: node.site)
            if case .same(let flag) = first {
                // A constant either decides the result or leaves the other operand.
                result = (flag == .yes) == isAnd ? operand : left
            } else if case .same(let flag) = lanes {
                result = (flag == .yes) == isAnd ? left : operand
            } else {
                let key = Key(operation: sign, operands: [left, operand])
                if let place = place(of: key) {
                    result = place
                    continue
                }
                let rows =
                    isAnd
                    ? ColumnKernels.and(first, lanes, count: count)
                    : ColumnKernels.or(first, lanes, count: count)
                result = store(.booleans(rows), for: key)
            }
        }
        return result ?? constant(.bool(isAnd))
    }

    mutating func conditional(
        _ branches: ArraySlice<Node.Branch>,
        _ otherwise: Node
    ) throws(ExpressionError) -> Int {
        // Conditions that are constant drop out before anything they do not choose is evaluated.
        var open: [(condition: Int, value: Int, site: Site)] = []
        var last: Int?
        for branch in branches {
            let site = branch.condition.site
            let condition = try lower(branch.condition)
            if case .same(let flag) = try truths(condition, "'?'", at: site) {
                guard flag == .yes else { continue }
                last = try lower(branch.value)
                break
            }
            open.append((condition, try lower(branch.value), site))
        }
        var result: Int
        if let last { result = last } else { result = try lower(otherwise) }
        for branch in open.reversed() {
            result = try choose(branch.condition, branch.value, result, at: branch.site)
        }
        return result
    }

    private mutating func choose(
        _ condition: Int,
        _ first: Int,
        _ second: Int,
        at site: Site
    ) throws(ExpressionError) -> Int {
        let key = Key(operation: "?:", operands: [condition, first, second])
        if let place = place(of: key) { return place }
        guard case .booleans(let rows) = operands[condition] else { return first }
        if let left = numbers(first), let right = numbers(second) {
            let chosen = ColumnKernels.choose(rows, left, right, missing: .nan)
            return store(.numbers(chosen), for: key)
        }
        if let left = truths(first), let right = truths(second) {
            let chosen = ColumnKernels.choose(rows, left, right, missing: .missing)
            return store(.booleans(chosen), for: key)
        }
        let types = "\(operands[first].typeName) : \(operands[second].typeName)"
        let message = "no matching overload for bool ? \(types) over series"
        throw ExpressionError(.noMatchingOverload, message, at: site)
    }

    private func comparison(_ operation: BinaryOperator, _ left: Int, _ right: Int) -> Operand? {
        if let first = numbers(left), let second = numbers(right) {
            return ColumnKernels.comparison(operation, first, second, count: count)
                .map { .booleans($0) }
        }
        if let first = truths(left), let second = truths(right) {
            return ColumnKernels.comparison(operation, first, second, count: count)
                .map { .booleans($0) }
        }
        return nil
    }

    private func arithmetic(
        _ operation: BinaryOperator,
        _ left: Int,
        _ right: Int,
        at site: Site
    ) throws(ExpressionError) -> Operand? {
        for place in [left, right] {
            guard let constant = operands[place].constant, let number = constant.asDouble else {
                continue
            }
            guard case .double = constant else {
                let types = [operands[left].typeName, operation.rawValue, operands[right].typeName]
                let message = "no matching overload for \(types.joined(separator: " "))"
                let hint = "; a series holds doubles, write \(Value.double(number))"
                throw ExpressionError(.noMatchingOverload, message + hint, at: site)
            }
        }
        guard let first = numbers(left), let second = numbers(right) else { return nil }
        return ColumnKernels.arithmetic(operation, first, second, count: count)
            .map { .numbers($0) }
    }

    private func numbers(_ place: Int) -> Lanes<Double>? {
        switch operands[place] {
        case .constant(let value): value.asDouble.map { .same($0) }
        case .numbers(let rows): .rows(rows)
        case .booleans: nil
        }
    }

    private func truths(_ place: Int) -> Lanes<Ternary>? {
        switch operands[place] {
        case .constant(let value): value.asBool.map { .same(Ternary($0)) }
        case .booleans(let rows): .rows(rows)
        case .numbers: nil
        }
    }

    private func truths(
        _ place: Int,
        _ sign: String,
        at site: Site
    ) throws(ExpressionError) -> Lanes<Ternary> {
        guard let lanes = truths(place) else {
            let message = "\(sign) takes bool, not \(operands[place].typeName)"
            throw ExpressionError(.noMatchingOverload, message, at: site)
        }
        return lanes
    }
}
