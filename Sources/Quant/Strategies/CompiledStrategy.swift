// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions

/// The expressions of a strategy, parsed, in an order in which each can be evaluated.
struct CompiledStrategy: Sendable {
    private let features: [(name: String, expression: Expression)]
    private let conditions: [String: Expression]
    private let distances: [String: Expression]

    /// Every expression, for computing what they call together.
    let expressions: [Expression]

    /// Parses the expressions; members that are nil are left out.
    init(
        parameters: [String: Double],
        features: [String: String],
        conditions: [String: String?],
        distances: [String: String?]
    ) throws(QuantError) {
        let known = BarColumns.names + features.keys + parameters.keys
        let names = BarColumns.names + features.keys.sorted() + parameters.keys.sorted()
        func parse(_ path: String, _ text: String) throws(QuantError) -> Expression {
            let expression: Expression
            do throws(ExpressionError) {
                expression = try Expression(parsing: text)
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
        expressions =
            self.features.map(\.expression)
            + [self.conditions, self.distances].flatMap { members in
                members.sorted { $0.key < $1.key }.map(\.value)
            }
        var probe = ColumnWorkspace(BarColumns(Self.probe))
        _ = try signals(&probe, parameters)
    }

    /// What to do at each bar for some values of the parameters; a missing condition does not hold,
    /// and nothing is entered where a distance is missing or not above 0.
    func signals(
        _ workspace: inout ColumnWorkspace,
        _ parameters: [String: Double]
    ) throws(QuantError) -> Signals {
        workspace.bind(parameters)
        for (name, expression) in features {
            do throws(ExpressionError) {
                try workspace.define(name, as: expression)
            } catch {
                throw Self.error("features.\(name)", error.description)
            }
        }
        var wanted: [Condition] = []
        for path in ["enter", "exit", "invalidation"] {
            guard let expression = conditions[path] else { continue }
            wanted.append(try condition(path, expression, &workspace))
        }
        let stop = try distance("stop", &workspace)
        let target = try distance("target", &workspace)
        for column in [stop, target].compactMap(\.self) {
            let isUsable = workspace.condition(column, above: 0)
            wanted[0] = workspace.condition(wanted[0], and: isUsable)
        }
        return Signals(
            program: workspace.program(wanted),
            hasInvalidation: wanted.count > 2,
            stop: stop,
            target: target
        )
    }

    private func condition(
        _ path: String,
        _ expression: Expression,
        _ workspace: inout ColumnWorkspace
    ) throws(QuantError) -> Condition {
        let condition: Condition?
        do throws(ExpressionError) {
            condition = try workspace.condition(expression)
        } catch {
            throw Self.error(path, error.description)
        }
        guard let condition else {
            throw Self.error(path, "it is a number and must be true or false")
        }
        return condition
    }

    private func distance(
        _ path: String,
        _ workspace: inout ColumnWorkspace
    ) throws(QuantError) -> [Double]? {
        guard let expression = distances[path] else { return nil }
        let numbers: [Double]?
        do throws(ExpressionError) {
            numbers = try workspace.numbers(expression)
        } catch {
            throw Self.error(path, error.description)
        }
        guard let numbers else {
            throw Self.error(path, "it is true or false and must be a distance in price")
        }
        return numbers
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
