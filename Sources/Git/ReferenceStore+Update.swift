// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2
import Glibc

extension ReferenceStore {
    /// Moves references together, each only from its expected value.
    ///
    /// Every lock file is held before the first value is compared. A kill between the renames can
    /// leave some moved and some not, which is why each move has to be harmless on its own; a kill
    /// at any time can leave lock files, which `sweepLocks` removes.
    func update(
        _ updates: [RefUpdate],
        by signature: Signature,
        isDurable: Bool
    ) throws(GitError) -> RefOutcome {
        let ordered = updates.sorted { $0.reference < $1.reference }
        var held: [String] = []
        // A rename takes the lock file away, so this removes only what was not used.
        defer { for lock in held { _ = unsafe unlink(lock) } }
        for update in ordered {
            try ReferenceName.require(update.reference, Self.moving)
            let isNew = update.expected == nil
            if !isNew, let lock = lockWithSpare(update.reference, isDurable: isDurable) {
                held.append(lock)
            } else {
                held.append(try lock(update.reference, isNew: isNew))
            }
        }
        for update in ordered {
            let actual = try loadDirect(update.reference)
            guard actual == update.expected else {
                return .changedMeanwhile(reference: update.reference, actual: actual)
            }
        }
        for (update, lock) in zip(ordered, held) {
            try fill(lock, with: update.target, isDurable: isDurable)
        }
        if isDurable { try Files.flushContents(held, Self.moving) }
        var folders: Set<String> = []
        var kept: [String: UInt] = [:]
        for (update, lock) in zip(ordered, held) {
            try log(update, by: signature)
            if !placeKeepingOld(lock, at: update.reference, &kept) {
                try place(lock, at: update.reference)
            }
            var folder = Path.parent(of: update.reference)
            folders.insert(path(folder))
            // A new name may have needed new folders, whose own names are to be kept as well.
            while update.expected == nil, folder.contains("/") {
                folder = Path.parent(of: folder)
                folders.insert(path(folder))
            }
        }
        held.removeAll()
        if isDurable {
            for folder in folders.sorted() { try Files.flushFolder(folder, Self.moving) }
        }
        rememberSpares(kept, isFlushed: isDurable)
        return .moved
    }

    /// Removes a reference and its reflog, if it still has the expected value.
    func delete(_ name: String, expecting expected: ObjectID) throws(GitError) -> RefOutcome {
        try ReferenceName.require(name, Self.removing)
        let lock = try lock(name, isNew: false)
        defer { _ = unsafe unlink(lock) }
        let actual = try loadDirect(name)
        guard actual == expected else {
            return .changedMeanwhile(reference: name, actual: actual)
        }
        // The packed value goes first: without the loose one it would come back to life.
        try deletePacked(name)
        try Files.remove(path(name), Self.removing)
        try Files.remove(path("logs/" + name), Self.removing)
        _ = unsafe unlink(lock)
        removeEmptyFolders(above: name)
        return .moved
    }

    /// Removes our own lock files below some folders; the caller knows that no writer of ours is
    /// alive.
    func sweepLocks(below folders: [String]) throws(GitError) -> [String] {
        var removed: [String] = []
        for folder in folders {
            for name in try Files.names(in: path(folder), Self.sweeping) {
                let full = Path.join(folder, name)
                if try Files.isFolder(path(full), Self.sweeping) {
                    removed += try sweepLocks(below: [full])
                } else if name.hasSuffix(".lock"), Files.isMarked(path(full)),
                    try Files.remove(path(full), Self.sweeping)
                {
                    removed.append(full)
                }
            }
        }
        return removed
    }

    static var moving: String { "move a reference" }
    static var removing: String { "remove a reference" }
    static var sweeping: String { "sweep stale locks" }

    /// The value without following links.
    ///
    /// - Throws: `.invalid` when the reference is a link, which would be overwritten.
    private func loadDirect(_ name: String) throws(GitError) -> ObjectID? {
        if let bytes = try Files.load(path(name), Self.moving), bytes.starts(with: "ref:".utf8) {
            throw GitError(.invalid, Self.moving, at: name, "it is a link to another reference")
        }
        return try load(name)
    }

    /// Takes the lock file of a reference, empty at first.
    func lock(_ name: String, isNew: Bool) throws(GitError) -> String {
        let lock = path(name) + ".lock"
        if isNew { try requireFree(name) }
        var attempt = 0
        while true {
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
            let number = unsafe open(lock, flags, Files.ownMark | 0o666)
            if number >= 0 {
                _ = close(number)
                return lock
            }
            attempt += 1
            if errno == ENOENT, attempt < Self.lockAttempts {
                try Files.makeFolders(Path.parent(of: lock), within: folder, Self.moving)
                continue
            }
            guard errno == EEXIST else { throw GitError.system(Self.moving, at: lock) }
            guard attempt < Self.lockAttempts else {
                let reason = "\(lock) is held by another process or was left by one that died"
                throw GitError(.locked, Self.moving, at: name, reason)
            }
            _ = sched_yield()
        }
    }

