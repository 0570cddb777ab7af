// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Files {
    /// The bit of a file's mode by which a lock file of ours is told from one of git's.
    ///
    /// It is set by the call that makes the file, so a kill cannot come in between, and it means
    /// nothing for a file on Linux. Only locks that carry it are ever swept: whoever holds another
    /// one may be alive.
    static let ownMark: mode_t = S_ISVTX

    /// True for a file that carries the mark.
    static func isMarked(_ path: String) -> Bool {
        // A file that cannot be looked at is nobody's to sweep.
        let found = (try? status(path, "look at a lock")) ?? nil
        return found.map { $0.st_mode & S_IFMT == S_IFREG && $0.st_mode & ownMark != 0 } ?? false
    }
}
