// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension GitError {
    /// The failure of the system call just made, with its reason in words.
    static func system(_ operation: String, at path: String) -> GitError {
        let number = errno
        var reason = "error \(number)"
        if let text = unsafe strerror(number) { reason = unsafe String(cString: text) }
        let code: Code =
            switch number {
            case ENOENT, ENOTDIR: .notFound
            case EEXIST, ENOTEMPTY, EISDIR: .exists
            default: .io
            }
        return GitError(code, operation, at: path, reason.lowercased())
    }

    static func corrupt(_ operation: String, at subject: String, _ message: String) -> GitError {
        GitError(.corrupt, operation, at: subject, message)
    }
}
