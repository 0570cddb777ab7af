// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Git's own claim to collect garbage, `gc.pid`, held so that `git gc` declines beside a desk.
///
/// Git honours it while the process it names lives on this machine and the file is younger than
/// twelve hours, so it is touched at each use. A claim of a process that died is replaced; that of
/// a collection that runs is left alone.
final class CollectionHold {
    /// How long git honours a claim, in seconds.
    static let lifetimeSeconds = 12 * 3600

    private let path: String
    /// The inode of the claim that is ours.
    private var mine: UInt?

    init(commonFolder: String) { path = Path.join(commonFolder, "gc.pid") }

    deinit { release() }

    private static let operation = "keep git gc away"

    /// Takes the claim, or keeps it fresh.
    ///
    /// - Returns: False when somebody else has it, which is not an error: packs that are being
    ///   published are protected by themselves.
    @discardableResult
    func take() throws(GitError) -> Bool {
        if let mine, try Files.status(path, Self.operation).map({ UInt($0.st_ino) }) == mine {
            // A claim that cannot be touched still holds for hours.
            _ = unsafe utimensat(AT_FDCWD, path, nil, 0)
            return true
        }
        mine = nil
        let lock = path + ".lock"
        let number = unsafe open(
            lock,
            O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
            Files.ownMark | 0o666
        )
        guard number >= 0 else {
            guard errno == EEXIST else { throw GitError.system(Self.operation, at: lock) }
            return false
        }
        let file = Descriptor(number)
        do {
            let now = try file.status(Self.operation, at: lock)
            guard try !isHeld(asOf: now.st_mtim.tv_sec) else {
                try Files.remove(lock, Self.operation)
                return false
            }
            try file.write(Array("\(getpid()) \(Self.host)".utf8), Self.operation, at: lock)
            try Files.move(lock, to: path, Self.operation)
            mine = UInt(now.st_ino)
            return true
        } catch {
            // The first error is the one to report; a claim of ours that stays is swept.
            _ = try? Files.remove(lock, Self.operation)
            throw error
        }
    }

    /// Gives the claim up, if it is still ours.
    func release() {
        defer { mine = nil }
        // A claim that cannot be looked at stays; git takes it for stale after some hours.
        let found = (try? Files.status(path, Self.operation)) ?? nil
        guard let mine, found.map({ UInt($0.st_ino) }) == mine else { return }
        _ = unsafe unlink(path)
    }

    /// Removes a claim that a desk left when it was killed.
    static func sweep(commonFolder: String) throws(GitError) -> [String] {
        let path = Path.join(commonFolder, "gc.pid")
        guard Files.isMarked(path), let holder = try load(path),
            !ProcessLife.isAlive(holder.process)
        else { return [] }
        return try Files.remove(path, "sweep stale files") ? ["gc.pid"] : []
    }

    /// Who has the claim; nil when there is none that can be read.
    static func claim(commonFolder: String) throws(GitError) -> CollectionClaim? {
        let path = Path.join(commonFolder, "gc.pid")
        guard let holder = try load(path) else { return nil }
        return CollectionClaim(
            processID: holder.process,
            host: holder.host,
            isOurs: Files.isMarked(path),
            isAlive: holder.host != host || ProcessLife.isAlive(holder.process)
        )
    }

    private func isHeld(asOf seconds: Int) throws(GitError) -> Bool {
        guard let status = try Files.status(path, Self.operation),
            let holder = try Self.load(path)
        else {
            return false
        }
        guard seconds - status.st_mtim.tv_sec <= Self.lifetimeSeconds else { return false }
        return holder.host != Self.host || ProcessLife.isAlive(holder.process)
    }

    private static func load(
        _ path: String
    ) throws(GitError) -> (process: pid_t, host: String)? {
        guard let text = try Files.load(path, "read gc.pid")?.text else { return nil }
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let process = pid_t(words[0]) else { return nil }
        return (process, String(words[1]))
    }

    private static var host: String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
