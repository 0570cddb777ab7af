// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2
import Glibc

/// Two files for each branch that moves all the time: while one is the reference, the other one
/// waits to be its next value.
///
/// Git makes a lock file for each move and throws the old reference away. Some file systems look at
/// everything removed in the last minutes before each file that is made, so a desk would pay for
/// its own past. Which files exist, and when, is as git expects: the spare one takes the name of
/// the lock, is filled, and then the two change their names.
extension ReferenceStore {
    /// Where the second file of a branch waits; nil for references that seldom move.
    private func spare(of name: String) -> String? {
        guard name.hasPrefix(BranchMark.prefix) else { return nil }
        return Path.join(folder, "loopdesk/spares/\(name.dropFirst(BranchMark.prefix.count))")
    }

    /// Takes the lock of a reference with its spare file.
    /// - Returns: False when there is none, somebody holds the lock, or the file system cannot.
    func lockWithSpare(_ name: String, _ lock: String) -> Bool {
        guard let spare = spare(of: name) else { return false }
        return unsafe loopdesk_rename_new(spare, lock) == 0
    }

    /// Makes a filled lock the reference, and keeps the file that was it.
    /// - Returns: False when the lock has to be renamed, because the other file is not ours or the
    ///   file system cannot; nothing has changed then.
    func placeKeepingOld(_ lock: String, at name: String) -> Bool {
        // A file without our mark would be left under the name of a lock by a kill, for good.
        guard let spare = spare(of: name), Files.isMarked(path(name)),
            unsafe loopdesk_exchange(lock, path(name)) == 0
        else { return false }
        if unsafe rename(lock, spare) == 0 { return true }
        // Without its folder there is no spare the first time; without either the next lock is made
        // as ever, so that an error here does not matter.
        try? Files.makeFolders(Path.parent(of: spare), Self.moving)
        if unsafe rename(lock, spare) != 0 { _ = unsafe unlink(lock) }
        return true
    }
}
