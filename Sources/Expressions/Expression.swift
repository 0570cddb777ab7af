// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A parsed expression of the Common Expression Language, ready to be evaluated many times.
///
/// Two expressions are equal when their texts are. Evaluation has no side effects, reads no clock
/// and no file, and costs at most what its limits allow.
public struct Expression: Sendable, Hashable, CustomStringConvertible {
    /// The text of the expression.
    public let source: String
    /// The limits it was parsed with and is evaluated under.
    public let limits: ExpressionLimits
    /// The names read that need a binding or a column, sorted, without macro variables.
    public let identifiers: [String]
    /// The dotted chains read, such as `account.drawdown`, sorted.
    public let fieldPaths: [String]
    /// The functions and methods called, sorted, without macros.
    public let functions: [String]
    let root: Node

    /// Parses a text.
    ///
    /// - Throws: ``ExpressionError`` with code `syntax` or `unsupported` when the text is no
    ///   expression, and `limitExceeded` when it is too long or nests too deeply.
    public init(
        parsing source: String,
        limits: ExpressionLimits = .standard
    ) throws(ExpressionError) {
        root = try Parser.parse(source, limits: limits)
        var names = NameUse()
        root.collect(into: &names)
        self.source = source
        self.limits = limits
        identifiers = names.roots.sorted()
        fieldPaths = names.paths.sorted()
        functions = names.functions.sorted()
    }

    /// Evaluates the expression for one set of values.
    ///
    /// `zones` finds time zones by name; without it only UTC and fixed offsets are known.
    ///
    /// - Throws: ``ExpressionError`` when the expression has no value.
    public func value(
        in bindings: Bindings,
        zones: TimeZoneResolver? = nil
    ) throws(ExpressionError) -> Value {
        var evaluator = Evaluator(bindings: bindings, limits: limits, zones: zones)
        return try evaluator.result(of: root)
    }

    /// Evaluates the expression as a predicate, of which only the value `true` holds.
    public func outcome(
        in bindings: Bindings,
        zones: TimeZoneResolver? = nil
    ) -> PredicateOutcome {
        do throws(ExpressionError) {
            let value = try value(in: bindings, zones: zones)
            guard case .bool(let holds) = value else { return .notBoolean(value) }
            return holds ? .holds : .fails
        } catch {
            return .error(error)
        }
    }

    /// The text of the expression.
    public var description: String { source }

    /// Tells whether two expressions have the same text.
    public static func == (left: Expression, right: Expression) -> Bool {
        left.source == right.source
    }

    /// Feeds the text to the hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(source)
    }
}
