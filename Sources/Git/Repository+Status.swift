// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2

extension Repository {
    /// True when the work tree holds exactly the last commit, ignored files aside.
    public func isClean() throws(GitError) -> Bool { try status().isEmpty }

    /// Lists what differs between the work tree and the last commit, sorted by path.
    ///
    /// Ignored files are left out; untracked folders are listed file by file.
    ///
    /// - Throws: `.invalid` for a repository without a work tree.
    public func status() throws(GitError) -> [StatusEntry] {
        let operation = "read the status"
        let place = path
        return try unsafe withPointer { (repository) throws(GitError) -> [StatusEntry] in
            let list = try unsafe LibGit.take(StatusKind.self, operation, at: place) { out in
                var options = unsafe git_status_options()
                let version = UInt32(GIT_STATUS_OPTIONS_VERSION)
                unsafe git_status_options_init(&options, version)
                unsafe options.flags =
                    GIT_STATUS_OPT_INCLUDE_UNTRACKED.rawValue
                    | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS.rawValue
                    | GIT_STATUS_OPT_EXCLUDE_SUBMODULES.rawValue
                return unsafe git_status_list_new(&out, repository, &options)
            }
            var entries: [StatusEntry] = []
            for position in 0..<(unsafe git_status_list_entrycount(list.pointer)) {
                guard let entry = unsafe git_status_byindex(list.pointer, position),
                    let found = unsafe Self.entry(entry.pointee)
                else { continue }
                entries.append(found)
            }
            return entries.sorted { $0.path < $1.path }
        }
    }

    private static func entry(_ entry: git_status_entry) -> StatusEntry? {
        let kind: StatusEntry.Kind
        let flags = unsafe entry.status.rawValue
        func has(_ wanted: git_status_t...) -> Bool {
            wanted.contains { flags & $0.rawValue != 0 }
        }
        if has(GIT_STATUS_CONFLICTED) {
            kind = .conflicted
        } else if has(GIT_STATUS_WT_NEW) {
            kind = .untracked
        } else if has(GIT_STATUS_WT_DELETED) {
            kind = .deleted
        } else if has(GIT_STATUS_WT_MODIFIED, GIT_STATUS_WT_TYPECHANGE, GIT_STATUS_WT_UNREADABLE) {
            kind = .modified
        } else if flags != GIT_STATUS_CURRENT.rawValue, !has(GIT_STATUS_IGNORED) {
            kind = .staged
        } else {
            return nil
        }
        let delta = unsafe entry.index_to_workdir ?? entry.head_to_index
        guard let delta = unsafe delta,
            let path = unsafe delta.pointee.new_file.path ?? delta.pointee.old_file.path
        else { return nil }
        return StatusEntry(path: unsafe String(cString: path), kind: kind)
    }
}
