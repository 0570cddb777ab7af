// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Git

/// Looks whether git's settings in the desk's repository are those that a desk needs.
struct SettingsCheck: ExaminationCheck {
    let repository: Repository

    var name: String { "settings" }

    func look() throws -> ExaminationResult {
        let wrong = try Repository.deskSettings.filter { setting in
            try repository.configuration(setting.key) != setting.value
        }
        var findings: [Finding] = []
        if !wrong.isEmpty {
            findings.append(
                Finding(
                    .settingsMissing,
                    at: ".git/config",
                    "not set as the desk needs it: \(wrong.map(\.key).joined(separator: ", "))",
                    remedy: "start the desk or run loopdesk maintain, which set them"
                )
            )
        }
        if try repository.hasWorktreeSettings() {
            findings.append(
                Finding(
                    .worktreeSettings,
                    at: ".git/config",
                    "extensions.worktreeConfig is set, so git would run programs that the settings"
                        + " of an agent's worktree name",
                    remedy: "move what .git/config.worktree holds to .git/config, then: git config"
                        + " --unset extensions.worktreeConfig"
                )
            )
        }
        return ExaminationResult(findings, detail: "git's automatic clean-up is off")
    }
}
