// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Processes

/// Looks whether every agent can have the sandbox that it is to have.
struct SandboxCheck: ExaminationCheck {
    let scene: ExaminedDesk

    var name: String { "sandbox" }

    func look() -> ExaminationResult {
        let facts = scene.facts.sandbox
        let agents = scene.desk.configuration.agents
        var findings = agents.compactMap { finding($0, facts) }
        if !facts.countsProcesses {
            findings.append(
                Finding(
                    .processesUncounted,
                    at: "sandbox",
                    "agents would run as root, of whose processes the kernel keeps no count, and"
                        + " there is no control group to count them in",
                    remedy: "run the desk as an ordinary user, or let it write to the controller"
                        + " pids below /sys/fs/cgroup"
                )
            )
        }
        return ExaminationResult(findings, detail: "level A for \(agents.count) agents")
    }

    private func finding(_ agent: AgentConfiguration, _ facts: SandboxFacts) -> Finding? {
        let minimum = agent.sandbox.minimum(isNative: agent.command.isEmpty)
        guard minimum != .unsafe else {
            return Finding(
                .sandboxOff,
                at: agent.name.description,
                "it runs without a sandbox and can do what you can, because orchestrator.yml says"
                    + " level: unsafe",
                remedy: "take the line out"
            )
        }
        guard let reason = facts.noFull else { return nil }
        let remedy =
            "install bubblewrap, and allow user namespaces (sysctl user.max_user_namespaces, or the"
            + " options of the container)"
        if minimum == .full || facts.noLauncher != nil {
            let what = minimum == .full ? "level A" : "level B at least"
            return Finding(
                .sandboxMissing,
                at: agent.name.description,
                "it needs \(what) and is not started: \(facts.noLauncher ?? reason)",
                remedy: remedy
            )
        }
        let gaps = SandboxLevel.launcher.gaps.map(\.meaning).joined(separator: "; ")
        return Finding(
            .sandboxBelowFull,
            at: agent.name.description,
            "it runs at level B (\(reason)), which leaves open that \(gaps)",
            remedy: remedy
        )
    }
}
