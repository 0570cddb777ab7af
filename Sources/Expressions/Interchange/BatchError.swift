// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Why a line of a batch has no value.
enum BatchError: Error {
    /// The line is malformed at an octet, counted from 1.
    case line(String, octet: Int)
    /// Its expression is malformed or has no value.
    case expression(ExpressionError)

    /// The error in words, with the number of the line where the line is at fault.
    func text(line number: Int) -> String {
        switch self {
        case .line(let message, let octet): "input line \(number), byte \(octet): \(message)"
        case .expression(let error): error.description
        }
    }
}
