// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Where a desk last left an agent's branch.
///
/// The journal carries the marks of all branches through every clearing, so that a desk that was
/// down knows whether somebody moved one meanwhile.
public struct BranchMark: Hashable, Sendable {
    /// The commit that was published last.
    public let head: ObjectID
    /// The highest number that a turn of the agent has had.
    public let turn: Int

    /// The branches that have marks.
    static let prefix = "refs/heads/agents/"

    /// In the journal a mark stands as a move of a branch to where it is, with the number as
    /// message; reading one is to publish nothing.
    static func update(_ reference: String, _ mark: BranchMark) -> RefUpdate {
        RefUpdate(
            reference: reference,
            to: mark.head,
            expecting: mark.head,
            message: "\(mark.turn)"
        )
    }

    init(head: ObjectID, turn: Int) {
        self.head = head
        self.turn = turn
    }

    /// Reads a mark from the journal; nil for a move that is to be made.
    init?(_ update: RefUpdate) {
        guard update.expected == update.target, let turn = update.message.flatMap({ Int($0) })
        else { return nil }
        self.init(head: update.target, turn: turn)
    }
}
