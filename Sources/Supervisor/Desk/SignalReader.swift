// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Desk
public import Git

/// Reads signals from branches.
public struct SignalReader {
    private let repository: Repository

    /// Reads from a repository.
    public init(repository: Repository) {
        self.repository = repository
    }

    /// Calls a closure with each signal of a topic that an agent's commit holds, oldest first.
    /// - Parameters:
    ///   - topic: The topic; nil for all.
    ///   - agent: The agent.
    ///   - commit: The commit whose tree is read.
    ///   - body: What to do with each.
    /// - Throws: A `GitError` or a `DeskError` when the branch cannot be read, and what the closure
    ///   throws.
    public func forEach(
        _ topic: Topic?,
        of agent: AgentName,
        at commit: ObjectID,
        _ body: (Signal) throws -> Void
    ) throws {
        try forEachFile(topic, of: agent, at: commit) { signal, _, _ in
            try body(signal)
            return true
        }
    }

    /// As ``forEach(_:of:at:_:)`` with the path and the turn, until the closure says false.
    func forEachFile(
        _ topic: Topic?,
        of agent: AgentName,
        at commit: ObjectID,
        _ body: (Signal, String, Int) throws -> Bool
    ) throws {
        let tree = try repository.commit(commit).tree
        for file in try files(of: agent, in: tree) where topic == nil || file.topic == topic {
            let signal = try Signal(committed: try repository.blob(file.id), path: file.path)
            guard try body(signal, file.path, file.order.turn) else { return }
        }
    }

    /// The newest signals of an agent, newest first.
    /// - Parameters:
    ///   - topic: The topic; nil for all.
    ///   - agent: The agent.
    ///   - commit: The commit whose tree is read.
    ///   - limit: The most signals.
    /// - Returns: Each with its path and the turn in which it was said.
    /// - Throws: A `GitError` or a `DeskError` when the branch cannot be read.
    public func newest(
        _ topic: Topic?,
        of agent: AgentName,
        at commit: ObjectID,
        limit: Int
    ) throws -> [(signal: Signal, path: String, turn: Int)] {
        let tree = try repository.commit(commit).tree
        let known = try files(of: agent, in: tree).filter { topic == nil || $0.topic == topic }
        return try known.suffix(limit).reversed().map { file in
            let bytes = try repository.blob(file.id)
            return (try Signal(committed: bytes, path: file.path), file.path, file.order.turn)
        }
    }

    /// How many signals of each topic an agent's commit holds.
    public func counts(of agent: AgentName, at commit: ObjectID) throws -> [Topic: Int] {
        var counts: [Topic: Int] = [:]
        for file in try files(of: agent, in: try repository.commit(commit).tree) {
            counts[file.topic, default: 0] += 1
        }
        return counts
    }

    /// How many inboxes of an agent were parked.
    public func deadLetters(of agent: AgentName, at commit: ObjectID) throws -> Int {
        let tree = try repository.commit(commit).tree
        return try leaves(of: "\(agent.folder)/deadletters", in: tree).count
    }

    private struct File {
        let path: String
        let order: (folder: String, turn: Int, index: Int)
        let topic: Topic
        let id: ObjectID
    }

    private func files(of agent: AgentName, in tree: ObjectID) throws -> [File] {
        let root = "\(agent.folder)/signals"
        let files = try leaves(of: root, in: tree).compactMap { folder, leaf in
            Self.file(leaf, root: root, folder: folder)
        }
        return files.sorted { $0.order < $1.order }
    }

    /// The files in the two levels of folders below a root.
    private func leaves(
        of root: String,
        in tree: ObjectID
    ) throws -> [(folder: String, leaf: TreeEntry)] {
        guard let entry = try repository.entry(atPath: root, in: tree) else { return [] }
        var leaves: [(String, TreeEntry)] = []
        for thousands in try repository.tree(entry.id) where thousands.mode == .tree {
            for hundreds in try repository.tree(thousands.id) where hundreds.mode == .tree {
                let folder = "\(thousands.name)/\(hundreds.name)"
                for leaf in try repository.tree(hundreds.id) { leaves.append((folder, leaf)) }
            }
        }
        return leaves
    }

    private static func file(_ leaf: TreeEntry, root: String, folder: String) -> File? {
        guard leaf.name.hasSuffix(".json") else { return nil }
        let parts = leaf.name.dropLast(5).split(separator: "-", maxSplits: 2)
        guard parts.count == 3, let turn = Int(parts[0]), let index = Int(parts[1]),
            let topic = Topic(rawValue: String(parts[2]))
        else { return nil }
        return File(
            path: "\(root)/\(folder)/\(leaf.name)",
            order: (folder, turn, index),
            topic: topic,
            id: leaf.id
        )
    }
}
