// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension SandboxLevel {
    /// What a hostile program can still do at this level, as far as it is known: the name of the
    /// attempt in `docs/sandbox.md`, and what it means.
    public var gaps: [(attempt: String, meaning: String)] {
        switch self {
        case .full, .none: []
        case .launcher:
            [
                ("see-other-file", "it sees that a file is there, its size and its times"),
                ("change-other-mode", "it changes the mode of files of the same user"),
                ("change-other-times", "it changes their times"),
                ("watch-other-folder", "it is told when files in a folder change"),
            ]
        }
    }
}
