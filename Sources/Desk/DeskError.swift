// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A desk file that cannot be used, with its place and what to do about it.
public struct DeskError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure that a caller can act on.
    public enum Code: Sendable, Hashable {
        /// `orchestrator.yml` is missing or wrong.
        case configuration
        /// A `SKILL.md` is missing or wrong.
        case skill
        /// A `STATE.md` cannot be read.
        case state
        /// A signal does not have the form of its topic.
        case signal
        /// A request or reply of a turn is not what the contract says.
        case contract
        /// A YAML file of somebody else's, such as a strategy, cannot be read.
        case document
    }

    /// One thing that is wrong.
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// The file, relative to the desk.
        public let file: String
        /// The line from 1, when it is known.
        public let line: Int?
        /// What was found and what is allowed, as one clause.
        public let message: String

        /// Creates a problem.
        public init(file: String, line: Int? = nil, message: String) {
            self.file = file
            self.line = line
            self.message = message
        }

        /// `file:line: message`.
        public var description: String {
            line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
        }
    }

    /// The kind of failure.
    public let code: Code
    /// Everything that is wrong, in the order of the file; never empty.
    public let problems: [Problem]

    /// Creates an error from its problems.
    public init(code: Code, problems: [Problem]) {
        precondition(!problems.isEmpty, "a desk error names at least one problem")
        self.code = code
        self.problems = problems
    }

    /// Creates an error about one place.
    public init(code: Code, file: String, line: Int? = nil, message: String) {
        self.init(code: code, problems: [Problem(file: file, line: line, message: message)])
    }

    /// The problems, one a line.
    public var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
