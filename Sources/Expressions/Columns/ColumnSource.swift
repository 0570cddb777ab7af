// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Provides the series and the functions that a column expression may name.
public protocol ColumnSource {
    /// The number of rows of every column.
    var count: Int { get }
    /// The names of the columns, for messages about unknown ones.
    var columnNames: [String] { get }
    /// The names of the functions.
    var functionNames: [String] { get }
    /// The column of a name, which may contain dots; nil when there is none.
    func column(named name: String) -> Column?
    /// The result of a function for the given arguments; nil when there is no such function.
    ///
    /// Equal calls within one expression are made once, so the result must depend on nothing else.
    func apply(
        function name: String,
        to arguments: [ColumnArgument]
    ) throws(ExpressionError) -> Column?
    /// The results of those of several calls that are computed faster together than one by one,
    /// nil for the others; a result must equal that of the call alone.
    func columns(of calls: [ColumnCall]) -> [Column?]
    /// A stream of the results of some of several calls, and the places of these; nil when none
    /// can be streamed.
    func stream(of calls: [ColumnCall]) -> (calls: [Int], stream: any ColumnStream)?
}

extension ColumnSource {
    /// No names, for a source that does not list its columns.
    public var columnNames: [String] { [] }
    /// No functions, for a source of plain columns.
    public var functionNames: [String] { [] }

    /// No results, for a source that gains nothing by computing calls together.
    public func columns(of calls: [ColumnCall]) -> [Column?] {
        Array(repeating: nil, count: calls.count)
    }

    /// No stream, for a source that computes whole columns only.
    public func stream(of calls: [ColumnCall]) -> (calls: [Int], stream: any ColumnStream)? {
        nil
    }

    /// No result, for a source of plain columns.
    public func apply(
        function name: String,
        to arguments: [ColumnArgument]
    ) throws(ExpressionError) -> Column? {
        nil
    }
}
