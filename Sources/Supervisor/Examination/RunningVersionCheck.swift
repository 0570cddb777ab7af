// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Processes

/// Compares the version of the desk that runs with this program's.
struct RunningVersionCheck: ExaminationCheck {
    let scene: ExaminedDesk

    var name: String { "running version" }

    func look() throws -> ExaminationResult {
        guard let process = scene.process,
            let up = try EventDigest(scene.desk.folder).lastUp,
            up.processID == Int(process.processID), up.version != scene.facts.versions.loopdesk
        else { return ExaminationResult() }
        return ExaminationResult([
            Finding(
                .versionDiffers,
                at: "process \(process.processID)",
                "the desk runs version \(up.version), and this is \(scene.facts.versions.loopdesk)",
                remedy: "loopdesk down and loopdesk up, when it suits you"
            )
        ])
    }
}
