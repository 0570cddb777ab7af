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
        try materialise(place)
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
        let truth = try truth(place, "'!'", at: site)
        guard isOdd else { return place }
        guard case .rows(let index) = truth else {
            return constant(.bool(operands[place].constant == .bool(false)))
        }
        let key = Key(operation: "not", operands: [place])
        if let place = self.place(of: key) { return place }
        return store(.booleans(graph.add(.not(index))), for: key)
    }

    mutating func logical(_ nodes: [Node], isAnd: Bool) throws(ExpressionError) -> Int {
        let sign = isAnd ? "&&" : "||"
        var result: Int?
        for node in nodes {
            let operand = try lower(node)
            let second = try truth(operand, "'\(sign)'", at: node.site)
            guard let left = result else {
                result = operand
                continue
            }
            let first = try truth(left, "'\(sign)'", at: node.site)
            switch (first, second) {
            // A constant either decides the result or leaves the other operand.
            case (.same(let flag), _): result = flag == isAnd ? operand : left
            case (_, .same(let flag)): result = flag == isAnd ? left : operand
            case (.rows(let one), .rows(let other)):
                let key = Key(operation: sign, operands: [left, operand])
                if let place = place(of: key) {
                    result = place
                } else {
                    let part: ConditionGraph.Part = isAnd ? .and(one, other) : .or(one, other)
                    result = store(.booleans(graph.add(part)), for: key)
                }
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
            if case .same(let flag) = try truth(condition, "'?'", at: site) {
                guard flag else { continue }
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
        guard case .booleans(let index) = operands[condition] else { return first }
        try materialise(first)
        try materialise(second)
        if let left = numbers(first), let right = numbers(second) {
            let rows = graph.rows(index, count: count)
            let chosen = ColumnKernels.choose(rows, left, right, missing: .nan)
            return store(.numbers(chosen), for: key)
        }
        if let left = conditionIndex(first), let right = conditionIndex(second) {
            return store(.booleans(graph.add(.choice(index, left, right))), for: key)
        }
        let types = "\(operands[first].typeName) : \(operands[second].typeName)"
        let message = "no matching overload for bool ? \(types) over series"
        throw ExpressionError(.noMatchingOverload, message, at: site)
    }

    private mutating func comparison(
        _ operation: BinaryOperator,
        _ left: Int,
        _ right: Int
    ) -> Operand? {
        guard operation != .contained else { return nil }
        if let first = side(left), let second = side(right) {
            return .booleans(graph.add(.relation(operation, first, second)))
        }
        if let first = conditionIndex(left), let second = conditionIndex(right) {
            return .booleans(graph.add(.truthRelation(operation, first, second)))
        }
        return nil
    }

    /// A number of each row as one side of a comparison.
    private func side(_ place: Int) -> ConditionGraph.Side? {
        if case .streamed(let column, _) = operands[place] { return .streamed(column) }
        return switch numbers(place) {
        case .rows(let rows): .rows(rows)
        case .same(let number): .same(number)
        case nil: nil
        }
    }

    private mutating func arithmetic(
        _ operation: BinaryOperator,
        _ left: Int,
        _ right: Int,
        at site: Site
    ) throws(ExpressionError) -> Operand? {
        for place in [left, right] {
            try materialise(place)
            guard let constant = operands[place].constant, let number = constant.asDouble else {
                continue
            }
            guard case .double = constant else {
                let types = [operands[left].typeName, operation.rawValue, operands[right].typeName]
                let message = "no matching overload for \(types.joined(separator: " "))"
                let isRemainder = operation == .remainder
                let advice =
                    isRemainder ? "and '%' takes integers" : "write \(Value.double(number))"
                let hint = "; a series holds doubles, \(advice)"
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
        case .booleans, .streamed: nil
        }
    }

    /// The index of a condition; a constant truth value becomes one.
    private mutating func conditionIndex(_ place: Int) -> Int? {
        switch operands[place] {
        case .constant(let value): value.asBool.map { graph.add(.constant($0)) }
        case .booleans(let index): index
        case .numbers, .streamed: nil
        }
    }

    /// A truth value that is the same for all rows, or the index of a condition.
    private enum Truth {
        case same(Bool)
        case rows(Int)
    }

    private func truth(
        _ place: Int,
        _ sign: String,
        at site: Site
    ) throws(ExpressionError) -> Truth {
        switch operands[place] {
        case .booleans(let index): return .rows(index)
        case .constant(.bool(let flag)): return .same(flag)
        default:
            let message = "\(sign) takes bool, not \(operands[place].typeName)"
            throw ExpressionError(.noMatchingOverload, message, at: site)
        }
    }
}
