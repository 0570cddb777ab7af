// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Repository {
    /// Every commit that a reference stands for, or has stood for as far as reflogs tell.
    ///
    /// Annotated tags are followed; what is not stored any more, and what is no commit, is left
    /// out.
    /// - Parameter known: Ids that are commits for certain, and need not be looked at again.
    /// - Returns: The commits, each once; those of references come first.
    /// - Throws: A `GitError` when references, reflogs or objects cannot be read.
    public func historyRoots(known: Set<ObjectID> = []) throws(GitError) -> [ObjectID] {
        var roots: [ObjectID] = []
        var seen: Set<ObjectID> = []
        let referred = try references(withPrefix: "refs/").map(\.id)
        let logged = try references.loggedIDs().sorted()
        for id in referred + logged where seen.insert(id).inserted {
            guard let commit = known.contains(id) ? id : try peeled(id) else { continue }
            if commit == id || seen.insert(commit).inserted { roots.append(commit) }
        }
        return roots
    }

    /// How many tags may stand for one another.
    private static let tagDepth = 5

    private func peeled(_ start: ObjectID) throws(GitError) -> ObjectID? {
        var id = start
        for _ in 0..<Self.tagDepth {
            guard try contains(id) else { return nil }
            if try isKind(id, .commit) { return id }
            guard try isKind(id, .tag) else { return nil }
            let text = String(decoding: try load(id, .tag), as: UTF8.self)
            guard let line = text.split(separator: "\n").first, line.hasPrefix("object "),
                let target = ObjectID(hex: String(line.dropFirst(7)))
            else { return nil }
            id = target
        }
        return nil
    }

    private func isKind(_ id: ObjectID, _ kind: ObjectKind) throws(GitError) -> Bool {
        do {
            _ = try load(id, kind)
            return true
        } catch {
            guard error.code == .invalid else { throw error }
            return false
        }
    }
}

extension ReferenceStore {
    /// Every id in any reflog, those of worktrees excepted.
    fileprivate func loggedIDs() throws(GitError) -> Set<ObjectID> {
        var ids: Set<ObjectID> = []
        try collectIDs(at: "logs", &ids)
        return ids
    }

    private func collectIDs(at name: String, _ ids: inout Set<ObjectID>) throws(GitError) {
        let operation = "read reflogs"
        guard try Files.exists(path(name), operation) else { return }
        if try Files.isFolder(path(name), operation) {
            for child in try Files.names(in: path(name), operation) {
                try collectIDs(at: Path.join(name, child), &ids)
            }
            return
        }
        // It may be cut or removed between the two looks.
        let text = try Files.load(path(name), operation) ?? []
        for line in text.split(separator: 0x0A) {
            let words = line.split(separator: 0x20, maxSplits: 2)
            for word in words.prefix(2) {
                guard let id = ObjectID(hex: String(decoding: word, as: UTF8.self)), id != .zero
                else { continue }
                ids.insert(id)
            }
        }
    }
}
