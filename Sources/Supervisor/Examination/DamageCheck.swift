// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Git

/// Looks whether the repository is one in which a desk can work at all.
struct DamageCheck: ExaminationCheck {
    let repository: Repository

    var name: String { "repository" }

    func look() throws -> ExaminationResult {
        var findings: [Finding] = []
        if try repository.isShallow() {
            findings.append(
                Finding(
                    .historyShallow,
                    at: ".git/shallow",
                    "the repository is a shallow clone, so its history is cut off",
                    remedy: "fetch the rest with: git fetch --unshallow"
                )
            )
        }
        if try repository.isBare() {
            findings.append(
                Finding(
                    .repositoryBare,
                    at: ".git/config",
                    "core.bare is set, so git says that there is no work tree",
                    remedy: "set it right with: git config core.bare false"
                )
            )
        }
        if try !repository.hasReadableHead() {
            findings.append(
                Finding(
                    .headUnreadable,
                    at: ".git/HEAD",
                    "it names neither a branch nor a commit",
                    remedy: "write it anew with: echo 'ref: refs/heads/main' > .git/HEAD"
                )
            )
        }
        if try !repository.hasReadableIndex() {
            findings.append(
                Finding(
                    .indexUnreadable,
                    at: ".git/index",
                    "git cannot read it; only what was staged was in it",
                    remedy: "move it out of the way with: mv .git/index .git/index.damaged, then:"
                        + " git reset, which changes none of your files"
                )
            )
        }
        return ExaminationResult(findings, detail: "its history, HEAD and index can be read")
    }
}

extension FindingCode {
    /// Whether it is why other checks may fail.
    var isDamage: Bool {
        switch self {
        case .branchIsLink, .objectsDamaged, .branchUnreadable, .historyShallow, .headUnreadable,
            .indexUnreadable, .repositoryBare:
            true
        default: false
        }
    }
}
