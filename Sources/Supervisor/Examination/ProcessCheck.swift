// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes

/// Compares the processes that were started for the desk with who runs it.
struct ProcessCheck: ExaminationCheck {
    let scene: ExaminedDesk

    var name: String { "processes" }

    func look() throws -> ExaminationResult {
        let mark = try ProcessTree.mark(ofFolder: scene.desk.folder.root.path)
        let processes = ProcessTree.processes(mark: mark)
        guard scene.isRunning else { return ExaminationResult(processes.map(left), detail: "none") }
        guard let holder = scene.process else { return ExaminationResult(detail: "starting") }
        let own = processes.filter { $0.ancestors.contains(holder.processID) }
        let strangers = processes.filter {
            $0.processID != holder.processID && !$0.ancestors.contains(holder.processID)
        }
        let lacking = holder.note == "loopdesk up" ? try agentsWithout(own) : []
        return ExaminationResult(
            strangers.map(left) + lacking.map { missing($0, holder) },
            detail: "\(own.count) below process \(holder.processID)"
        )
    }

    private func agentsWithout(_ processes: [MarkedProcess]) throws -> [AgentName] {
        // A record that cannot be read is told by another check.
        let resting = (try? Quarantine.all(of: scene.desk.folder).map(\.agent)) ?? []
        // A program that is started for each turn has none in between.
        let lasting = scene.desk.configuration.agents.filter { !$0.isStartedEachTurn }
        return lasting.map(\.name).filter { agent in
            !resting.contains(agent)
                && !processes.contains { $0.has(DeskProcesses.partName, agent.description) }
        }
    }

    private func left(_ process: MarkedProcess) -> Finding {
        Finding(
            .processLeft,
            at: "process \(process.processID)",
            "an earlier supervisor started it and has ended",
            remedy: "start the desk, which ends it"
        )
    }

    private func missing(_ agent: AgentName, _ holder: HolderInfo) -> Finding {
        Finding(
            .processMissing,
            at: agent.description,
            "it has no process below process \(holder.processID)",
            remedy: "it may be starting; if this stays, see loopdesk logs \(agent)"
        )
    }
}
