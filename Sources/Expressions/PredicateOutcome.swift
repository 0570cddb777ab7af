// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What came of evaluating an expression as a predicate.
public enum PredicateOutcome: Sendable, Equatable {
    /// The value is `true`.
    case holds
    /// The value is `false`.
    case fails
    /// The value is not a truth value.
    case notBoolean(Value)
    /// There is no value.
    case error(ExpressionError)

    /// Whether the value is `true`; an error or another value does not hold.
    public var holds: Bool { self == .holds }
}
