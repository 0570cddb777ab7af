// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// Files of the repository itself, by path.
///
/// What agents can write goes through `Folder` instead.
enum Files {
    /// The most bytes read from one file of the repository.
    static let limitBytes = 1 << 31

    static func exists(_ path: String, _ operation: String) throws(GitError) -> Bool {
        try status(path, operation) != nil
    }

    static func isFolder(_ path: String, _ operation: String) throws(GitError) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            try requireAbsence(path, operation)
            return false
        }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    /// What is at a path, without following a final link; nil when nothing is.
    static func status(_ path: String, _ operation: String) throws(GitError) -> stat? {
        var status = stat()
        if unsafe lstat(path, &status) == 0 { return status }
        try requireAbsence(path, operation)
        return nil
    }

    /// Throws unless the last failure says that nothing is there.
    ///
    /// A disk that cannot answer must not pass for one that holds nothing: whoever takes it for
    /// that makes anew what is there already.
    static func requireAbsence(_ path: String, _ operation: String) throws(GitError) {
        guard errno == ENOENT || errno == ENOTDIR || errno == ELOOP else {
            throw GitError.system(operation, at: path)
        }
    }

    /// The content; nil when there is no such file.
    static func load(_ path: String, _ operation: String) throws(GitError) -> [UInt8]? {
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else {
            if errno == ENOENT || errno == ENOTDIR || errno == EISDIR { return nil }
            throw GitError.system(operation, at: path)
        }
        let file = Descriptor(number)
        // Opening a folder to read works; only reading it fails.
        guard try file.status(operation, at: path).st_mode & S_IFMT == S_IFREG else { return nil }
        return try file.readAll(limitBytes: limitBytes, operation, at: path)
    }

    /// Throws unless the first byte of a file can be read, or there is no such file.
    static func requireReadable(_ path: String, _ operation: String) throws(GitError) {
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return try requireAbsence(path, operation) }
        let file = Descriptor(number)
        var byte: UInt8 = 0
        guard unsafe pread(file.number, &byte, 1, 0) >= 0 else {
            throw GitError.system(operation, at: path)
        }
    }

    /// Writes a file that must not exist yet.
    static func create(
        _ path: String,
        _ bytes: [UInt8],
        mode: mode_t = 0o666,
        _ operation: String
    ) throws(GitError) {
        let number = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard number >= 0 else { throw GitError.system(operation, at: path) }
        let file = Descriptor(number)
        do {
            try file.write(bytes, operation, at: path)
        } catch {
            _ = unsafe unlink(path)
            throw error
        }
    }

    /// Puts a file in place in one step, so that a reader sees the old content or the new.
    static func replace(_ path: String, _ bytes: [UInt8], _ operation: String) throws(GitError) {
        let draft = path + ".loopdesk-new"
        // A draft left by a process that died; the lock of the caller keeps others away.
        _ = try remove(draft, operation)
        try create(draft, bytes, operation)
        try move(draft, to: path, operation)
    }

    static func append(_ bytes: [UInt8], to path: String, _ operation: String) throws(GitError) {
        let number = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard number >= 0 else { throw GitError.system(operation, at: path) }
        let file = Descriptor(number)
        try file.write(bytes, operation, at: path)
    }

    static func move(_ path: String, to target: String, _ operation: String) throws(GitError) {
        guard unsafe rename(path, target) == 0 else {
            throw GitError.system(operation, at: target)
        }
    }

    /// Removes a file; false when there was none.
    @discardableResult
    static func remove(_ path: String, _ operation: String) throws(GitError) -> Bool {
        if unsafe unlink(path) == 0 { return true }
        guard errno == ENOENT || errno == ENOTDIR else {
            throw GitError.system(operation, at: path)
        }
        return false
    }

    /// Makes a folder and those that lead to it.
    /// - Parameters:
    ///   - path: The folder.
    ///   - root: What must be there already, as must all that leads to it. A repository that was
    ///     moved away gets no empty one in its place.
    ///   - operation: What this is for.
    /// - Throws: `.notFound` without the root, `.io` when the disk refuses.
    static func makeFolders(
        _ path: String,
        within root: String,
        _ operation: String
    ) throws(GitError) {
        if root == path || root.hasPrefix(path + "/") {
            var status = stat()
            guard unsafe stat(path, &status) == 0 else {
                throw GitError.system(operation, at: path)
            }
            return
        }
        if unsafe mkdir(path, 0o777) == 0 { return }
        if errno == EEXIST, try isFolder(path, operation) { return }
        guard errno == ENOENT else { throw GitError.system(operation, at: path) }
        try makeFolders(Path.parent(of: path), within: root, operation)
        if unsafe mkdir(path, 0o777) == 0 { return }
        if errno == EEXIST, try isFolder(path, operation) { return }
        throw GitError.system(operation, at: path)
    }

    /// Waits until the content of several files is on the disk.
    ///
    /// All are flushed at the same time, so that the file system can answer them with one write of
    /// its journal instead of one each.
    static func flushContents(_ paths: [String], _ operation: String) throws(GitError) {
        let failures = Mutex<[Int: GitError]>([:])
        DispatchQueue.concurrentPerform(iterations: paths.count) { position in
            do throws(GitError) {
                try flushContent(paths[position], operation)
            } catch {
                failures.withLock { $0[position] = error }
            }
        }
        if let first = failures.withLock({ $0.min { $0.key < $1.key }?.value }) { throw first }
    }

    private static func flushContent(_ path: String, _ operation: String) throws(GitError) {
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard number >= 0 else { throw GitError.system(operation, at: path) }
        try Descriptor(number).flushContent(operation, at: path)
    }

    /// Waits until the names in a folder are on the disk.
    static func flushFolder(_ path: String, _ operation: String) throws(GitError) {
        let number = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw GitError.system(operation, at: path) }
        let folder = Descriptor(number)
        guard fsync(folder.number) == 0 else { throw GitError.system(operation, at: path) }
    }

    /// The names in a folder, sorted; empty when there is no such folder.
    static func names(in path: String, _ operation: String) throws(GitError) -> [String] {
        guard try isFolder(path, operation) else { return [] }
        let folder = try Folder(path: path, operation)
        return try folder.names(operation).map(\.text)
    }
}
