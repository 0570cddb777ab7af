// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk

/// Looks at configuration and skills, which have been read already.
struct ConfigurationCheck: ExaminationCheck {
    let scene: ExaminedDesk

    var name: String { "configuration" }

    func look() throws -> ExaminationResult {
        let desk = scene.desk
        let rules = try SkillSet.check(desk.configuration, in: desk.folder.root)
        return ExaminationResult(
            detail: "\(DeskConfiguration.fileName) is valid, \(desk.configuration.agents.count)"
                + " agents, \(rules) rules in force"
        )
    }
}
