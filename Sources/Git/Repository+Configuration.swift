// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2

extension Repository {
    /// Reads a setting of this repository; nil when it has none.
    ///
    /// Settings of the user and the system are not looked at.
    public func configuration(_ key: String) throws(GitError) -> String? {
        let operation = "read a setting"
        return try unsafe withPointer { (repository) throws(GitError) -> String? in
            let settings = try unsafe LibGit.take(ConfigurationKind.self, operation, at: key) {
                out in
                unsafe git_repository_config_snapshot(&out, repository)
            }
            var value: UnsafePointer<CChar>?
            let status = unsafe git_config_get_string(&value, settings.pointer, key)
            if status == GIT_ENOTFOUND.rawValue {
                git_error_clear()
                return nil
            }
            try LibGit.check(status, operation, at: key)
            return unsafe value.map { unsafe String(cString: $0) }
        }
    }

    /// Sets a setting of this repository, such as `gc.auto` to `0`.
    ///
    /// - Throws: `.locked` when another process is changing the settings, `.invalid` for a key
    ///   that git cannot store.
    public func setConfiguration(_ key: String, _ value: String) throws(GitError) {
        let operation = "change a setting"
        try unsafe withPointer { (repository) throws(GitError) in
            let settings = try unsafe LibGit.take(ConfigurationKind.self, operation, at: key) {
                out in
                unsafe git_repository_config(&out, repository)
            }
            let status = unsafe git_config_set_string(settings.pointer, key, value)
            try LibGit.check(status, operation, at: key)
        }
    }
}
