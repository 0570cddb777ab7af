// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk

/// Looks who is out of service, and whether that can be told.
struct SupervisionCheck: ExaminationCheck {
    let scene: ExaminedDesk

    var name: String { "supervision" }

    func look() throws -> ExaminationResult {
        let place = ".loopdesk/\(SupervisionFile.name)"
        let found: SupervisionFile.Found
        do {
            found = try SupervisionFile(folder: scene.desk.folder.runtime).read()
        } catch let error as SupervisorError {
            return ExaminationResult([
                Finding(.supervisionNewer, at: place, error.message, remedy: error.hint)
            ])
        }
        if let fault = found.fault {
            return ExaminationResult([
                Finding(
                    .supervisionUnreadable,
                    at: place,
                    "it cannot be read: \(fault)",
                    remedy: "start the desk, which sets it aside and counts restarts anew"
                )
            ])
        }
        return ExaminationResult(
            found.record.quarantines.map(outOfService),
            detail: "every agent is in service"
        )
    }

    private func outOfService(_ quarantine: Quarantine) -> Finding {
        let cause = quarantine.cause == quarantine.agent ? "" : " because of \(quarantine.cause)"
        return Finding(
            .agentQuarantined,
            at: quarantine.agent.description,
            "out of service since \(quarantine.since)\(cause): \(quarantine.reason)",
            remedy: "see loopdesk logs \(quarantine.cause), then: loopdesk release"
                + " \(quarantine.agent)"
        )
    }
}
