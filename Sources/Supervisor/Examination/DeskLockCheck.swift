// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk

/// Looks who runs the desk.
struct DeskLockCheck: ExaminationCheck {
    let folder: DeskFolder

    var name: String { "lock" }

    func look() throws -> ExaminationResult {
        guard let holder = try DeskLock.holder(folder) else {
            return ExaminationResult(detail: "no supervisor runs this desk")
        }
        return ExaminationResult([
            Finding(
                .deskRunning,
                at: ".loopdesk/lock",
                "\(holder) runs this desk",
                remedy: "nothing is wrong; loopdesk down ends a desk that is up"
            )
        ])
    }
}
