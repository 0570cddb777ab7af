// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Expression {
    /// Evaluates the expression for every row of a source at once.
    ///
    /// Every series is a double; missing inputs give missing results, and `&&` and `||` absorb
    /// them as they absorb errors. Results that are not finite become missing. Equal parts of the
    /// expression are computed once.
    ///
    /// - Throws: ``ExpressionError`` for an unknown name or function, for types that do not go
    ///   together, and for a column of another length than the source. A missing value is no error.
    public func column(in columns: any ColumnSource) throws(ExpressionError) -> Column {
        var evaluator = ColumnEvaluator(source: columns, limits: limits)
        return try evaluator.column(of: root)
    }
}
