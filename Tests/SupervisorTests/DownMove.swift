// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Testing
import TestSupport

@testable import Supervisor

/// What an owner does to an agent's branch while its desk is down.
enum DownMove: String, CaseIterable, CustomTestStringConvertible {
    case resetByOne, resetByTwo, elsewhere, deleted, amended, rebased, grown, merged

    var testDescription: String { rawValue }

    /// What the desk has to report.
    var code: OwnerReport.Code {
        switch self {
        case .deleted: .branchDeleted
        case .grown, .merged: .branchAdvanced
        default: .branchRewritten
        }
    }

    /// Whether the desk's own line is no longer on the branch.
    var leavesTurnsBehind: Bool { code == .branchRewritten }

    /// Does it, with plumbing alone; a person would reset, rebase, commit and merge.
    /// - Returns: The commit that the owner put the branch on; nil when it is gone.
    func make(on agent: String, in bench: Bench) async throws -> String? {
        let branch = "refs/heads/agents/\(agent)"
        let git = bench.git
        func commit(_ words: String...) async throws -> String {
            let made = try await git.run(["commit-tree", "-m", "the owner's own"] + words)
            return String(made.stdout.prefix(40))
        }
        let target: String
        switch self {
        case .resetByOne: target = try await git.lines("rev-parse", "\(branch)~1")[0]
        case .resetByTwo: target = try await git.lines("rev-parse", "\(branch)~2")[0]
        case .elsewhere: target = try await commit("main^{tree}")
        case .deleted:
            try await git.run("update-ref", "-d", branch)
            return nil
        case .amended: target = try await commit("-p", "\(branch)~1", "\(branch)^{tree}")
        case .rebased:
            let base = try await commit("-p", "main", "main^{tree}")
            target = try await commit("-p", base, "\(branch)^{tree}")
        case .grown: target = try await commit("-p", branch, "\(branch)^{tree}")
        case .merged:
            try await git.run("commit", "--quiet", "--allow-empty", "-m", "main goes on")
            target = try await commit("-p", branch, "-p", "main", "\(branch)^{tree}")
        }
        try await git.run("update-ref", branch, target)
        return target
    }
}
