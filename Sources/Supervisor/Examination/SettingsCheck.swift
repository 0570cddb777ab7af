// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Git

/// Looks whether git's automatic clean-up is off in the desk's repository.
struct SettingsCheck: ExaminationCheck {
    let repository: Repository

    var name: String { "settings" }

    func look() throws -> ExaminationResult {
        let wrong = try Repository.deskSettings.filter { setting in
            try repository.configuration(setting.key) != setting.value
        }
        guard !wrong.isEmpty else {
            return ExaminationResult(detail: "git's automatic clean-up is off")
        }
        return ExaminationResult([
            Finding(
                .settingsMissing,
                at: ".git/config",
                "not set as the desk needs it: \(wrong.map(\.key).joined(separator: ", "))",
                remedy: "start the desk or run loopdesk maintain, which set them"
            )
        ])
    }
}
