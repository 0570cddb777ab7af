// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Packs that git must not remove, marked by a `.keep` file beside them as git itself does while it
/// fetches.
extension ObjectStore {
    /// The file that every `.keep` of ours is a second name of: making and removing a name is
    /// cheap where making a file is not, and shows which ones are ours.
    private var keeper: String {
        Path.join(Path.parent(of: Path.parent(of: folder)), Self.keeperName)
    }

    private static var keeperName: String { "loopdesk/keep" }

    /// Keeps git from removing a pack.
    func keep(_ name: PackName) throws(GitError) {
        let operation = "keep a pack"
        let target = path(name, "keep")
        for attempt in 0..<2 {
            if unsafe link(keeper, target) == 0 || errno == EEXIST { return }
            guard errno == ENOENT || errno == EMLINK, attempt == 0 else { break }
            let draft = keeper + ".new"
            try Files.makeFolders(Path.parent(of: keeper), within: folder, operation)
            try Files.remove(draft, operation)
            try Files.create(draft, Array("loopdesk publishes this pack\n".utf8), operation)
            try Files.move(draft, to: keeper, operation)
        }
        throw GitError.system(operation, at: target)
    }

    /// Lets git treat a pack as any other again.
    func release(_ name: PackName) {
        let target = path(name, "keep")
        guard isOurs(target) else { return }
        _ = unsafe unlink(target)
    }

    /// True when both files of a pack are there.
    func isComplete(_ name: PackName) throws(GitError) -> Bool {
        guard try Files.exists(path(name, "pack"), "look for a pack") else { return false }
        return try Files.exists(path(name, "idx"), "look for a pack")
    }

    /// Throws when a pack or its index is there and cannot be read.
    func requireReadablePacks() throws(GitError) {
        let operation = "read a pack"
        for name in try Files.names(in: folder, operation)
        where name.hasSuffix(".idx") || name.hasSuffix(".pack") {
            try Files.requireReadable(Path.join(folder, name), operation)
        }
    }

    /// Removes the marks that a killed desk left.
    func sweepKeeps(_ names: [String]) throws(GitError) -> [String] {
        var removed: [String] = []
        for name in names where name.hasSuffix(".keep") {
            let file = Path.join(folder, name)
            guard isOurs(file), try Files.remove(file, "sweep stale files") else { continue }
            removed.append(name)
        }
        return removed
    }

    private func isOurs(_ path: String) -> Bool {
        // A mark that cannot be looked at is left alone.
        let own = (try? Files.status(keeper, "look at a mark")) ?? nil
        // As above.
        let found = (try? Files.status(path, "look at a mark")) ?? nil
        guard let own, let found else { return false }
        return own.st_ino == found.st_ino && own.st_dev == found.st_dev
    }
}
