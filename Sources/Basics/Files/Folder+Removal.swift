// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Folder {
    /// Removes a file; one that is not there is no error.
    /// - Throws: A ``FileError``.
    public func removeFile(_ name: String) throws(FileError) {
        guard unlink(path(of: name)) == 0 || errno == ENOENT else {
            throw FileError(operation: "remove", path: path(of: name), errorNumber: errno)
        }
    }

    /// Removes everything inside the folder and keeps the folder; links are not followed.
    ///
    /// A link or a file that stands in the folder's place is replaced by an empty folder.
    /// - Throws: A ``FileError``, with code `notFound` when nothing is there.
    public func removeContents() throws(FileError) {
        guard let kind = try ownKind() else {
            throw FileError(operation: "empty folder", path: path, errorNumber: ENOENT)
        }
        guard kind == S_IFDIR else {
            guard unlink(path) == 0, mkdir(path, 0o755) == 0 else { throw removalFailure() }
            return
        }
        let descriptor = open(path, Self.listingFlags)
        guard descriptor >= 0 else { throw removalFailure() }
        defer { close(descriptor) }
        try empty(descriptor)
    }

    /// Removes the folder and everything inside it; a folder that is not there is no error.
    ///
    /// Of a link that stands in the folder's place, the link is removed and not its target.
    /// - Throws: A ``FileError``.
    public func removeAll() throws(FileError) {
        guard let kind = try ownKind() else { return }
        guard kind == S_IFDIR else {
            guard unlink(path) == 0 else { throw removalFailure() }
            return
        }
        try removeContents()
        guard rmdir(path) == 0 else { throw removalFailure() }
    }

    private static let listingFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

    /// What stands at the path, links not followed; nil when nothing does.
    ///
    /// A disk that cannot tell is an error: a folder that counts as missing would keep what is in
    /// it, and the signals of one turn would be taken for those of the next.
    private func ownKind() throws(FileError) -> mode_t? {
        var status = stat()
        if lstat(path, &status) == 0 { return status.st_mode & S_IFMT }
        guard errno == ENOENT || errno == ENOTDIR else {
            throw FileError(operation: "look at", path: path, errorNumber: errno)
        }
        return nil
    }

    private func removalFailure() -> FileError {
        FileError(operation: "remove", path: path, errorNumber: errno)
    }

    /// Empties an open folder without recursion: what lies deeper is first lifted to the top, so
    /// that a tree of any depth, whatever its names, needs two descriptors and no long path.
    private func empty(_ top: Int32) throws(FileError) {
        var lifted = 0
        while true {
            let entries = try rawNames(of: top)
            guard !entries.isEmpty else { return }
            for entry in entries where unlinkat(top, entry, 0) != 0 {
                guard errno == EISDIR || errno == EPERM else { throw removalFailure() }
                try lift(entry, into: top, lifted: &lifted)
                guard unlinkat(top, entry, AT_REMOVEDIR) == 0 else { throw removalFailure() }
            }
        }
    }

    private func lift(_ name: [CChar], into top: Int32, lifted: inout Int) throws(FileError) {
        // A folder without write permission for its owner could be neither emptied nor moved; if
        // the change is refused, so is the removal, and that is reported.
        _ = fchmodat(top, name, 0o700, AT_SYMLINK_NOFOLLOW)
        let folder = openat(top, name, Self.listingFlags)
        guard folder >= 0 else { throw removalFailure() }
        defer { close(folder) }
        for entry in try rawNames(of: folder) where unlinkat(folder, entry, 0) != 0 {
            guard errno == EISDIR || errno == EPERM else { throw removalFailure() }
            _ = fchmodat(folder, entry, 0o700, AT_SYMLINK_NOFOLLOW)
            repeat {
                lifted += 1
                guard renameat(folder, entry, top, ".removed-\(lifted)") != 0 else { break }
                // Somebody else's entry has that name; the next number is tried.
                guard [EEXIST, ENOTEMPTY, ENOTDIR].contains(errno) else { throw removalFailure() }
            } while true
        }
    }
}
