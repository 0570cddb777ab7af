// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Repository {
    /// How many rescue refs an agent may have before the older half is gathered in an archive.
    public static let rescueLimit = 256

    private static var archivedKey: String { "Archived" }

    /// All rescues, also those in archives, sorted by agent and time, newest first.
    public func rescues() throws(GitError) -> [Rescue] {
        var found: [Rescue] = []
        for (name, id) in try references(withPrefix: "refs/rescue/") {
            if name.hasSuffix("/archive") {
                found += try archived(in: id)
            } else {
                found.append(try rescue(name, id, isArchived: false))
            }
        }
        return found.sorted { left, right in
            (left.agent, -left.seconds, left.reference)
                < (right.agent, -right.seconds, right.reference)
        }
    }

    /// Gathers the older rescue refs of each agent that has too many into one archive ref.
    ///
    /// The archive's commits have the rescued ones as parents, so nothing becomes unreachable: the
    /// archive stands before the first ref is removed.
    func archiveRescues(by signature: Signature) throws(GitError) -> Int {
        var groups: [String: [Rescue]] = [:]
        for (name, id) in try references(withPrefix: "refs/rescue/")
        where !name.hasSuffix("/archive") {
            groups[Path.parent(of: name), default: []].append(
                try rescue(name, id, isArchived: false)
            )
        }
        var count = 0
        for (folder, rescues) in groups.sorted(by: { $0.key < $1.key })
        where rescues.count > Self.rescueLimit {
            let oldest = rescues.sorted { ($0.seconds, $0.reference) < ($1.seconds, $1.reference) }
                .prefix(rescues.count - Self.rescueLimit / 2)
            try archive(Array(oldest), below: folder, by: signature)
            count += oldest.count
        }
        return count
    }

    private func archive(
        _ rescues: [Rescue],
        below folder: String,
        by signature: Signature
    ) throws(GitError) {
        let reference = folder + "/archive"
        let last = try self.reference(reference)
        var head = last
        // Git takes any number of parents, but tools show a few hundred badly.
        for start in stride(from: 0, to: rescues.count, by: 32) {
            let group = rescues[start..<min(start + 32, rescues.count)]
            var batch = ObjectBatch()
            let lines = group.map { "\(Self.archivedKey): \($0.reference) \($0.commit)\n" }
            let made = batch.addCommit(
                tree: batch.addEmptyTree(),
                parents: (head.map { [$0] } ?? []) + group.map(\.commit),
                author: signature,
                message: "Archive of \(group.count) rescues\n\n\(lines.joined())"
            )
            try objects.write(batch, isDurable: true)
            head = made
        }
        guard let head else { return }
        let outcome = try update(
            reference: reference,
            to: head,
            expecting: last,
            by: signature,
            message: "archived \(rescues.count) rescues",
            isDurable: true
        )
        guard outcome == .moved else { return }
        for rescue in rescues { try deleteReference(rescue.reference, expecting: rescue.commit) }
    }

    private func archived(in head: ObjectID) throws(GitError) -> [Rescue] {
        var found: [Rescue] = []
        var next: ObjectID? = head
        while let id = next {
            let commit = try commit(id)
            next = nil
            for line in commit.values(of: Self.archivedKey) {
                let parts = line.split(separator: " ")
                guard parts.count == 2, let saved = ObjectID(hex: parts[1]) else { continue }
                found.append(try rescue(String(parts[0]), saved, isArchived: true))
            }
            // The first parent is the archive before, unless it is a rescue itself.
            if let first = commit.parents.first, !found.contains(where: { $0.commit == first }) {
                next = first
            }
        }
        return found
    }

    private func rescue(
        _ name: String,
        _ id: ObjectID,
        isArchived: Bool
    ) throws(GitError) -> Rescue {
        let commit = try commit(id)
        let note = RescueNote(commit)
        let owner = Path.parent(of: String(name.dropFirst("refs/rescue/".count)))
        return Rescue(
            reference: name,
            commit: id,
            agent: note?.agent ?? owner,
            seconds: commit.author.seconds,
            reason: note?.reason ?? "the branch's last commit: \(commit.subject)",
            head: note?.head ?? (note == nil ? id : nil),
            isArchived: isArchived
        )
    }
}
