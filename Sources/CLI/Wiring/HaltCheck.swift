// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Gateway
import Supervisor

/// Looks whether the kill switch is on.
struct HaltCheck: ExaminationCheck {
    let scene: ExaminedDesk

    var name: String { "kill switch" }

    func look() throws -> ExaminationResult {
        guard let latch = try HaltLatch.existing(in: scene.desk.folder.runtime) else {
            return ExaminationResult(detail: "none yet")
        }
        guard let state = try latch.standing() else {
            return ExaminationResult(detail: "off")
        }
        return ExaminationResult(
            [
                Finding(
                    .deskHalted,
                    at: ".loopdesk/\(HaltLatch.folderName)",
                    "trading is \(state.text)",
                    remedy: "find out why, then loopdesk resume"
                )
            ],
            detail: "on"
        )
    }
}
