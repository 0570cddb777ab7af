// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Expression {
    /// Finds the type of the expression from the types of the names it reads, without evaluating.
    ///
    /// A declared name may contain dots: with `context.gap` declared, `context` alone is a map and
    /// any other field of it is unknown. `functions` are functions besides the standard ones, by
    /// the type of their results; what they take is not checked. Types that become known only in
    /// evaluation are `dyn` and go with everything.
    ///
    /// The check is stricter than evaluation in two points: both branches of `?:` must have the
    /// same type unless one is `null` or `dyn`, and what can never be equal, such as a text and a
    /// number, cannot be compared by `==`, `!=` or `in`. Numbers of all kinds may be compared.
    ///
    /// - Throws: ``ExpressionError`` at the first place where types do not go together
    ///   (`noMatchingOverload`) or a name or function is not declared (`unknownIdentifier`,
    ///   `unknownFunction`). Passing the check does not promise a value: fields may be missing and
    ///   numbers may leave their range.
    @discardableResult
    public func check(
        _ names: [String: ValueType],
        functions: [String: ValueType] = [:]
    ) throws(ExpressionError) -> ValueType {
        var checker = TypeChecker(names: names, functions: functions)
        return try checker.type(of: root).closed
    }
}
