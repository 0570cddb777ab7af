// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// One place where a file breaks a rule of the house.
struct Violation: Hashable, CustomStringConvertible {
    let path: String
    /// The line, counted from 1; 0 means the whole file.
    let line: Int
    /// What is wrong, and what to do instead.
    let message: String

    var description: String { line == 0 ? "\(path): \(message)" : "\(path):\(line): \(message)" }
}
