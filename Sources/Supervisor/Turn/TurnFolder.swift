// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// The files of one turn in an agent's worktree: what is delivered, and what is taken out.
struct TurnFolder {
    let agent: AgentConfiguration
    let worktree: Folder
    let limits: SupervisionConfiguration
    let secrets: SecretScan

    /// Everything a turn wrote, read once.
    struct Harvest {
        var signals: [(topic: Topic, bytes: [UInt8])] = []
        var notes: [[UInt8]] = []
        var state: [UInt8]
        /// What the turn asked for, and what came of it.
        var tape = TurnTape()
        /// Whether the outbox holds files in the making as well, which nobody has looked at.
        var hasUnfinished = false
    }

    /// The most entries of an outbox, files in the making included.
    static let entryLimit = 10_000

    /// An output that must not be committed, and why.
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    /// Empties the exchange folders and writes newer skills and the inbox.
    func deliver(_ plan: TurnPlan) throws(FileError) {
        for skill in plan.newSkills { try worktree.replace(skill.path, with: skill.bytes) }
        try empty(worktree.folder(TurnContract.outbox))
        let inbox = worktree.folder(TurnContract.inbox)
        if worktree.isOwnFolder(TurnContract.inbox) {
            do {
                try fill(inbox, with: plan)
                return
            } catch {
                // What an agent left there, such as a folder, is in the way; it goes below.
            }
        }
        try empty(inbox)
        try fill(inbox, with: plan)
    }

    private func empty(_ folder: Folder) throws(FileError) {
        do {
            try folder.removeContents()
        } catch {
            guard error.code == .notFound else { throw error }
            try folder.create()
        }
    }

    private func fill(_ inbox: Folder, with plan: TurnPlan) throws(FileError) {
        // Files that turns have in common are written over, which spares the disk most of its work.
        var stale = Set(try inbox.names())
        for (index, signal) in plan.deliveries.enumerated() {
            let name = Self.name(index, "\(signal.topic.rawValue).json")
            stale.remove(name)
            try inbox.overwrite(name, with: signal.delivery.compactBytes)
        }
        for (index, request) in plan.requests.enumerated() {
            let name = Self.name(index, "\(request.kind.rawValue).request")
            stale.remove(name)
            try inbox.overwrite(name, with: request.delivery.compactBytes)
        }
        for name in stale.sorted() { try inbox.removeFile(name) }
    }

    private static func name(_ index: Int, _ rest: String) -> String {
        let number = String(index + 1)
        return String(repeating: "0", count: max(0, 4 - number.count)) + number + "-" + rest
    }

    /// Reads what the turn left, checking names, kinds, sizes, topics and forms.
    ///
    /// Each file is opened below the worktree's own descriptor and read once. What was checked is
    /// what is returned, whatever the agent does to its files meanwhile.
    /// - Throws: A ``Refusal``; nothing has been changed then.
    func harvest() throws(Refusal) -> Harvest {
        let root = try readable { () throws(FileError) in try UntrustedFolder(worktree) }
        let statePath = "\(agent.name.folder)/STATE.md"
        let state = try readable { () throws(FileError) in
            try root.read(statePath, limitBytes: StateFile.limitBytes)
        }
        // It is made empty for the first turn.
        guard !state.isEmpty else { throw refusal("\(statePath) is empty; write it in each turn") }
        _ = try checked { () throws(DeskError) in try StateFile(parsing: state, file: statePath) }
        try requireNoSecret(in: state, of: statePath)
        var harvest = Harvest(state: state)
        let outbox = try openOutbox(in: root)
        let entries = try readable { () throws(FileError) in
            try outbox.entries(atMost: Self.entryLimit)
        }
        let names = entries.map { String(decoding: $0.name, as: UTF8.self) }
            .filter { !$0.hasSuffix(".part") }
        harvest.hasUnfinished = names.count < entries.count
        guard names.count <= limits.filesPerTurn else {
            throw refusal(
                "the outbox holds \(names.count) files; at most \(limits.filesPerTurn) are allowed"
            )
        }
        // Sorted, so that of several wrong names the same one is told each time.
        var files: [OutboxName] = []
        for name in names.sorted() { files.append(try OutboxName(name)) }
        for file in files.sorted() {
            let bytes = try readable { () throws(FileError) in
                try outbox.read(file.name, limitBytes: limits.fileLimitBytes)
            }
            try add(file, bytes, to: &harvest)
        }
        return harvest
    }

    private func openOutbox(
        in root: borrowing UntrustedFolder
    ) throws(Refusal) -> UntrustedFolder {
        do {
            return try root.folder(TurnContract.outbox.utf8)
        } catch {
            guard error.code == .notFound || error.code == .wrongKind else {
                throw refusal(error.description.replacing("\(worktree.path)/", with: ""))
            }
            throw refusal("there is no folder outbox")
        }
    }

    private func readable<Result: ~Copyable>(
        _ body: () throws(FileError) -> Result
    ) throws(Refusal) -> Result {
        do {
            return try body()
        } catch {
            // Where the desk stands must not get into a commit.
            throw refusal(error.description.replacing("\(worktree.path)/", with: ""))
        }
    }
}
