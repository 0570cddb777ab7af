// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Evaluates many expressions over one source and computes equal parts of them once.
///
/// Names may stand for numbers and for other expressions, and may do so anew as often as needed: a
/// part whose names stand for the same as before is found again.
public struct ColumnWorkspace {
    private var evaluator: ColumnEvaluator
    private let usesStreams: Bool

    /// Creates a workspace over a source.
    ///
    /// With streams, columns that are only compared are computed block by block when a program
    /// runs, which then must begin at the first row each time.
    public init(
        _ source: any ColumnSource,
        limits: ExpressionLimits = .standard,
        usesStreams: Bool = false
    ) {
        self.usesStreams = usesStreams
        evaluator = ColumnEvaluator(source: source, limits: limits)
    }

    /// The number of rows.
    public var count: Int { evaluator.count }

    /// The bytes of the columns that were computed so far.
    public var byteCount: Int { evaluator.byteCount }

    /// Forgets what names stand for, and lets some stand for numbers.
    public mutating func bind(_ numbers: [String: Double]) {
        evaluator.bind(numbers)
    }

    /// Lets a name stand for an expression from now on.
    /// - Throws: ``ExpressionError`` when the expression has no value.
    public mutating func define(
        _ name: String,
        as expression: Expression
    ) throws(ExpressionError) {
        try evaluator.define(name, expression.root)
    }

    /// Lets a name stand for an expression over the rows of another workspace, brought to the rows
    /// of this one.
    ///
    /// The name stands for the expression there too. Rows are brought over once for equal results;
    /// the label tells several other workspaces apart.
    /// - Throws: ``ExpressionError`` when the expression has no value.
    public mutating func define(
        _ name: String,
        as expression: Expression,
        in other: inout ColumnWorkspace,
        label: String,
        _ bring: (Column) -> Column
    ) throws(ExpressionError) {
        let site = expression.root.site
        let place = try other.evaluator.define(name, expression.root)
        let key = ColumnEvaluator.Key(
            operation: "other",
            constant: .string(label),
            operands: [place]
        )
        try evaluator.define(name, key, at: site) { () throws(ExpressionError) in
            bring(try other.evaluator.column(at: place, site))
        }
    }

    /// Computes what several expressions call, as the names stand now, in as few passes as the
    /// source can; what has a fault is left for later.
    public mutating func prepare(_ expressions: [Expression]) {
        announce(expressions)
        computeAnnounced()
    }

    /// Lists what ``prepare(_:)`` would compute, to be computed later with more.
    public mutating func announce(_ expressions: [Expression]) {
        for expression in expressions { evaluator.announce(expression.root) }
    }

    /// Computes what was announced.
    public mutating func computeAnnounced() {
        evaluator.computeAnnounced(asStreams: usesStreams)
    }

    /// The condition of an expression; nil when it is a number.
    /// - Throws: ``ExpressionError`` as `Expression.column(in:)`.
    public mutating func condition(
        _ expression: Expression
    ) throws(ExpressionError) -> Condition? {
        try evaluator.condition(of: expression.root).map { Condition(place: $0) }
    }

    /// The numbers of an expression, one per row; nil when it is true or false.
    /// - Throws: ``ExpressionError`` as `Expression.column(in:)`.
    public mutating func numbers(_ expression: Expression) throws(ExpressionError) -> [Double]? {
        guard case .numbers(let rows) = try evaluator.column(of: expression.root) else {
            return nil
        }
        return rows
    }

    /// The condition that numbers are above a bound; missing ones are not.
    public mutating func condition(_ numbers: [Double], above bound: Double) -> Condition {
        Condition(
            place: evaluator.graph.add(.relation(.greater, .rows(numbers), .same(bound)))
        )
    }

    /// The condition that two conditions hold.
    public mutating func condition(_ left: Condition, and right: Condition) -> Condition {
        Condition(place: evaluator.graph.add(.and(left.place, right.place)))
    }

    /// The steps that find the rows at which conditions hold.
    public func program(_ conditions: [Condition]) -> ConditionProgram {
        ConditionProgram(evaluator.graph, conditions.map { ($0.place, true) })
    }
}
