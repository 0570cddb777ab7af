// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Says why an expression could not be parsed or has no value, and where in its text.
public struct ExpressionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of fault a caller can tell apart.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The text is not an expression.
        case syntax
        /// A name has no value.
        case unknownIdentifier
        /// A function or method does not exist.
        case unknownFunction
        /// An operator or function does not take values of these types.
        case noMatchingOverload
        /// A map has no such key.
        case noSuchField
        /// An integer was divided by zero.
        case divideByZero
        /// A number, instant or time span left its range.
        case overflow
        /// A list has no such index.
        case indexOutOfRange
        /// A value cannot be converted to the wanted type.
        case badConversion
        /// A map literal names a key twice.
        case duplicateKey
        /// A limit of ``ExpressionLimits`` was reached; never absorbed by `&&` and `||`.
        case limitExceeded
        /// A regular expression is malformed.
        case badPattern
        /// A time zone is malformed or cannot be found.
        case unknownTimeZone
        /// A column's length differs from that of its source.
        case columnMismatch
        /// The construct belongs to a part of the language that is left out.
        case unsupported
        /// The JSON of bindings is malformed.
        case malformedInput
    }

    /// The kind of fault.
    public let code: Code
    /// One lowercase clause that says what went wrong and, where it helps, what to write instead.
    public let message: String
    /// The line of the fault, counted from 1.
    public let line: Int
    /// The column of the fault in Unicode code points, counted from 1.
    public let column: Int

    /// Makes an error at a place in an expression.
    public init(code: Code, message: String, line: Int = 1, column: Int = 1) {
        self.code = code
        self.message = message
        self.line = line
        self.column = column
    }

    init(_ code: Code, _ message: String, at site: Site) {
        self.init(code: code, message: message, line: Int(site.line), column: Int(site.column))
    }

    /// The place and the message in one line.
    public var description: String { "line \(line), column \(column): \(message)" }
}
