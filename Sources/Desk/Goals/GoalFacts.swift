// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What is committed, as far as a goal's condition reads it.
public struct GoalFacts: Sendable, Hashable {
    /// The turns that the goal has taken.
    public var turns = 0
    /// How many signals there are of each topic.
    public var counts: [Topic: Int] = [:]
    /// Verdicts that passed, by their kind: `report` or `intent`.
    public var passed: [String: Int] = [:]
    /// Verdicts that failed, by their kind.
    public var failed: [String: Int] = [:]
    /// The bodies of the newest signals of each topic, newest last.
    public var recent: [Topic: [JSON]] = [:]

    /// Creates facts about a desk that has said nothing.
    public init() {}
}
