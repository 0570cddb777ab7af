// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions

/// The expressions of a strategy, parsed, in an order in which each can be evaluated.
struct CompiledStrategy: Sendable {
    private let features: [(name: String, expression: Expression)]
    private let conditions: [String: Expression]
    private let distances: [String: Expression]

    /// Parses the expressions; members that are nil are left out.
    init(
        parameters: [String: Double],
        features: [String: String],
        conditions: [String: String?],
        distances: [String: String?]
    ) throws(QuantError) {
        let known = BarColumns.names + features.keys
        let names = BarColumns.names + features.keys.sorted() + parameters.keys.sorted()
        func parse(_ path: String, _ text: String) throws(QuantError) -> Expression {
            var pieces = ExpressionText(text)
            pieces.substitute(parameters)
            let expression: Expression
            do throws(ExpressionError) {
                expression = try Expression(parsing: pieces.normalized)
            } catch {
                throw Self.error(path, error.description)
            }
            guard let name = expression.identifiers.first(where: { !known.contains($0) }) else {
                return expression
            }
            throw Self.error(
                path,
                "unknown name '\(name)'; known are \(names.joined(separator: ", "))"
            )
        }
        func parse(
            _ prefix: String,
            _ texts: [String: String?]
        ) throws(QuantError) -> [String: Expression] {
            var parsed: [String: Expression] = [:]
            for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
                if let text { parsed[name] = try parse(prefix + name, text) }
            }
            return parsed
        }
        self.features = try Self.ordered(try parse("features.", features))
        self.conditions = try parse("", conditions)
        self.distances = try parse("", distances)
        _ = try decisions(BarColumns(Self.probe))
    }

    /// What to do at each bar; a missing condition does not hold, and nothing is entered where a
    /// distance is missing or not above 0.
    func decisions(_ columns: BarColumns) throws(QuantError) -> Decisions {
        var columns = columns
        for (name, expression) in features {
            columns.add(name, try Self.column(expression, columns, path: "features.\(name)"))
        }
        func condition(_ path: String) throws(QuantError) -> [Bool]? {
            guard let expression = conditions[path] else { return nil }
            guard case .booleans(let rows) = try Self.column(expression, columns, path: path)
            else { throw Self.error(path, "it is a number and must be true or false") }
            return rows.map { $0 == .yes }
        }
        func distance(_ path: String) throws(QuantError) -> [Double]? {
            guard let expression = distances[path] else { return nil }
            guard case .numbers(let rows) = try Self.column(expression, columns, path: path)
            else { throw Self.error(path, "it is true or false and must be a distance in price") }
            return rows
        }
        var enter = try condition("enter") ?? []
        let exit = try condition("exit") ?? []
        let invalidation = try condition("invalidation")
        let stop = try distance("stop")
        let target = try distance("target")
        for column in [stop, target].compactMap(\.self) {
            for row in enter.indices where !(column[row] > 0) { enter[row] = false }
        }
        return Decisions(
            enter: enter,
            exit: exit,
            invalidation: invalidation,
            stop: stop,
            target: target
        )
    }

    private static func column(
        _ expression: Expression,
        _ columns: BarColumns,
        path: String
    ) throws(QuantError) -> Column {
        do throws(ExpressionError) {
            return try expression.column(in: columns)
        } catch {
            throw Self.error(path, error.description)
        }
    }

    /// Sorts features so that each comes after those that it reads.
    private static func ordered(
        _ expressions: [String: Expression]
    ) throws(QuantError) -> [(name: String, expression: Expression)] {
        var result: [(name: String, expression: Expression)] = []
        var waiting = expressions
        while !waiting.isEmpty {
            let ready = waiting.keys.sorted().filter { name in
                waiting[name]?.identifiers.allSatisfy { waiting[$0] == nil } ?? false
            }
            guard !ready.isEmpty else {
                let names = waiting.keys.sorted().joined(separator: ", ")
                throw error("features", "these depend on each other in a circle: \(names)")
            }
            for name in ready {
                if let expression = waiting.removeValue(forKey: name) {
                    result.append((name, expression))
                }
            }
        }
        return result
    }

    /// A few plain bars on which every expression must evaluate.
    private static var probe: BarSeries {
        guard let symbol = Symbol("PROBE") else { preconditionFailure("PROBE is a symbol") }
        return BarSeries(
            symbol: symbol,
            bars: (0..<3).map { day in
                Bar(
                    symbol: symbol,
                    time: Instant(CalendarDate(daysSinceEpoch: day)),
                    open: 1,
                    high: 2,
                    low: 1,
                    close: 2,
                    volume: 1
                )
            }
        )
    }

    private static func error(_ path: String, _ reason: String) -> QuantError {
        QuantError(
            .badExpression,
            operation: "read strategy",
            reason: "strategy.\(path): \(reason)"
        )
    }
}
