// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2
import Glibc
import Synchronization

/// Two files for each branch that moves all the time: while one is the reference, the other one
/// waits to be its next value.
///
/// Git makes a lock file for each move and throws the old reference away. Some file systems look at
/// everything removed in the last minutes before each file that is made, so a desk would pay for
/// its own past. Which files exist, and when, is as git expects: the spare one takes the name of
/// the lock, is filled, and then the two change their names.
///
/// A spare file is written in place, so it must not be what a power cut brings back: it is used
/// again only once the disk is known to have the reference elsewhere. What is known of it lies in
/// memory; a new process starts with none.
extension ReferenceStore {
    /// A file that was a reference, by its number.
    struct Spare {
        let inode: UInt
        /// Whether the disk knows that another file is the reference now.
        let isFlushed: Bool
    }

    /// The length of a reference: the digits of a commit and the end of the line.
    private static let contentLength = off_t(2 * ObjectID.byteCount + 1)

    /// Takes the lock of a reference with its spare file.
    /// - Returns: The lock; nil when there is no spare file that may be used, somebody holds the
    ///   lock, or the file system cannot.
    func lockWithSpare(_ name: String, isDurable: Bool) -> String? {
        let lock = path(name) + ".lock"
        guard let spare = spares.withLock({ $0.removeValue(forKey: name) }),
            spare.isFlushed || !isDurable,
            unsafe loopdesk_rename_new(sparePath(name), lock) == 0
        else { return nil }
        if let found = reusable(lock), UInt(found.st_ino) == spare.inode { return lock }
        _ = unsafe unlink(lock)
        return nil
    }

    /// Makes a filled lock the reference, and keeps the file that was it.
    ///
    /// What is kept is noted in `kept`, by the name of the branch.
    /// - Returns: False when the lock has to be renamed, because the other file is not ours or the
    ///   file system cannot; nothing has changed then.
    func placeKeepingOld(_ lock: String, at name: String, _ kept: inout [String: UInt]) -> Bool {
        // A file without our mark would be left under the name of a lock by a kill, for good.
        guard name.hasPrefix(BranchMark.prefix), let old = reusable(path(name)),
            unsafe loopdesk_exchange(lock, path(name)) == 0
        else { return false }
        let spare = sparePath(name)
        if unsafe rename(lock, spare) != 0 {
            // Its folder is missing the first time. Without a spare the next lock is made as ever,
            // so an error here does not matter.
            try? Files.makeFolders(Path.parent(of: spare), within: folder, Self.moving)
            guard unsafe rename(lock, spare) == 0 else {
                _ = unsafe unlink(lock)
                return true
            }
        }
        kept[name] = UInt(old.st_ino)
        return true
    }

    /// Lets the next moves use what these have kept.
    func rememberSpares(_ kept: [String: UInt], isFlushed: Bool) {
        spares.withLock { spares in
            for (name, inode) in kept { spares[name] = Spare(inode: inode, isFlushed: isFlushed) }
        }
    }

    /// Removes what an earlier process kept: a power cut may have left one file both names.
    func dropSpares() throws(GitError) {
        spares.withLock { $0 = [:] }
        for name in try Files.names(in: path("loopdesk/spares"), Self.sweeping) {
            try Files.remove(path("loopdesk/spares/\(name)"), Self.sweeping)
        }
    }

    private func sparePath(_ name: String) -> String {
        Path.join(folder, "loopdesk/spares/\(name.dropFirst(BranchMark.prefix.count))")
    }

    /// The status of a file of ours that holds a reference and has one name alone: a copy of a
    /// repository may be made of second names.
    private func reusable(_ path: String) -> stat? {
        // A file that cannot be looked at is not used.
        let found = (try? Files.status(path, Self.moving)) ?? nil
        guard let found, found.st_mode & S_IFMT == S_IFREG, found.st_mode & Files.ownMark != 0,
            found.st_nlink == 1, found.st_size == Self.contentLength
        else { return nil }
        return found
    }
}
