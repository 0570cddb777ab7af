// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import ArgumentParser
import Basics
import Gateway
import Git
import Processes
import Supervisor

/// The examination of a desk with the computer's own facts, the feed and the ledger.
struct DeskExamination {
    let path: String

    /// Runs every check that makes sense after those before it.
    func report() -> ExaminationReport {
        Examination(of: path, zones: SystemZones().database, facts: { facts }) { scene in
            [
                FeedCheck(desk: scene.desk), EarningsCheck(desk: scene.desk),
                LedgerCheck(scene: scene), HaltCheck(scene: scene), LimitsCheck(scene: scene),
                HookCheck(scene: scene),
                TrialCheck(
                    scene: scene,
                    strategies: TypedStrategies(scene.desk.configuration)
                ),
            ]
        }
        .run()
    }

    private var sandbox: SandboxFacts {
        let clock = SystemClock()
        do {
            return .load(try Programs().sandboxes(clock: clock).tools, clock: clock)
        } catch {
            return SandboxFacts(noFull: "\(error)", noLauncher: "\(error)")
        }
    }

    private var facts: SystemFacts {
        SystemFacts(
            now: SystemWallClock().now(),
            // A disk that cannot be looked at is a finding.
            space: try? Folder(path).space(),
            kernel: .load(),
            versions: SystemFacts.Versions(
                loopdesk: Loopdesk.configuration.version,
                git: GitProgram.version(),
                libgit2: Repository.libraryVersion,
                sqlite: Ledger.libraryVersion
            ),
            sandbox: sandbox
        )
    }
}
