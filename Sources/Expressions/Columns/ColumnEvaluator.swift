// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Evaluates an expression over whole columns, each distinct part once.
struct ColumnEvaluator {
    /// What a part of the expression came to.
    enum Operand: Sendable {
        case constant(Value)
        case numbers([Double])
        /// The place of a column in the streams, and the call that would compute it as a whole.
        case streamed(Int, ColumnCall)
        /// The index of a condition.
        case booleans(Int)

        /// The type in the words of the language.
        var typeName: String {
            switch self {
            case .constant(let value): value.typeName
            case .numbers, .streamed: "double"
            case .booleans: "bool"
            }
        }

        var constant: Value? {
            guard case .constant(let value) = self else { return nil }
            return value
        }
    }

    /// What makes two parts equal: the operation and the places of its operands.
    struct Key: Hashable {
        let operation: String
        var constant: Value?
        var operands: [Int] = []
    }

    let source: any ColumnSource
    let count: Int
    let functionNames: [String]
    private let limits: ExpressionLimits
    private(set) var operands: [Operand] = []
    private(set) var byteCount = 0
    var graph = ConditionGraph()
    /// Calls that are to be computed together.
    var announced: [(key: Key, call: ColumnCall)] = []
    private var known: [Key: Int] = [:]
    /// What names stand for instead of a column.
    private var scope: [String: Int] = [:]
    private var scalar: Evaluator

    init(source: any ColumnSource, limits: ExpressionLimits) {
        self.source = source
        count = source.count
        functionNames = source.functionNames
        self.limits = limits
        scalar = Evaluator(bindings: [:], limits: limits, zones: nil)
    }

    /// Lets names stand for numbers, and no others for anything.
    mutating func bind(_ numbers: [String: Double]) {
        scope.removeAll(keepingCapacity: true)
        for (name, number) in numbers { scope[name] = constant(.double(number)) }
        let bindings = Bindings(numbers.mapValues { .double($0) })
        scalar = Evaluator(bindings: bindings, limits: limits, zones: nil)
    }

    /// Lets a name stand for an expression, whose place is returned.
    @discardableResult
    mutating func define(_ name: String, _ root: Node) throws(ExpressionError) -> Int {
        let place = try lower(root)
        scope[name] = place
        return place
    }

    /// Lets a name stand for a column, which is made unless there was one with that key before.
    mutating func define(
        _ name: String,
        _ key: Key,
        at site: Site,
        _ column: () throws(ExpressionError) -> Column
    ) throws(ExpressionError) {
        if let place = place(of: key) {
            scope[name] = place
        } else {
            scope[name] = store(try checked(try column(), "'\(name)'", at: site), for: key)
        }
    }

    /// Evaluates a whole expression; a constant fills the column.
    mutating func column(of root: Node) throws(ExpressionError) -> Column {
        try column(at: try lower(root), root.site)
    }

    /// The result at a place as a column; a constant fills it.
    mutating func column(at place: Int, _ site: Site) throws(ExpressionError) -> Column {
        try materialise(place)
        switch operands[place] {
        case .streamed: preconditionFailure("it was just computed as a whole")
        case .numbers(let rows): return .numbers(rows)
        case .booleans(let index): return .booleans(graph.rows(index, count: count))
        case .constant(.bool(let flag)):
            return .booleans(Array(repeating: Ternary(flag), count: count))
        case .constant(let value):
            guard let number = value.asDouble else {
                let message = "a column holds numbers or truth values, not \(value.typeName)"
                throw ExpressionError(.noMatchingOverload, message, at: site)
            }
            return .numbers(Array(repeating: ColumnKernels.finite(number), count: count))
        }
    }

    /// The index of the condition of a whole expression; nil when it is a number.
    mutating func condition(of root: Node) throws(ExpressionError) -> Int? {
        switch operands[try lower(root)] {
        case .booleans(let index): return index
        case .constant(.bool(let flag)): return graph.add(.constant(flag))
        case .numbers, .streamed: return nil
        case .constant(let value):
            guard value.asDouble == nil else { return nil }
            let message = "a column holds numbers or truth values, not \(value.typeName)"
            throw ExpressionError(.noMatchingOverload, message, at: root.site)
        }
    }

    /// Evaluates a node and returns the place of its result.
    mutating func lower(_ node: Node) throws(ExpressionError) -> Int {
        switch node.kind {
        case .literal(let value): return constant(value)
        case .name: return try series(node)
        case .select where node.isPath: return try series(node)
        case .call(let name, let arguments):
            return try call(name, arguments, at: node.site)
        case .chain(let first, let links):
            var place = try lower(first)
            for link in links {
                let operand = try lower(link.operand)
                place = try binary(link.operation, place, operand, at: link.site)
            }
            return place
        case .negate(let operand, let count):
            return try negate(try lower(operand), count: count, at: node.site)
        case .not(let operand, let isOdd):
            return try not(try lower(operand), isOdd: isOdd, at: node.site)
        case .and(let nodes): return try logical(nodes, isAnd: true)
        case .or(let nodes): return try logical(nodes, isAnd: false)
        case .conditional(let branches, let otherwise):
            return try conditional(branches[...], otherwise)
        case .select, .has, .index, .method, .list, .map, .macro:
            return try valueOnly(node)
        }
    }

