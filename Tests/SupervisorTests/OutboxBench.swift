// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import TestSupport

@testable import Supervisor

/// A researcher's worktree without a process: a test writes what an agent would, and takes it.
final class OutboxBench {
    let bench: OwnerBench
    let secrets: SecretScan
    let worktree: Folder
    var outbox: Folder { worktree.folder("outbox") }
    var folder: TurnFolder {
        TurnFolder(
            agent: bench.agent,
            worktree: worktree,
            limits: bench.desk.configuration.supervision,
            secrets: secrets
        )
    }

    static func make(secrets: SecretScan = SecretScan()) async throws -> OutboxBench {
        try OutboxBench(try await OwnerBench.make(), secrets)
    }

    private init(_ bench: OwnerBench, _ secrets: SecretScan) throws {
        self.bench = bench
        self.secrets = secrets
        worktree = bench.desk.folder.worktree(bench.agent.name)
        try worktree.folder("outbox").create()
    }

    /// A proposal that is fit to be published.
    static func proposal(_ family: String = "trend") -> [UInt8] {
        Signal.draft(
            .proposal,
            [
                "family": .string(family), "strategy": ["on": .string("close")],
                "strategy_hash": .string(String(repeating: "0123abcd", count: 8)),
            ]
        ).compactBytes
    }

    /// The turn that comes next.
    func plan() throws -> TurnPlan {
        guard let branch = bench.branches[bench.agent.name] else {
            throw SupportError("the researcher has no branch")
        }
        return TurnPlan(
            agent: bench.agent,
            turn: branch.nextTurn,
            time: OwnerBench.time,
            round: 1,
            triggers: [],
            inbox: [],
            frontiers: [],
            data: nil,
            newSkills: []
        )
    }
}
