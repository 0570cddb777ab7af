// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A desk that cannot be run, with what to do about it.
public struct SupervisorError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure that a caller can act on.
    public enum Code: Sendable, Hashable {
        /// The desk's own work tree is not in a state to start from.
        case notReady
        /// Another supervisor runs this desk.
        case alreadyRunning
        /// The desk at its path is no longer the one that this supervisor runs.
        case displaced
        /// A branch moved although only the supervisor may move it.
        case changedMeanwhile
        /// History and configuration do not fit together.
        case inconsistent
        /// An agent's sandbox is not to be had or does not hold.
        case sandbox
        /// The gateway refused or failed.
        case gateway
        /// The gateway could not write its ledger.
        case storage
        /// A person asked to stop.
        case interrupted
        /// Nothing is recorded of something that an agent asks for.
        case tape
        /// A limit of the replay was reached.
        case limit
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong, as one clause.
    public let message: String
    /// What to do about it, as a sentence; empty when nothing helps.
    public let hint: String

    /// Creates an error.
    public init(_ code: Code, _ message: String, hint: String = "") {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The message and the hint.
    public var description: String { hint.isEmpty ? message : "\(message); \(hint)" }
}
