// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// Settles what other people did to the branches of agents, so that neither side loses a commit.
///
/// A branch that only grew is joined with what waits for publication. One that was moved elsewhere
/// is followed, and what the desk had on it is saved on a rescue ref. One that is gone is made
/// again. Nothing here moves a reference: the moves are added to the publisher, each from the
/// value that was seen, so a change in between is found at publication and settled in turn.
struct BranchGuard {
    let desk: OpenDesk

    /// How often a publication is tried again when branches keep moving.
    static let attemptLimit = 8

    /// The agents' branches that are not where the desk left them, in the order of the agents.
    func foreignMoves(
        _ branches: [AgentName: AgentBranch],
        _ publisher: Publisher
    ) throws -> [ForeignMove] {
        try branches.values.sorted { $0.name < $1.name }.compactMap { branch in
            let reference = branch.name.reference
            let waiting = publisher.updates.first { $0.reference == reference }
            let actual = try desk.repository.reference(reference)
            // Where it was to go it may be, whoever put it there.
            if let waiting, waiting.target == actual { return nil }
            return try ForeignMove(
                reference,
                expected: waiting == nil ? branch.head : waiting?.expected,
                actual: actual,
                in: desk.repository
            )
        }
    }

    /// Publishes what waits, settling whatever somebody did to the branches meanwhile.
    /// - Returns: What was found and done; empty when nobody interfered.
    /// - Throws: A ``SupervisorError`` with code `changedMeanwhile` when a branch moved again and
    ///   again between looking and publishing; nothing is lost then, and it can be tried later.
    func publish(
        _ publisher: Publisher,
        branches: inout [AgentName: AgentBranch],
        at time: Instant
    ) throws -> [OwnerReport] {
        var reports: [OwnerReport] = []
        let author = desk.author("supervisor", at: time)
        for _ in 0..<Self.attemptLimit {
            let targets = publisher.updates.map(\.target)
            let outcome = try publisher.publish(by: author)
            guard outcome != .moved else {
                try desk.repository.notePublished(targets, by: author)
                return reports
            }
            reports += try settle(publisher, branches: &branches, at: time)
            try publisher.keep(by: author)
        }
        try publisher.publish(by: author).requireMoved()
        return reports
    }

    /// Adds to the publisher what settles every foreign move of a branch or a waiting reference.
    func settle(
        _ publisher: Publisher,
        branches: inout [AgentName: AgentBranch],
        at time: Instant
    ) throws -> [OwnerReport] {
        // What waits is read below. Until a reference moves, the publisher writes it once more.
        try desk.repository.objects.write(publisher.batch, isDurable: false)
        var reports: [OwnerReport] = []
        for move in try foreignMoves(branches, publisher) {
            guard let name = branches.keys.first(where: { $0.reference == move.reference }),
                var branch = branches[name]
            else { continue }
            reports.append(try takeIn(move, branch: &branch, publisher: publisher, at: time))
            branches[name] = branch
        }
        let agents = Set(branches.keys.map(\.reference))
        for update in publisher.updates where !agents.contains(update.reference) {
            let actual = try desk.repository.reference(update.reference)
            guard actual != update.expected else { continue }
            reports.append(try giveWay(update, to: actual, publisher, at: time))
        }
        return reports
    }

    /// Adds to the publisher what settles one foreign move, and brings the branch up to date.
    ///
    /// What waits for publication must be stored already, if not yet referred to.
    func takeIn(
        _ move: ForeignMove,
        branch: inout AgentBranch,
        publisher: Publisher,
        at time: Instant
    ) throws -> OwnerReport {
        switch (move.kind, move.actual) {
        case (.advanced, let theirs?):
            return try join(move, theirs, &branch, publisher, at: time)
        case (.rewritten, let theirs?):
            return try follow(move, theirs, &branch, publisher, at: time)
        default:
            return try makeAgain(move, &branch, publisher, at: time)
        }
    }

    private func makeAgain(
        _ move: ForeignMove,
        _ branch: inout AgentBranch,
        _ publisher: Publisher,
        at time: Instant
    ) throws -> OwnerReport {
        let name = branch.name
        let report: OwnerReport
        if try !desk.repository.isGone(branch.head) {
            let place = "\(branch.head)".prefix(10)
            report = OwnerReport(
                .branchDeleted,
                agent: name,
                "\(name.branch) was deleted by somebody and made again at \(place)"
            )
        } else {
            let turn = branch.record?.turn ?? 0
            let main = try desk.mainHead()
            branch = try AgentBranch(
                agent: branch.agent,
                head: main,
                main: main,
                repository: desk.repository
            )
            branch.turnFloor = turn
            report = OwnerReport(
                .branchLost,
                agent: name,
                "\(name.branch) was deleted by somebody and its commits are gone; the agent"
                    + " starts again from main"
            )
        }
        publisher.add(
            RefUpdate(
                reference: move.reference,
                to: branch.head,
                expecting: nil,
                message: "made again after somebody deleted it"
            ),
            turn: branch.nextTurn - 1
        )
        return report
    }
}
