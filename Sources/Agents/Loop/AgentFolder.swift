// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// The files of an agent's worktree, read before a turn and written after it.
struct AgentFolder {
    let worktree: Folder
    let context: AgentContext
    private var cache: [String: (bytes: [UInt8], skill: Skill)] = [:]

    init(worktree: Folder, context: AgentContext) {
        self.worktree = worktree
        self.context = context
    }

    /// Reads everything that a turn looks at.
    mutating func input(for run: TurnContract.Run) throws -> TurnInput {
        let statePath = "\(context.agent.folder)/STATE.md"
        let bytes = try worktree.readIfPresent(statePath, limitBytes: StateFile.limitBytes)
        let state = try bytes.map { try StateFile(parsing: $0, file: statePath) } ?? StateFile()
        let inbox = worktree.folder(TurnContract.inbox)
        let names = try inbox.names()
        let signals = try names.filter { $0.hasSuffix(".json") }.map { name in
            try Signal(delivered: try inbox.read(name), file: "inbox/\(name)")
        }
        let requests = try names.filter { $0.hasSuffix(".request") }.map { name in
            try JSON(parsing: try inbox.read(name))
        }
        return TurnInput(
            turn: run.turn,
            time: run.time,
            inbox: signals,
            requests: requests,
            state: state,
            skill: try skill("\(context.agent.folder)/SKILL.md"),
            sharedSkills: try context.skills.map { try skill("skills/\($0)/SKILL.md") }
        )
    }

    /// Writes what a turn said; each file appears whole or not at all.
    func publish(_ output: TurnOutput) throws {
        let outbox = worktree.folder(TurnContract.outbox)
        for (index, draft) in output.signals.enumerated() {
            try outbox.replace(
                "\(index + 1)-\(draft.topic.rawValue).json",
                with: Signal.draft(draft.topic, draft.body).prettyBytes
            )
        }
        for (index, note) in output.notes.enumerated() {
            try outbox.replace("\(index + 1)-note.md", with: Array(note.utf8))
        }
        // Should the process die here, the supervisor puts the file back from the last commit.
        try worktree.overwrite("\(context.agent.folder)/STATE.md", with: output.state.bytes)
    }

    /// Reads a skill, parsing it again only when its bytes have changed.
    private mutating func skill(_ path: String) throws -> Skill {
        let bytes = try worktree.read(path, limitBytes: 1 << 20)
        if let known = cache[path], known.bytes == bytes { return known.skill }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw DeskError(code: .skill, file: path, message: "not UTF-8")
        }
        let skill = try Skill(parsing: text, file: path)
        cache[path] = (bytes, skill)
        return skill
    }
}
