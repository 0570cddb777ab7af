// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// What is done with an agent's files after its turn besides committing them: secrets are looked
/// for, what is refused is kept, and what could harm a visitor is made harmless.
final class TurnInspector {
    let secrets: SecretScan
    private let desk: OpenDesk
    private let refused: RefusedStore
    private let sweeper: WorktreeSweeper

    init(_ desk: OpenDesk) {
        self.desk = desk
        secrets = SecretScan(desk.secrets)
        refused = RefusedStore(desk.folder)
        sweeper = WorktreeSweeper(desk)
    }

    /// The files of an agent's turn.
    func folder(of agent: AgentConfiguration) -> TurnFolder {
        TurnFolder(
            agent: agent,
            worktree: desk.folder.worktree(agent.name),
            limits: desk.configuration.supervision,
            secrets: secrets
        )
    }

    /// Keeps what a turn wrote and the desk refuses, for a person.
    /// - Returns: The failure of the turn. When the disk does not take the output, the failure says
    ///   so; the turn fails all the same.
    func keep(_ refusal: TurnFolder.Refusal, of plan: TurnPlan) -> TurnFailure {
        let worktree = desk.folder.worktree(plan.name)
        let found = RefusedCollection(worktree, of: plan.name, secrets: secrets)
        var failure = TurnFailure(refusal.description)
        failure.isRefusal = true
        let output = RefusedOutput(
            agent: plan.name,
            turn: plan.turn,
            time: plan.time,
            reason: failure.fit(for: secrets).reason,
            files: found.files,
            more: found.more
        )
        // A disk that is full must not keep the turn from being tried again; the event of the
        // refusal says that nothing is kept.
        failure.kept = try? refused.keep(output)
        return failure
    }

    /// Makes harmless what an agent left in its worktree.
    func sweep(_ agent: AgentConfiguration, hasUnfinished: Bool = true) -> [SweepFinding] {
        sweeper.sweep(agent, hasUnfinished: hasUnfinished)
    }

    /// Forgets refused outputs that have been kept long enough.
    func forgetRefused(at now: Instant) throws(FileError) {
        try refused.sweep(at: now)
    }
}