    /// Remembers a constant.
    mutating func constant(_ value: Value) -> Int {
        store(.constant(value), for: Key(operation: "constant", constant: value))
    }

    /// The place of an earlier result of the same operation on the same operands.
    func place(of key: Key) -> Int? { known[key] }

    /// Keeps a result.
    mutating func store(_ operand: Operand, for key: Key) -> Int {
        if let place = known[key] { return place }
        known[key] = operands.count
        operands.append(operand)
        if case .numbers(let rows) = operand { byteCount += rows.count * MemoryLayout<Double>.size }
        return operands.count - 1
    }

    /// Computes a column as a whole if so far it was one of a stream.
    mutating func materialise(_ place: Int) throws(ExpressionError) {
        guard case .streamed(_, let call) = operands[place] else { return }
        guard case .numbers(let rows) = try source.apply(function: call.name, to: call.arguments)
        else {
            let message = "\(call.name)() has no rows"
            throw ExpressionError(code: .columnMismatch, message: message)
        }
        operands[place] = .numbers(rows)
        byteCount += rows.count * MemoryLayout<Double>.size
    }

    /// Applies an operator to constants.
    mutating func fold(
        _ operation: BinaryOperator,
        _ left: Value,
        _ right: Value,
        at site: Site
    ) throws(ExpressionError) -> Int {
        constant(try scalar.apply(operation, left, right, at: site))
    }

    private mutating func series(_ node: Node) throws(ExpressionError) -> Int {
        let name = node.path ?? ""
        if let place = scope[name] { return place }
        let key = Key(operation: "column", constant: .string(name))
        if let place = place(of: key) { return place }
        guard let column = source.column(named: name) else {
            let names = source.columnNames + scope.keys.sorted()
            let hint = names.isEmpty ? "" : Spelling.suggestion(for: name, among: names)
            throw ExpressionError(
                .unknownIdentifier,
                "unknown series '\(name)'\(hint)",
                at: node.site
            )
        }
        return store(try checked(column, "series '\(name)'", at: node.site), for: key)
    }

    private mutating func call(
        _ name: String,
        _ nodes: [Node],
        at site: Site
    ) throws(ExpressionError) -> Int {
        var places: [Int] = []
        for node in nodes { places.append(try lower(node)) }
        if !functionNames.contains(name), Evaluator.functionNames.contains(name) {
            let values = places.compactMap { operands[$0].constant }
            guard values.count == places.count else {
                let message = "\(name)() takes one value at a time, not a series"
                throw ExpressionError(.noMatchingOverload, message, at: site)
            }
            return constant(try scalar.call(name, values, at: site))
        }
        let key = Key(operation: "call", constant: .string(name), operands: places)
        if let place = place(of: key) { return place }
        var arguments: [ColumnArgument] = []
        for place in places {
            try materialise(place)
            switch operands[place] {
            case .streamed: preconditionFailure("it was just computed as a whole")
            case .constant(let value): arguments.append(.constant(value))
            case .numbers(let rows): arguments.append(.column(rows))
            case .booleans(let index):
                let rows = graph.rows(index, count: count)
                arguments.append(.column(Column.booleans(rows).asNumbers))
            }
        }
        let result: Column?
        do {
            result = try source.apply(function: name, to: arguments)
        } catch {
            // The source does not know where the call stands.
            throw ExpressionError(error.code, error.message, at: site)
        }
        guard let column = result else {
            let hint = Spelling.suggestion(for: name, among: functionNames)
            throw ExpressionError(.unknownFunction, "unknown function '\(name)'\(hint)", at: site)
        }
        return store(try checked(column, "\(name)()", at: site), for: key)
    }

    /// The operand of a column that must have a value for each row.
    mutating func checked(
        _ column: Column,
        _ what: String,
        at site: Site
    ) throws(ExpressionError) -> Operand {
        guard column.count == count else {
            let message = "\(what) has \(column.count) rows instead of \(count)"
            throw ExpressionError(.columnMismatch, message, at: site)
        }
        return switch column {
        case .numbers(let rows): .numbers(rows)
        case .booleans(let rows): .booleans(graph.add(rows))
        }
    }

    /// Evaluates what has no counterpart on columns, as long as it reads none.
    private mutating func valueOnly(_ node: Node) throws(ExpressionError) -> Int {
        var names = NameUse()
        node.collect(into: &names)
        let isConstant = names.roots.allSatisfy { name in
            scope[name].map { operands[$0].constant != nil } ?? false
        }
        guard isConstant, names.functions.isDisjoint(with: functionNames) else {
            let message = "series take operators, '?:' and functions only"
            throw ExpressionError(.unsupported, message, at: node.site)
        }
        return constant(try scalar.evaluate(node))
    }
}
