// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// What the supervisor knows of one agent's branch: the only writer's copy of its head.
struct AgentBranch {
    let agent: AgentConfiguration
    /// The newest commit; the commit of `main` it started from before its first turn.
    private(set) var head: ObjectID
    /// The tree of the head, ready to be edited.
    var tree: TreeEditor
    /// The record of the newest turn, if there was one.
    private(set) var record: TurnRecord?
    /// The commit of `main` that the branch contains.
    private(set) var main: ObjectID
    /// Whether ``main`` was taken in since the head, so that the next commit joins the two.
    private(set) var mainIsNew = false
    /// Whether the worktree shows the skills of ``main``; a turn that comes to nothing leaves it
    /// with those of the commit before.
    var skillsAreShown = true
    /// A number that no further turn may have, because a turn that was saved aside has it.
    var turnFloor = 0
    /// The blob ids of the skills as the head has them, for the trailers.
    private(set) var skills: [String] = []

    init(
        agent: AgentConfiguration,
        head: ObjectID,
        main: ObjectID,
        repository: Repository
    ) throws {
        self.agent = agent
        self.head = head
        self.main = main
        let commit = try repository.commit(head)
        tree = try TreeEditor(repository, tree: commit.tree)
        record = try repository.newestTurn(of: agent.name, from: commit)?.record
        try readSkills()
    }

    var name: AgentName { agent.name }

    /// The number of the next turn.
    var nextTurn: Int { max(record?.turn ?? 0, turnFloor) + 1 }

    /// The folders of an agent in which only its own turns write.
    static let recordFolders = ["signals", "notes", "deadletters", "requests", "tape"]

    /// What an agent itself writes on its branch.
    private static func ownWords(of agent: AgentName) -> [String] {
        (recordFolders + ["STATE.md"]).map { "\(agent.folder)/\($0)" }
    }

    /// The files of the branch that the agent's worktree shows.
    static func visiblePaths(of agent: AgentConfiguration) -> [String] {
        ["\(agent.name.folder)/SKILL.md", "\(agent.name.folder)/STATE.md"]
            + agent.skills.map { "skills/\($0)" }
    }

    /// The files that hold the agent's skills, its own first.
    var skillPaths: [(name: String, path: String)] {
        [(name.description, "\(name.folder)/SKILL.md")]
            + agent.skills.map { ($0, "skills/\($0)/SKILL.md") }
    }

    /// Takes in a newer `main`: everything of main, what people put on the branch itself, and the
    /// agent's own words on top.
    ///
    /// All that the branch holds has to be stored.
    /// - Returns: The files that people have changed here and on main as well; they are as on main.
    mutating func takeIn(main newMain: ObjectID, repository: Repository) throws -> [String] {
        let (base, theirs) = (
            try repository.commit(main).tree, try repository.commit(newMain).tree
        )
        var merged = try TreeEditor(repository, tree: theirs)
        for path in Self.ownWords(of: name) {
            guard let entry = try tree.entry(at: path) else { continue }
            try merged.set(path, blob: entry.id, mode: entry.mode)
        }
        var overruled: [String] = []
        let foreign = try repository.changes(
            from: base,
            to: try repository.commit(head).tree,
            leavingOut: Self.ownWords(of: name)
        )
        for change in foreign {
            let was = try repository.entry(atPath: change.path, in: base)
            let now = try repository.entry(atPath: change.path, in: theirs)
            guard now != was else {
                if let blob = change.newID {
                    try merged.set(change.path, blob: blob, mode: change.mode)
                } else {
                    try merged.remove(change.path)
                }
                continue
            }
            if now?.id != change.newID { overruled.append(change.path) }
        }
        tree = merged
        main = newMain
        mainIsNew = true
        skillsAreShown = false
        try readSkills()
        return overruled
    }

    /// Moves the branch to a commit that was just made from ``tree``.
    mutating func advance(to commit: ObjectID, record: TurnRecord) {
        head = commit
        self.record = record
        mainIsNew = false
    }

    /// Moves the branch to a commit that joins it with what somebody else made, out of ``tree``.
    mutating func advance(toJoin commit: ObjectID) throws {
        head = commit
        skillsAreShown = false
        try readSkills()
    }

    /// The skill files as the tree has them, each checked.
    /// - Throws: A `DeskError` with code `skill` when `main` brought one that cannot be used.
    mutating func loadSkills(_ repository: Repository) throws -> [(path: String, bytes: [UInt8])] {
        var files: [(path: String, bytes: [UInt8])] = []
        for skill in skillPaths {
            guard let entry = try tree.entry(at: skill.path) else {
                throw DeskError(code: .skill, file: skill.path, message: "missing on main")
            }
            let bytes = try repository.blob(entry.id)
            _ = try Skill(parsing: String(decoding: bytes, as: UTF8.self), file: skill.path)
            files.append((skill.path, bytes))
        }
        return files
    }

    private mutating func readSkills() throws {
        var found: [String] = []
        for skill in skillPaths {
            guard let entry = try tree.entry(at: skill.path) else { continue }
            found.append("\(skill.name) \(entry.id)")
        }
        skills = found
    }
}

extension Repository {
    /// The newest turn of an agent on a line of commits, with its commit.
    ///
    /// What other people put on the branch after it is passed over, up to a limit.
    func newestTurn(
        of agent: AgentName,
        from commit: Commit
    ) throws -> (commit: Commit, record: TurnRecord)? {
        var next = commit
        for _ in 0..<Self.foreignCommitLimit {
            if next.author.name == agent.description, let record = TurnRecord(next) {
                return (next, record)
            }
            guard let parent = next.parents.first else { return nil }
            next = try self.commit(parent)
        }
        return nil
    }

    /// How many commits of other people in a row are passed over in search of a turn.
    static var foreignCommitLimit: Int { 1024 }
}

extension TurnRecord {
    /// The record that a commit carries; nil when the commit is not a turn's.
    init?(_ commit: Commit) {
        self.init(
            subject: commit.subject,
            trailers: commit.trailers.map { ($0.key, $0.value) }
        )
    }
}
