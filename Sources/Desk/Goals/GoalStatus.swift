// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// How it stands with a goal, for programs and people.
public struct GoalStatus: Sendable, Hashable {
    /// The goal's name in history.
    public let goal: TriggerID
    /// The state.
    public let state: GoalState
    /// Why the goal has ended without being met; empty otherwise.
    public let reason: String
    /// What has been spent of what may be.
    public let budget: GoalBudget

    /// Bundles the parts.
    public init(goal: TriggerID, state: GoalState, reason: String, budget: GoalBudget) {
        self.goal = goal
        self.state = state
        self.reason = reason
        self.budget = budget
    }

    /// One line for people.
    public var text: String {
        var parts = ["\(budget.spent.turns) of \(budget.limits.turns) turns"]
        if let tokens = budget.limits.tokens {
            parts.append("\(budget.spent.tokens) of \(tokens) tokens")
        }
        if let money = budget.limits.money { parts.append("\(budget.spent.money) of \(money)") }
        if let time = budget.limits.wallTime {
            parts.append(budget.started.map { "since \($0), at most \(time)" } ?? "at most \(time)")
        }
        let why = reason.isEmpty ? "" : ": \(reason)"
        return "\(state.rawValue)\(why) (\(parts.joined(separator: ", ")))"
    }

    /// The members for programs.
    public var json: JSON {
        [
            "goal": .string(goal.description), "state": .string(state.rawValue),
            "reason": .string(reason), "turns": .int(Int64(budget.spent.turns)),
            "turns_limit": .int(Int64(budget.limits.turns)),
            "tokens": .int(Int64(budget.spent.tokens)),
            "tokens_limit": budget.limits.tokens.map { .int(Int64($0)) } ?? .null,
            "money": .string(budget.spent.money.description),
            "money_limit": budget.limits.money.map { .string($0.description) } ?? .null,
            "started": budget.started.map { .string($0.description) } ?? .null,
            "wall_time_limit": budget.limits.wallTime.map { .string($0.description) } ?? .null,
        ]
    }
}
