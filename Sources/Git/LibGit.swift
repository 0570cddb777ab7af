// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2

/// The one door to libgit2: process-wide set-up, and status numbers turned into errors.
enum LibGit {
    /// The most memory that libgit2 may spend on objects it keeps for later.
    static let cacheLimitBytes = 16 << 20

    /// The most pack bytes that libgit2 may have mapped at once.
    static let mappedLimitBytes = 256 << 20

    /// The most pack files that libgit2 may hold open at once.
    static let openPackLimit = 64

    /// Set-up that happens once and is never undone.
    ///
    /// The search paths are emptied so that the settings of whoever started the desk cannot
    /// change what it does. Ownership is not checked, because that check guards programs that run
    /// commands named by a repository's configuration, and libgit2 runs none. Checks of hashes
    /// stay on, since what is read back has to be what was written.
    private static let isReady: Bool = {
        guard git_libgit2_init() > 0 else { return false }
        let levels = [
            GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
            GIT_CONFIG_LEVEL_PROGRAMDATA,
        ]
        var isDone = loopdesk_git_owner_validation(0) == 0
        for level in levels {
            isDone = unsafe loopdesk_git_search_path(level.rawValue, "") == 0 && isDone
        }
        isDone = loopdesk_git_cache_limit(cacheLimitBytes) == 0 && isDone
        isDone = loopdesk_git_mapped_limit(mappedLimitBytes) == 0 && isDone
        return loopdesk_git_mapped_files(openPackLimit) == 0 && isDone
    }()

    /// Makes sure that the library is set up.
    static func requireReady() throws(GitError) {
        guard isReady else { throw GitError(.other, "set up libgit2", "it refused its options") }
    }

    /// The version of the library, such as `1.5.1`.
    static var version: String {
        var numbers: (Int32, Int32, Int32) = (0, 0, 0)
        guard unsafe git_libgit2_version(&numbers.0, &numbers.1, &numbers.2) == 0 else {
            return "unknown"
        }
        return "\(numbers.0).\(numbers.1).\(numbers.2)"
    }

    /// Throws what a negative status means.
    ///
    /// Must run on the thread that made the call.
    static func check(
        _ status: Int32,
        _ operation: String,
        at subject: String = ""
    ) throws(GitError) {
        guard status < 0 else { return }
        var message = "status \(status)"
        if let last = unsafe git_error_last(), let text = unsafe last.pointee.message {
            message = unsafe String(cString: text)
        }
        git_error_clear()
        throw GitError(code(of: status), operation, at: subject, message)
    }

    /// Takes ownership of the object that a call hands out.
    static func take<Kind: GitObjectKind>(
        _ kind: Kind.Type,
        _ operation: String,
        at subject: String = "",
        _ call: (inout OpaquePointer?) -> Int32
    ) throws(GitError) -> Owned<Kind> {
        try requireReady()
        var pointer: OpaquePointer?
        let status = unsafe call(&pointer)
        try check(status, operation, at: subject)
        guard let pointer = unsafe pointer else {
            throw GitError(.other, operation, at: subject, "libgit2 returned nothing")
        }
        return unsafe Owned<Kind>(pointer: pointer)
    }

    private static func code(of status: Int32) -> GitError.Code {
        switch git_error_code(rawValue: status) {
        case GIT_ENOTFOUND, GIT_EUNBORNBRANCH: .notFound
        case GIT_EEXISTS: .exists
        case GIT_EAMBIGUOUS: .ambiguous
        case GIT_ECONFLICT, GIT_EMERGECONFLICT, GIT_EUNMERGED: .conflict
        case GIT_ELOCKED: .locked
        case GIT_EMODIFIED: .changedMeanwhile
        case GIT_EUNCOMMITTED, GIT_EINDEXDIRTY: .dirty
        case GIT_EMISMATCH: .corrupt
        case GIT_EINVALID, GIT_EINVALIDSPEC, GIT_EBAREREPO, GIT_EDIRECTORY: .invalid
        default: .other
        }
    }
}
