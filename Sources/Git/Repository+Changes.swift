// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Repository {
    /// Lists the files that differ between two trees, sorted by path.
    ///
    /// Folders with the same id are not looked into. A renamed file is one deleted and one added.
    ///
    /// - Parameters:
    ///   - old: The older tree; nil stands for an empty one.
    ///   - new: The newer tree.
    ///   - paths: Files and folders that are not looked at.
    /// - Returns: The files, empty for equal trees.
    /// - Throws: `.notFound` when a tree is missing.
    public func changes(
        from old: ObjectID?,
        to new: ObjectID,
        leavingOut paths: [String] = []
    ) throws(GitError) -> [Change] {
        var changes: [Change] = []
        try compare(old, new, below: "", leavingOut: Set(paths), &changes)
        return changes.sorted { Array($0.path.utf8).lexicographicallyPrecedes($1.path.utf8) }
    }

    private func compare(
        _ old: ObjectID?,
        _ new: ObjectID?,
        below folder: String,
        leavingOut paths: Set<String>,
        _ changes: inout [Change]
    ) throws(GitError) {
        guard old != new else { return }
        var before: [[UInt8]: TreeNode.Slot] = [:]
        if let old { for slot in try loadNode(old).slots { before[slot.name] = slot } }
        if let new {
            for slot in try loadNode(new).slots {
                let previous = before.removeValue(forKey: slot.name)
                try compare(previous, slot, below: folder, leavingOut: paths, &changes)
            }
        }
        // The result is sorted in the end, so the order here does not matter.
        for slot in before.values {
            try compare(slot, nil, below: folder, leavingOut: paths, &changes)
        }
    }

    private func compare(
        _ old: TreeNode.Slot?,
        _ new: TreeNode.Slot?,
        below folder: String,
        leavingOut paths: Set<String>,
        _ changes: inout [Change]
    ) throws(GitError) {
        guard old?.id != new?.id || old?.mode != new?.mode else { return }
        guard let name = (new ?? old)?.name.text else { return }
        let path = folder + name
        guard !paths.contains(path) else { return }
        let oldTree = old.flatMap { $0.mode == .tree ? $0.id : nil }
        let newTree = new.flatMap { $0.mode == .tree ? $0.id : nil }
        let oldFile = old.flatMap { $0.mode == .tree ? nil : $0 }
        let newFile = new.flatMap { $0.mode == .tree ? nil : $0 }
        if let newFile {
            let kind: Change.Kind = oldFile == nil ? .added : .modified
            changes.append(
                Change(
                    path: path,
                    kind: kind,
                    oldID: oldFile?.id,
                    newID: newFile.id,
                    mode: newFile.mode
                )
            )
        } else if let oldFile {
            changes.append(
                Change(
                    path: path,
                    kind: .deleted,
                    oldID: oldFile.id,
                    newID: nil,
                    mode: oldFile.mode
                )
            )
        }
        try compare(oldTree, newTree, below: path + "/", leavingOut: paths, &changes)
    }
}
