// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes

/// Looks whether the time of day can be trusted.
struct ClockCheck: ExaminationCheck {
    let scene: ExaminedDesk

    var name: String { "clock" }

    /// Two computers, or a clock that is being kept right, may be this far apart.
    static let toleranceSeconds: Int64 = 2

    func look() throws -> ExaminationResult {
        var findings: [Finding] = []
        if scene.facts.kernel.isClockKept == false {
            findings.append(
                Finding(
                    .clockUnsynchronised,
                    at: "clock",
                    "nothing keeps the time of day right",
                    remedy: "let chrony, ntpd or systemd-timesyncd run"
                )
            )
        }
        if let late = try behind() { findings.append(late) }
        if let jump = try EventDigest(scene.desk.folder).jumps.last {
            findings.append(
                Finding(
                    .clockJumped,
                    at: "clock",
                    "it was set back from \(jump.from) to \(jump.to) while the desk was up",
                    remedy: "see what sets it; schedules never fire twice, but later than they say"
                )
            )
        }
        return ExaminationResult(findings, detail: "\(scene.facts.now)")
    }

    /// A live desk whose newest turn is later than now.
    private func behind() throws -> Finding? {
        let desk = scene.desk
        guard try desk.hasRunLive() else { return nil }
        var newest: (time: Instant, agent: AgentName)?
        for agent in desk.configuration.agents {
            guard let record = try desk.newestRecord(of: agent.name) else { continue }
            if newest.map({ $0.time < record.time }) ?? true { newest = (record.time, agent.name) }
        }
        guard let newest, scene.facts.now.adding(seconds: Self.toleranceSeconds) < newest.time
        else { return nil }
        return Finding(
            .clockBehind,
            at: "clock",
            "it shows \(scene.facts.now), and \(newest.agent) had a turn at \(newest.time)",
            remedy: "set it right before you start the desk; times of day fire only after that turn"
        )
    }
}
