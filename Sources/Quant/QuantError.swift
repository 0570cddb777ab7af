// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Data, a strategy or a request that cannot be used, with the reason.
public struct QuantError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure that a caller can act on.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// A file of bars or events has no bytes or no rows.
        case empty
        /// A file of bars or events does not exist.
        case notFound
        /// A file exists but cannot be read.
        case unreadable
        /// A file is malformed or cut short.
        case badFile
        /// A file uses a form that is not read here.
        case unsupported
        /// A file holds more than there is room for.
        case tooLarge
        /// A file cannot be written.
        case unwritable
        /// The header of a file lacks a column.
        case missingColumn
        /// A row is refused; ``QuantError/fault`` says which and why.
        case badRow
        /// A symbol is not 1 to 32 of `A-Z`, `0-9`, `.`, `_` and `-`.
        case badSymbol
        /// A strategy is malformed.
        case badStrategy
        /// An expression of a strategy cannot be parsed or evaluated.
        case badExpression
        /// The history has no bars for what was asked.
        case noData
        /// A number that was passed in is out of range.
        case badParameter
    }

    /// The kind of failure.
    public let code: Code
    /// What was attempted, as a verb phrase.
    public let operation: String
    /// The reason, as a lowercase clause.
    public let reason: String
    /// The refused row, for the codes that are about one.
    public let fault: BarFault?

    /// Creates an error.
    public init(_ code: Code, operation: String, reason: String, fault: BarFault? = nil) {
        self.code = code
        self.operation = operation
        self.reason = reason
        self.fault = fault
    }

    init(_ fault: BarFault, code: Code = .badRow) {
        self.init(code, operation: "read bars", reason: fault.description, fault: fault)
    }

    init(_ error: FileError, operation: String) {
        self.init(
            error.code == .notFound ? .notFound : .unreadable,
            operation: operation,
            reason: error.description
        )
    }

    /// One clause: what failed and why.
    public var description: String { "cannot \(operation): \(reason)" }
}
