// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2
import Glibc

/// Files of packs that were merged away, kept to be written again as the next packs.
///
/// Some file systems look at everything removed in the last minutes before each file that is made,
/// so a desk that writes packs and merges them all the time would pay for its own past.
///
/// A file is written again only if nobody else has it open under whatever name, and only after the
/// disk knows that it is no pack any more: what a power cut brings back must not have been written
/// over. The list lies in memory; a new process starts with none.
struct SpareFiles: Sendable {
    /// The most files that are kept: what one merge of small packs leaves.
    static let limit = 2 * ObjectStore.defaultFanIn
    /// The most bytes of one file.
    static let limitBytes = 1 << 19

    private var paths: [String] = []

    /// How many files wait.
    var count: Int { paths.count }

    /// Takes files that ``retire(_:into:as:)`` has moved, once the disk knows of it.
    mutating func add(_ retired: [String]) { paths += retired }

    /// Gives up all files.
    ///
    /// - Returns: Where they are.
    mutating func removeAll() -> [String] {
        defer { paths = [] }
        return paths
    }

    /// Writes a file that must not exist yet, over a spare one if there is any.
    mutating func write(
        _ bytes: [UInt8],
        to path: String,
        _ operation: String
    ) throws(GitError) {
        while let spare = paths.popLast() {
            if try Self.rewrite(spare, as: path, bytes, operation) { return }
        }
        try Files.create(path, bytes, mode: 0o444, operation)
    }

    /// Moves a file of a pack to where git does not look for any, or removes it.
    ///
    /// - Returns: Whether it was moved.
    static func retire(
        _ path: String,
        into folder: String,
        as name: String,
        _ operation: String
    ) throws(GitError) -> Bool {
        guard let status = try Files.status(path, operation) else { return false }
        let place = Path.join(folder, name)
        if isReusable(status), unsafe loopdesk_rename_new(path, place) == 0 {
            // Packs may not be written to; without the right the file is not used again.
            _ = unsafe chmod(place, 0o600)
            return true
        }
        try Files.remove(path, operation)
        return false
    }

    /// Writes over a spare file under a new name.
    ///
    /// - Returns: False when it cannot be used; it is removed then.
    private static func rewrite(
        _ spare: String,
        as path: String,
        _ bytes: [UInt8],
        _ operation: String
    ) throws(GitError) -> Bool {
        guard unsafe loopdesk_rename_new(spare, path) == 0 else {
            _ = unsafe unlink(spare)
            return false
        }
        let number = unsafe open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard number >= 0 else {
            _ = unsafe unlink(path)
            return false
        }
        let file = Descriptor(number)
        do throws(GitError) {
            let status = try file.status(operation, at: path)
            guard isReusable(status), loopdesk_is_alone(number) == 1 else {
                _ = unsafe unlink(path)
                return false
            }
            try file.write(bytes, operation, at: path)
            guard status.st_size <= bytes.count || ftruncate(number, off_t(bytes.count)) == 0,
                fchmod(number, 0o444) == 0
            else { throw GitError.system(operation, at: path) }
        } catch {
            _ = unsafe unlink(path)
            throw error
        }
        return true
    }

    /// A clone on the same disk may share files by a second name.
    private static func isReusable(_ status: stat) -> Bool {
        status.st_mode & S_IFMT == S_IFREG && status.st_nlink == 1 && status.st_uid == geteuid()
            && status.st_size <= limitBytes
    }
}