    /// Refuses a name that is a folder of another name or the other way round.
    private func requireFree(_ name: String) throws(GitError) {
        let packed = try loadPacked().ids
        var folder = Path.parent(of: name)
        while folder.hasPrefix("refs/") {
            let status = try Files.status(path(folder), Self.moving)
            guard packed[folder] == nil, status.map(Self.isFile) != true else {
                throw GitError(.exists, Self.moving, at: name, "\(folder) is a reference")
            }
            folder = Path.parent(of: folder)
        }
        if let inner = packed.keys.filter({ $0.hasPrefix(name + "/") }).min() {
            throw GitError(.exists, Self.moving, at: name, "\(inner) is a reference")
        }
    }

    private static func isFile(_ status: stat) -> Bool { status.st_mode & S_IFMT != S_IFDIR }

    private func fill(
        _ lock: String,
        with target: ObjectID,
        isDurable: Bool
    ) throws(GitError) {
        let number = unsafe open(lock, O_WRONLY | O_CLOEXEC)
        guard number >= 0 else { throw GitError.system(Self.moving, at: lock) }
        let file = Descriptor(number)
        let content = Array("\(target)\n".utf8)
        // A file whose blocks are not allocated yet is written out when it replaces another, which
        // costs a write to the disk that nobody asked for. File systems without this call are only
        // slower, so its result does not matter.
        if !isDurable { _ = posix_fallocate(number, 0, off_t(content.count)) }
        try file.write(content, Self.moving, at: lock)
    }

    private func place(_ lock: String, at name: String) throws(GitError) {
        if unsafe rename(lock, path(name)) == 0 { return }
        // Empty folders stay behind when the references in them are removed.
        if errno == EISDIR || errno == ENOTEMPTY || errno == EEXIST {
            removeEmptyFolders(at: path(name))
        }
        try Files.move(lock, to: path(name), Self.moving)
    }

    private func log(_ update: RefUpdate, by signature: Signature) throws(GitError) {
        guard let message = update.message else { return }
        let old = update.expected ?? .zero
        let words = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        let line = Array("\(old) \(update.target) \(signature.line)\t\(words)\n".utf8)
        var names = [update.reference]
        if let head = try Files.load(path("HEAD"), Self.moving)?.text,
            head.trimmingSpaces == "ref: \(update.reference)"
        {
            names.append("HEAD")
        }
        for name in names {
            let file = path("logs/" + name)
            if try Files.isFolder(file, Self.moving) { removeEmptyFolders(at: file) }
            do {
                try Files.append(line, to: file, Self.moving)
            } catch {
                guard error.code == .notFound else { throw error }
                try Files.makeFolders(Path.parent(of: file), within: folder, Self.moving)
                try Files.append(line, to: file, Self.moving)
            }
        }
    }

    private func deletePacked(_ name: String) throws(GitError) {
        guard try loadPacked().ids[name] != nil else { return }
        let lock = path("packed-refs.lock")
        do {
            try Files.create(lock, [], mode: Files.ownMark | 0o666, Self.removing)
        } catch {
            guard error.code == .exists else { throw error }
            throw GitError(.locked, Self.removing, at: name, "\(lock) is held or was left behind")
        }
        defer { _ = unsafe unlink(lock) }
        // Read again now that nobody else may write it.
        let file = path("packed-refs")
        let bytes = try Files.load(file, Self.removing) ?? []
        let rest = try PackedReferences(bytes: bytes, at: file).encoded(without: name)
        try Files.replace(file, rest, Self.removing)
    }

    /// Removes folders without any file in them; `rmdir` refuses all others.
    private func removeEmptyFolders(at folder: String) {
        // Names that cannot be listed make the rename that follows fail with a reason.
        for name in (try? Files.names(in: folder, Self.removing)) ?? [] {
            removeEmptyFolders(at: Path.join(folder, name))
        }
        _ = unsafe rmdir(folder)
    }

    private func removeEmptyFolders(above name: String) {
        for root in ["", "logs/"] {
            var folder = Path.parent(of: root + name)
            let floor = root.isEmpty ? 2 : 3
            while folder.split(separator: "/").count > floor, unsafe rmdir(path(folder)) == 0 {
                folder = Path.parent(of: folder)
            }
        }
    }
}
