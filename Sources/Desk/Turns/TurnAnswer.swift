// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What an agent's process answers when it is asked for a turn.
public struct TurnAnswer: Sendable, Hashable {
    /// What it says that it did.
    public let story: TurnStory
    /// Why the turn came to nothing, if it says so; the turn has cost what it has cost.
    public let failure: String?

    /// Reads the result of `turn/run`.
    /// - Throws: A ``DeskError`` with code `contract`.
    public init(_ result: JSON, from agent: String) throws(DeskError) {
        let spending = try TurnSpending(result, from: agent)
        story = TurnStory(result["summary"]?.stringValue ?? "", spending: spending)
        failure = result["failed"]?.stringValue
    }

    /// The result, for a summary as it was given.
    public static func result(
        _ summary: String,
        failure: String? = nil,
        spending: TurnSpending? = nil
    ) -> JSON {
        var members = [JSON.Member("summary", .string(summary))]
        if let failure { members.append(.init("failed", .string(failure))) }
        return .object(members + (spending?.members ?? []))
    }
}
