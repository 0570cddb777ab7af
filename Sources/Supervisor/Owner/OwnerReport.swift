// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk

/// What a desk found changed by somebody else, and what it did about it.
public struct OwnerReport: Sendable, Hashable, CustomStringConvertible {
    /// What was found, as a word that scripts can rely on.
    public enum Code: String, Sendable {
        /// Somebody added commits to an agent's branch; they were taken in.
        case branchAdvanced = "branch-advanced"
        /// Somebody moved an agent's branch elsewhere; the agent goes on from there.
        case branchRewritten = "branch-rewritten"
        /// Somebody deleted an agent's branch; it was made again.
        case branchDeleted = "branch-deleted"
        /// A branch was deleted and its commits are gone; the agent starts from main.
        case branchLost = "branch-lost"
        /// What somebody had changed on an agent's branch changed on main as well, which counts.
        case branchOverruled = "branch-overruled"
        /// The name that a lesson's branch was to have belongs to somebody else's branch.
        case lessonTaken = "lesson-taken"
        /// The worktree's folder was gone; it was made again.
        case worktreeMissing = "worktree-missing"
        /// The worktree was no longer registered with git; it was registered again.
        case worktreeForgotten = "worktree-forgotten"
        /// The worktree had been moved; it was moved back.
        case worktreeMoved = "worktree-moved"
        /// Another branch or commit was checked out in the worktree.
        case worktreeSwitched = "worktree-switched"
        /// A merge, rebase or the like was under way in the worktree.
        case worktreeBusy = "worktree-busy"
        /// Somebody had edited or staged files in the worktree.
        case worktreeEdited = "worktree-edited"
        /// The worktree's index is locked by another process.
        case worktreeLocked = "worktree-locked"
        /// The branch main no longer contains what agents work from.
        case mainRewritten = "main-rewritten"
        /// There is no branch main any more.
        case mainDeleted = "main-deleted"
        /// The branch main can be followed again.
        case mainReturned = "main-returned"

        /// True when the files of an agent's branch have changed and its worktree does not show it.
        public var changesFiles: Bool {
            switch self {
            case .branchAdvanced, .branchRewritten, .branchLost: true
            default: false
            }
        }
    }

    /// What was found.
    public let code: Code
    /// The agent concerned; nil when it is the whole desk.
    public let agent: AgentName?
    /// What happened and what was done about it, as one clause.
    public let message: String
    /// The rescue ref that holds what was saved, if anything was.
    public let rescue: String?

    /// Creates a report.
    public init(
        _ code: Code,
        agent: AgentName? = nil,
        _ message: String,
        rescue: String? = nil
    ) {
        self.code = code
        self.agent = agent
        self.message = message
        self.rescue = rescue
    }

    /// A report of files that were changed on an agent's branch and on `main`; none without files.
    static func overruled(_ paths: [String], of agent: AgentName) -> [OwnerReport] {
        guard let first = paths.first else { return [] }
        let files = paths.count == 1 ? first : "\(first) and \(paths.count - 1) more"
        let message =
            "\(files) changed on \(agent.branch) and on main, which counts; what the branch had is"
            + " in its history"
        return [OwnerReport(.branchOverruled, agent: agent, message)]
    }

    /// The message, and where to find what was saved.
    public var description: String { rescue.map { "\(message); saved as \($0)" } ?? message }

    /// The report for programs.
    public var json: JSON {
        [
            "code": .string(code.rawValue),
            "agent": agent.map { .string($0.description) } ?? .null,
            "message": .string(message),
            "rescue": rescue.map { .string($0) } ?? .null,
        ]
    }
}
