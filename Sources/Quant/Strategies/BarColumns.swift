// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Expressions

/// The bars of one instrument as columns for expressions, with the functions of ``BarFunctions``.
public struct BarColumns: ColumnSource {
    /// The names of the columns that every series has.
    public static let names = ["open", "high", "low", "close", "volume"]

    /// The bars.
    public let series: BarSeries
    /// Whose conventions the indicators follow.
    public let dialect: IndicatorDialect
    /// What columns that are asked for together are spread over.
    let parallel: Parallel
    private var features: [String: Column] = [:]

    /// Creates the columns of a series.
    public init(_ series: BarSeries, dialect: IndicatorDialect = .talib) {
        self.init(series, dialect: dialect, parallel: .none)
    }

    /// Creates the columns of a series, of which several are computed at the same time.
    init(_ series: BarSeries, dialect: IndicatorDialect, parallel: Parallel) {
        self.series = series
        self.dialect = dialect
        self.parallel = parallel
    }

    /// The number of bars.
    public var count: Int { series.count }

    /// The names of all columns, those of features sorted behind the others.
    public var columnNames: [String] { Self.names + features.keys.sorted() }

    /// The names of ``BarFunctions``.
    public var functionNames: [String] { BarFunctions.names }

    /// Adds a column of a name, which must be as long as the series.
    public mutating func add(_ name: String, _ column: Column) {
        precondition(column.count == count, "a column has one row per bar")
        features[name] = column
    }

    /// The column of a name; nil when there is none.
    public func column(named name: String) -> Column? {
        switch name {
        case "open": .numbers(series.open.array)
        case "high": .numbers(series.high.array)
        case "low": .numbers(series.low.array)
        case "close": .numbers(series.close.array)
        case "volume": .numbers(series.volume.array)
        default: features[name]
        }
    }

    /// The result of a function of ``BarFunctions``; nil for any other name.
    /// - Throws: An `ExpressionError` for a wrong number or kind of arguments.
    public func apply(
        function name: String,
        to arguments: [ColumnArgument]
    ) throws(ExpressionError) -> Column? {
        guard let function = BarFunctions.named(name) else {
            return nil
        }
        let arguments = BarArguments(function: function, arguments, count: count)
        try arguments.requireCount()
        return try result(name, arguments)
    }
}
