// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

extension BranchGuard {
    /// Makes a commit that joins the desk's own line with what somebody added to the branch.
    ///
    /// Its tree is the desk's with every change of theirs, except in what the agent has said:
    /// signals, notes and dead letters stay as they were said.
    func join(
        _ move: ForeignMove,
        _ theirs: ObjectID,
        _ branch: inout AgentBranch,
        _ publisher: Publisher,
        at time: Instant
    ) throws -> OwnerReport {
        let repository = desk.repository
        let rest = try takeChanges(of: theirs, since: move.expected, &branch)
        let count = try repository.walk(from: theirs, until: move.expected.map { [$0] } ?? []).count
        let commits = count == 1 ? "one commit" : "\(count) commits"
        let commit = publisher.batch.addCommit(
            tree: try branch.tree.write(into: &publisher.batch),
            parents: [branch.head, theirs],
            author: desk.author("supervisor", at: time),
            message: """
                take in \(commits) that somebody made on \(branch.name.branch)

                \(Self.joinTrailer): \(theirs)

                """
        )
        try branch.advance(toJoin: commit)
        publisher.add(
            RefUpdate(
                reference: move.reference,
                to: commit,
                expecting: theirs,
                message: "took in \(commits) of somebody's"
            ),
            turn: branch.nextTurn - 1
        )
        return OwnerReport(
            .branchAdvanced,
            agent: branch.name,
            "somebody made \(commits) on \(branch.name.branch); they were taken in\(rest)"
        )
    }

    /// Puts what somebody changed into the tree of an agent's branch.
    /// - Returns: What was left out, as the end of a sentence.
    private func takeChanges(
        of theirs: ObjectID,
        since expected: ObjectID?,
        _ branch: inout AgentBranch
    ) throws -> String {
        let repository = desk.repository
        let base = try expected.map { try repository.commit($0).tree }
        let indexed = try repository.indexedTree(of: branch.name.description)
        let said = AgentBranch.recordFolders.map { "\(branch.name.folder)/\($0)/" }
        var (leftOut, older) = (0, 0)
        for change in try repository.changes(from: base, to: try repository.commit(theirs).tree) {
            guard !said.contains(where: { change.path.hasPrefix($0) }) else {
                leftOut += 1
                continue
            }
            // A commit out of an index that is older than the branch takes back what came since.
            if let indexed, indexed != base,
                try repository.entry(atPath: change.path, in: indexed)?.id == change.newID
            {
                older += 1
                continue
            }
            if let blob = change.newID {
                try branch.tree.set(change.path, blob: blob, mode: change.mode)
            } else {
                try branch.tree.remove(change.path)
            }
        }
        var rest = leftOut == 0 ? "" : "; \(leftOut) changes of what the agent said were left out"
        if older > 0 {
            let files = older == 1 ? "one file that was" : "\(older) files that were"
            rest += "; \(files) merely older stay as the agent has them"
        }
        return rest
    }

    /// The trailer of a commit that joins, with the commit that was taken in.
    static var joinTrailer: String { "Joined" }

    /// Goes on from where somebody put the branch, and saves what the desk had on it.
    func follow(
        _ move: ForeignMove,
        _ theirs: ObjectID,
        _ branch: inout AgentBranch,
        _ publisher: Publisher,
        at time: Instant
    ) throws -> OwnerReport {
        let repository = desk.repository
        let name = branch.name
        let place = "\(theirs)".prefix(10)
        let rescue = try save(
            branch.head,
            of: name,
            "\(name.branch) was moved by somebody to \(place)",
            publisher
        )
        let turn = branch.nextTurn - 1
        let main = try desk.repository.reference("refs/heads/main")
        let base = try main.flatMap { try repository.mergeBase(theirs, $0) }
        branch = try AgentBranch(
            agent: branch.agent,
            head: theirs,
            main: base ?? theirs,
            repository: repository
        )
        // Turns that were saved aside have been heard, so their numbers are not used again.
        branch.turnFloor = turn
        branch.skillsAreShown = false
        publisher.add(
            RefUpdate(reference: move.reference, to: theirs, expecting: theirs),
            turn: turn
        )
        return OwnerReport(
            .branchRewritten,
            agent: name,
            "\(name.branch) was moved by somebody to \(place); the agent goes on from there",
            rescue: rescue
        )
    }

    /// Leaves a name that somebody took meanwhile to them, and saves what it was to stand for.
    func giveWay(
        _ update: RefUpdate,
        to actual: ObjectID?,
        _ publisher: Publisher,
        at time: Instant
    ) throws -> OwnerReport {
        let short = String(update.reference.dropFirst("refs/heads/".count))
        let parts = short.split(separator: "/")
        let agent = parts.count == 3 ? AgentName(String(parts[1])) : nil
        guard let actual else {
            // It was there and is gone: what waits makes it again.
            publisher.add(
                RefUpdate(
                    reference: update.reference,
                    to: update.target,
                    expecting: nil,
                    message: update.message
                )
            )
            return OwnerReport(.branchDeleted, agent: agent, "\(short) was deleted and made again")
        }
        let rescue = try save(
            update.target,
            of: agent,
            "somebody made a branch \(short) of their own",
            publisher
        )
        publisher.add(RefUpdate(reference: update.reference, to: actual, expecting: actual))
        return OwnerReport(
            .lessonTaken,
            agent: agent,
            "somebody made a branch \(short) of their own, which was left alone",
            rescue: rescue
        )
    }

    /// Adds a rescue ref for a commit to the publisher.
    /// - Returns: The name of the ref.
    func save(
        _ head: ObjectID,
        of agent: AgentName?,
        _ reason: String,
        _ publisher: Publisher
    ) throws -> String {
        let saved = try desk.repository.commit(head)
        let owner = agent?.description ?? "desk"
        let commit = publisher.batch.addCommit(
            tree: saved.tree,
            parents: [head],
            author: Signature.rescue(seconds: saved.author.seconds),
            message: RescueNote(agent: owner, reason: reason, head: head).message
        )
        let reference = "refs/rescue/\(owner)/\("\(commit)".prefix(16))"
        if try desk.repository.reference(reference) != commit {
            publisher.add(
                RefUpdate(
                    reference: reference,
                    to: commit,
                    expecting: nil,
                    message: "saved: \(reason)"
                )
            )
        }
        return reference
    }
}
