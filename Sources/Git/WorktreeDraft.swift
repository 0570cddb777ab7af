// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The record of a worktree before it is in its place.
struct WorktreeDraft {
    static let prefix = "loopdesk-worktree-"
    /// Why git must leave a record alone that has no index yet: it would prune it otherwise.
    static let reason = Array("loopdesk is making it\n".utf8)

    let record: WorktreeRecord
    let place: String
    let branch: String
    /// Where the record is built.
    let folder: String
    let files: [(path: String, bytes: [UInt8])]

    init(
        _ wanted: NewWorktree,
        commonFolder: String,
        _ operation: String
    ) throws(GitError) {
        record = try WorktreeRecord(name: wanted.name, commonFolder: commonFolder, operation)
        let place = Path.trimmed(wanted.path)
        let folder = Path.join(commonFolder, Self.prefix + record.name)
        let visibility = try Visibility(wanted.visible, operation)
        files = [
            ("HEAD", Array("ref: refs/heads/\(wanted.branch)\n".utf8)),
            ("commondir", Array("../..\n".utf8)),
            ("gitdir", Array("\(place)/.git\n".utf8)),
            ("locked", Self.reason),
            ("loopdesk-visible", visibility.recorded),
        ].map { (Path.join(folder, $0.0), $0.1) }
        self.place = place
        self.folder = folder
        branch = wanted.branch
    }

    /// What it is once its folder is filled.
    var worktree: Worktree {
        Worktree(
            name: record.name,
            path: place,
            branch: branch,
            isMissing: false,
            isUnfinished: false
        )
    }
}
