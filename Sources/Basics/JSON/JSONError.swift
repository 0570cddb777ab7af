// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A text that is not the JSON it should be, with the place of the fault.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, as a lowercase clause.
    public let message: String
    /// The line of the fault from 1, or nil when the fault lies in a value and not in the text.
    public let line: Int?
    /// The byte of the line from 1.
    public let column: Int?

    /// Creates an error about a value that was read well but has the wrong shape.
    public init(_ message: String) {
        self.message = message
        line = nil
        column = nil
    }

    init(_ message: String, line: Int, column: Int) {
        self.message = message
        self.line = line
        self.column = column
    }

    /// The message, with its place where one is known.
    public var description: String {
        guard let line, let column else { return message }
        return "line \(line), column \(column): \(message)"
    }
}
