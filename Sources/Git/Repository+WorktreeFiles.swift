// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2

extension Repository {
    /// Reads the files of a worktree that git does not ignore.
    func filesOnDisk(
        of record: WorktreeRecord,
        at path: String,
        tracked: Set<[UInt8]>
    ) throws(GitError) -> [[UInt8]: WorktreeScan.File] {
        let operation = "scan a worktree"
        let opened = try open(record, at: path, operation)
        let pointer = unsafe opened.pointer
        let folder = try Folder(path: path, operation)
        let rules = Array(".gitignore".utf8)
        // Rules of the branch hold even where their file is not on the disk.
        if try folder.status(rules, operation) == nil, let head = try head(of: record),
            let entry = try entry(atPath: ".gitignore", in: try commit(head).tree),
            entry.mode != .tree
        {
            let text = try blob(entry.id).text
            try LibGit.check(unsafe git_ignore_add_rule(pointer, text), operation, at: path)
        }
        let scan = try WorktreeScan(folder, tracked: tracked, operation) {
            (name) throws(GitError) -> Bool in
            var ignored: Int32 = 0
            let status = unsafe git_ignore_path_is_ignored(&ignored, pointer, name)
            try LibGit.check(status, operation, at: name)
            return ignored == 1
        }
        return scan.files
    }

    /// Reads an index that git or this module wrote; nil when there is none, or when it is damaged.
    ///
    /// An index is not waited for, so a power cut can damage one. What was staged in it and lies in
    /// no file is then lost; everything else is on the branch or in the files.
    ///
    /// The sides of an unsettled merge get names that end in `.side-1` to `.side-3`.
    func loadIndex(_ path: String) throws(GitError) -> [IndexFile.Entry]? {
        let operation = "read an index"
        guard let bytes = try Files.load(path, operation) else { return nil }
        let soundness = IndexFile.soundness(of: bytes)
        guard soundness != .damaged else { return nil }
        let index: Owned<IndexKind>
        do {
            index = try unsafe LibGit.take(IndexKind.self, operation, at: path) { out in
                unsafe git_index_open(&out, path)
            }
        } catch {
            guard soundness == .unknown else { throw error }
            return nil
        }
        var entries: [IndexFile.Entry] = []
        for position in 0..<(unsafe git_index_entrycount(index.pointer)) {
            guard let found = unsafe git_index_get_byindex(index.pointer, position),
                let mode = unsafe FileMode(rawValue: found.pointee.mode),
                let name = unsafe found.pointee.path
            else { continue }
            var bytes = Array(unsafe String(cString: name).utf8)
            let side = unsafe git_index_entry_stage(found)
            if side > 0 { bytes += Array(".side-\(side)".utf8) }
            let id = unsafe ObjectID(found.pointee.id)
            entries.append(.init(path: bytes, mode: mode, id: id))
        }
        return entries
    }

    /// Opens the record of a worktree, so that the `.git` file in it is never followed.
    private func open(
        _ record: WorktreeRecord,
        at path: String,
        _ operation: String
    ) throws(GitError) -> Owned<RepositoryKind> {
        let folder = record.folder
        let opened = try unsafe LibGit.take(RepositoryKind.self, operation, at: folder) { out in
            let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue
            return unsafe git_repository_open_ext(&out, folder, flags, nil)
        }
        let status = unsafe git_repository_set_workdir(opened.pointer, path, 0)
        try LibGit.check(status, operation, at: path)
        return opened
    }
}
