// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension ReferenceStore {
    /// From this size on a reflog is cut.
    static let logLimitBytes = 1 << 20
    /// How much of a reflog that is cut stays: some thousand lines.
    static let logKeptBytes = 1 << 18

    /// Moves references from files of their own into `packed-refs`.
    ///
    /// As git does it: packed first, and then each file is removed under its own lock if it still
    /// says what was packed. Somebody who moves the reference in between makes a new file, which
    /// counts.
    func pack(below prefixes: [String]) throws(GitError) -> Int {
        var loose: [(name: String, id: ObjectID)] = []
        for prefix in prefixes {
            for (name, id) in try list(prefix: prefix)
            where try Files.exists(path(name), Self.packing) {
                loose.append((name, id))
            }
        }
        guard !loose.isEmpty else { return 0 }
        let lock = path("packed-refs.lock")
        do {
            try Files.create(lock, [], mode: Files.ownMark | 0o666, Self.packing)
        } catch {
            guard error.code == .exists else { throw error }
            throw GitError(.locked, Self.packing, at: lock, "another process holds it")
        }
        defer { _ = unsafe unlink(lock) }
        let file = path("packed-refs")
        let bytes = try Files.load(file, Self.packing) ?? []
        let packed = try PackedReferences(bytes: bytes, at: file).encoded(adding: loose)
        try Files.replace(file, packed, Self.packing)
        try Files.flushContents([file], Self.packing)
        try Files.flushFolder(folder, Self.packing)
        for (name, id) in loose { try removeLoose(name, id) }
        return loose.count
    }

    private func removeLoose(_ name: String, _ id: ObjectID) throws(GitError) {
        let lock: String
        do {
            lock = try self.lock(name, isNew: false)
        } catch {
            // Somebody is moving it; the file stays until the next time.
            guard error.code == .locked else { throw error }
            return
        }
        defer { _ = unsafe unlink(lock) }
        guard try Files.load(path(name), Self.packing)?.text.trimmingSpaces == "\(id)" else {
            return
        }
        try Files.remove(path(name), Self.packing)
    }

    /// Cuts the logs of references that have grown large to their newest lines.
    ///
    /// - Returns: The references concerned.
    func trimLogs(below folders: [String]) throws(GitError) -> [String] {
        var trimmed: [String] = []
        for folder in folders {
            for name in try Files.names(in: path(folder), Self.packing) {
                let full = Path.join(folder, name)
                guard let status = try Files.status(path(full), Self.packing) else { continue }
                if status.st_mode & S_IFMT == S_IFDIR {
                    trimmed += try trimLogs(below: [full])
                } else if status.st_size > Self.logLimitBytes {
                    let reference = String(full.dropFirst("logs/".count))
                    if try trimLog(of: reference, at: path(full)) { trimmed.append(reference) }
                }
            }
        }
        return trimmed
    }

    private func trimLog(of reference: String, at file: String) throws(GitError) -> Bool {
        let lock: String
        do {
            lock = try self.lock(reference, isNew: false)
        } catch {
            guard error.code == .locked else { throw error }
            return false
        }
        defer { _ = unsafe unlink(lock) }
        let bytes = try Files.load(file, Self.packing) ?? []
        let rest = bytes.suffix(Self.logKeptBytes)
        guard rest.count < bytes.count, let end = rest.firstIndex(of: 0x0A) else { return false }
        try Files.replace(file, Array(rest[(end + 1)...]), Self.packing)
        return true
    }

    static var packing: String { "pack references" }
}
