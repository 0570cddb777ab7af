// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Looks what the desk that is up says does not work.
struct HealthCheck: ExaminationCheck {
    let scene: ExaminedDesk

    var name: String { "health" }

    func look() throws -> ExaminationResult {
        guard scene.isRunning else { return ExaminationResult() }
        let troubles = try HealthFile(scene.desk.folder).load(of: scene.process)
        let findings = troubles.map { trouble in
            Finding(
                .deskDegraded,
                at: "desk",
                "it is degraded since \(trouble.since): \(trouble.reason)",
                remedy: "remove the cause that it names; the desk tries again by itself and loses"
                    + " nothing meanwhile"
            )
        }
        return ExaminationResult(findings, detail: "the desk that is up says that it is well")
    }
}
