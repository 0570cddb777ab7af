// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions

/// The expressions of a strategy, parsed, in an order in which each can be evaluated.
struct CompiledStrategy: Sendable {
    private let features: [(name: String, expression: Expression)]
    private let enter: Expression
    private let exit: Expression

    init(
        parameters: [String: Double],
        features: [String: String],
        enter: String,
        exit: String
    ) throws(QuantError) {
        func parse(_ path: String, _ text: String) throws(QuantError) -> Expression {
            var pieces = ExpressionText(text)
            pieces.substitute(parameters)
            do throws(ExpressionError) {
                return try Expression(parsing: pieces.normalized)
            } catch {
                throw Self.error(path, error.description)
            }
        }
        let known = BarColumns.names + features.keys
        var parsed: [String: Expression] = [:]
        for (name, text) in features.sorted(by: { $0.key < $1.key }) {
            parsed[name] = try parse("features.\(name)", text)
        }
        self.enter = try parse("enter", enter)
        self.exit = try parse("exit", exit)
        let all = parsed.map { ("features.\($0.key)", $0.value) }.sorted { $0.0 < $1.0 }
        for (path, expression) in all + [("enter", self.enter), ("exit", self.exit)] {
            guard let name = expression.identifiers.first(where: { !known.contains($0) }) else {
                continue
            }
            let names = (BarColumns.names + features.keys.sorted() + parameters.keys.sorted())
            throw Self.error(
                path,
                "unknown name '\(name)'; known are \(names.joined(separator: ", "))"
            )
        }
        self.features = try Self.ordered(parsed)
        _ = try decisions(BarColumns(Self.probe))
    }

    /// Whether to enter and to leave at each bar; a missing condition does not hold.
    func decisions(_ columns: BarColumns) throws(QuantError) -> (enter: [Bool], exit: [Bool]) {
        var columns = columns
        for (name, expression) in features {
            columns.add(name, try Self.column(expression, columns, path: "features.\(name)"))
        }
        return (
            try Self.conditions(enter, columns, path: "enter"),
            try Self.conditions(exit, columns, path: "exit")
        )
    }

    private static func conditions(
        _ expression: Expression,
        _ columns: BarColumns,
        path: String
    ) throws(QuantError) -> [Bool] {
        guard case .booleans(let rows) = try column(expression, columns, path: path) else {
            throw error(path, "it is a number and must be true or false")
        }
        return rows.map { $0 == .yes }
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
