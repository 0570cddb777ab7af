// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How it stands with a goal; decided from commits and exit statuses, never by an agent's word.
public enum GoalState: String, Sendable, Hashable, CaseIterable {
    /// The agent works on it.
    case active
    /// The condition is true, or the command has said so.
    case met
    /// Another turn would break a limit.
    case exhausted
    /// Two turns in a row have changed nothing.
    case blocked
    /// The last turn was parked, or the command cannot be run.
    case failed

    /// What is known of one turn of the agent.
    public struct Turn: Sendable, Hashable {
        /// Whether it said something new or changed the agent's memory.
        public let hasProgress: Bool
        /// Whether it was given up, its inbox parked as a dead letter.
        public let isParked: Bool

        /// Describes a turn.
        public init(hasProgress: Bool, isParked: Bool) {
            self.hasProgress = hasProgress
            self.isParked = isParked
        }
    }

    /// How many turns in a row without progress block a goal.
    public static let patience = 2

    /// Decides.
    /// - Parameters:
    ///   - isMet: Whether the condition holds.
    ///   - fault: Why the command could not be run; nil when it could.
    ///   - turns: The agent's newest turns since the goal began, newest first.
    ///   - limit: The limit that another turn would break.
    /// - Returns: The state and, unless it is `active` or `met`, why.
    public static func decide(
        isMet: Bool,
        fault: String?,
        turns: [Turn],
        limit: GoalBudget.Limit?
    ) -> (state: GoalState, reason: String) {
        if isMet { return (.met, "") }
        if let fault { return (.failed, fault) }
        if turns.first?.isParked == true { return (.failed, "the last turn was parked") }
        let newest = turns.prefix(patience)
        if newest.count == patience, newest.allSatisfy({ !$0.hasProgress }) {
            return (.blocked, "the last \(patience) turns have changed nothing")
        }
        if let limit { return (.exhausted, "another turn would exceed \(limit.rawValue)") }
        return (.active, "")
    }
}
