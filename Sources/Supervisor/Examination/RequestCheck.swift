// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// Looks at the spool of requests.
struct RequestCheck: ExaminationCheck {
    let scene: ExaminedDesk

    var name: String { "requests" }

    func look() throws -> ExaminationResult {
        let look = try SpoolLook(scene.desk.folder)
        var findings = look.unreadable.map { broken($0) }
        findings += look.broken.map { name in
            Finding(
                .requestSetAside,
                at: ".loopdesk/triggers/broken/\(name)",
                "this request could not be read and was set aside",
                remedy: "look at it and remove it; the desk removes it after seven days"
            )
        }
        for request in look.waiting where scene.desk.configuration.agent(request.agent) == nil {
            findings.append(stray(request))
        }
        let limit = scene.facts.now.adding(seconds: -LiveDesk.memory)
        let old = look.unfinished.count { $0 < limit }
        if old > 0 {
            findings.append(
                Finding(
                    .requestUnfinished,
                    at: ".loopdesk/triggers/parts",
                    "\(old) files of writers that were killed",
                    remedy: "nothing is wrong; a desk that is up removes them within the hour"
                )
            )
        }
        return ExaminationResult(findings, detail: "\(look.waiting.count) wait")
    }

    private func broken(_ name: String) -> Finding {
        Finding(
            .requestBroken,
            at: ".loopdesk/triggers/waiting/\(name)",
            "this is no request that was written whole",
            remedy: "start the desk, which sets it aside"
        )
    }

    private func stray(_ request: TriggerRequest) -> Finding {
        Finding(
            .requestForNobody,
            at: ".loopdesk/triggers/waiting/\(request.name)",
            "it asks for \(request.agent), and orchestrator.yml has no such agent",
            remedy: "bring the agent back before you start the desk, which drops the request"
        )
    }
}
