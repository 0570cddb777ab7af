// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions

/// The expressions of a strategy, parsed, in an order in which each can be evaluated.
struct CompiledStrategy: Sendable {
    private let features: [CompiledFeature]
    private let conditions: [String: Expression]
    private let distances: [String: Expression]

    /// Parses the expressions; members that are nil are left out.
    init(
        parameters: [String: Double],
        features: [String: StrategyFeature],
        conditions: [String: String?],
        distances: [String: String?]
    ) throws(QuantError) {
        let columns = BarColumns.names + parameters.keys.sorted()
        let names = BarColumns.names + features.keys.sorted() + parameters.keys.sorted()
        var parsed: [CompiledFeature] = []
        for (name, feature) in features.sorted(by: { $0.key < $1.key }) {
            // A longer bar knows nothing of the shorter ones, nor of bars of another length.
            let own = features.filter { $0.value.frame == feature.frame }.keys.sorted()
            let expression = try Self.parse(
                feature.frame == nil ? "features.\(name)" : "features.\(name).value",
                feature.expression,
                feature.frame == nil ? names : columns + own,
                hidden: feature.frame.map { ($0, names) }
            )
            parsed.append(CompiledFeature(name: name, frame: feature.frame, expression: expression))
        }
        func parse(_ texts: [String: String?]) throws(QuantError) -> [String: Expression] {
            var parsed: [String: Expression] = [:]
            for (path, text) in texts.sorted(by: { $0.key < $1.key }) {
                if let text { parsed[path] = try Self.parse(path, text, names) }
            }
            return parsed
        }
        let (sorted, circle) = CompiledFeature.ordered(parsed)
        guard circle.isEmpty else {
            let names = circle.joined(separator: ", ")
            throw Self.error("features", "these depend on each other in a circle: \(names)")
        }
        self.features = sorted
        self.conditions = try parse(conditions)
        self.distances = try parse(distances)
        let frames = Set(sorted.compactMap(\.frame))
        var probe = StrategyWorkspace(
            FramedSeries(probe: Self.probe, frames: frames),
            dialect: .talib
        )
        _ = try signals(&probe, parameters)
    }

    private static func parse(
        _ path: String,
        _ text: String,
        _ known: [String],
        hidden: (frame: String, names: [String])? = nil
    ) throws(QuantError) -> Expression {
        let expression: Expression
        do throws(ExpressionError) {
            expression = try Expression(parsing: text)
        } catch {
            throw Self.error(path, error.description)
        }
        guard let name = expression.identifiers.first(where: { !known.contains($0) }) else {
            return expression
        }
        let list = known.joined(separator: ", ")
        if let hidden, hidden.names.contains(name) {
            throw Self.error(
                path,
                "'\(name)' is no feature of the frame '\(hidden.frame)'; known there are \(list)"
            )
        }
        throw Self.error(path, "unknown name '\(name)'; known are \(list)")
    }

    /// The expressions over the bars of a frame, or over those of the strategy itself.
    func expressions(of frame: String?) -> [Expression] {
        let own = features.filter { $0.frame == frame }.map(\.expression)
        guard frame == nil else { return own }
        return own
            + [conditions, distances].flatMap { members in
                members.sorted { $0.key < $1.key }.map(\.value)
            }
    }

    /// What to do at each bar for some values of the parameters; a missing condition does not hold,
    /// and nothing is entered where a distance is missing or not above 0.
    func signals(
        _ workspace: inout StrategyWorkspace,
        _ parameters: [String: Double]
    ) throws(QuantError) -> Signals {
        workspace.bind(parameters)
        for feature in features {
            do throws(ExpressionError) {
                try workspace.define(feature)
            } catch {
                throw Self.error(feature.path, error.description)
            }
        }
        var wanted: [Condition] = []
        for path in ["enter", "exit", "invalidation"] {
            guard let expression = conditions[path] else { continue }
            wanted.append(try condition(path, expression, &workspace.base))
        }
        let limit = try distance("limit", &workspace.base)
        let stop = try distance("stop", &workspace.base)
        let target = try distance("target", &workspace.base)
        for column in [limit, stop, target].compactMap(\.self) {
            let isUsable = workspace.base.condition(column, above: 0)
            wanted[0] = workspace.base.condition(wanted[0], and: isUsable)
        }
        return Signals(
            program: workspace.base.program(wanted),
            hasInvalidation: wanted.count > 2,
            limit: limit,
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
