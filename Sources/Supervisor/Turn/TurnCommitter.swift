// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// Turns what came of a round into commits, one an agent, and publishes them.
///
/// What a killed desk had kept is published at its next start. What it had not runs again and gives
/// the same commits.
final class TurnCommitter {
    let desk: OpenDesk
    private let isDurable: Bool
    /// Commits that wait for publication, and the refs that will point to them.
    let publisher: Publisher
    /// Turns that are made again and must come out as they did, by number.
    var expected: [AgentName: [Int: ObjectID]] = [:]

    /// Makes a committer; when durability is promised, each round is flushed to the disk.
    init(desk: OpenDesk, isDurable: Bool) {
        self.desk = desk
        self.isDurable = isDurable
        publisher = Publisher(desk.repository, isDurable: isDurable)
    }

    /// Commits the outcomes of one round, and keeps them if durability is promised.
    /// - Returns: The finished turns, in the order of the plans.
    func commit(
        _ outcomes: [(plan: TurnPlan, outcome: TurnOutcome)],
        branches: inout [AgentName: AgentBranch]
    ) throws -> [FinishedTurn] {
        let turns = try add(outcomes, branches: &branches)
        if isDurable, let time = outcomes.first?.plan.time { try keep(at: time) }
        return turns
    }

    /// Makes commits of outcomes; until they are kept, a kill loses them.
    /// - Returns: The finished turns, in the order of the plans.
    func add(
        _ outcomes: [(plan: TurnPlan, outcome: TurnOutcome)],
        branches: inout [AgentName: AgentBranch]
    ) throws -> [FinishedTurn] {
        var turns: [FinishedTurn] = []
        for (plan, outcome) in outcomes {
            guard var branch = branches[plan.name] else { continue }
            let previous = branch.head
            let turn = try commit(plan, outcome, &branch)
            if let known = expected[plan.name]?[plan.turn], known != turn.commit {
                throw SupervisorError.departed(plan, from: known)
            }
            try propose(turn, plan, branch.main)
            publisher.add(
                RefUpdate(
                    reference: plan.name.reference,
                    to: turn.commit,
                    expecting: previous,
                    message: "turn \(plan.turn): \(turn.record.summary)"
                ),
                turn: plan.turn
            )
            branches[plan.name] = branch
            turns.append(turn)
        }
        return turns
    }

    /// How many branches have commits that wait for publication.
    var waitingCount: Int { publisher.updates.count }

    /// Makes sure that a kill does not lose what was committed.
    func keep(at time: Instant) throws {
        try publisher.keep(by: desk.author("supervisor", at: time))
    }

    /// Publishes what waits; afterwards everybody can read it.
    /// - Throws: A ``SupervisorError`` with code `changedMeanwhile` when somebody moved a branch;
    ///   no branch has moved then.
    func publish(at time: Instant) throws {
        try publisher.publish(by: desk.author("supervisor", at: time)).requireMoved()
    }

    private func commit(
        _ plan: TurnPlan,
        _ outcome: TurnOutcome,
        _ branch: inout AgentBranch
    ) throws -> FinishedTurn {
        let previous = branch.head
        var signals: [Signal] = []
        let story: TurnStory
        let tape: TurnTape
        switch outcome {
        case .finished(let harvest, let told):
            signals = try write(harvest, plan, &branch)
            (story, tape) = (told, harvest.tape)
            branch.skillsAreShown = true
        case .parked(let reason, let asked, let spending):
            tape = asked
            let path = SignalPath(agent: plan.name, turn: plan.turn, index: 1).deadLetter
            try branch.tree.set(path, content: Self.deadLetter(plan, reason).prettyBytes)
            story = TurnStory("dead letter: \(reason)", spending: spending)
        }
        for (index, request) in plan.requests.enumerated() {
            let path = SignalPath(agent: plan.name, turn: plan.turn, index: index + 1)
                .request(request.kind.rawValue)
            try branch.tree.set(path, content: request.delivery.prettyBytes)
        }
        if !tape.isEmpty {
            let path = TurnTape.path(of: plan.name, turn: plan.turn)
            try branch.tree.set(path, content: tape.bytes)
        }
        let record = plan.record(story, skills: branch.skills, tape)
        let tree = try branch.tree.write(into: &publisher.batch)
        let isMerge = branch.mainIsNew
        let commit = publisher.batch.addCommit(
            tree: tree,
            parents: isMerge ? [previous, branch.main] : [previous],
            author: desk.author(plan.name.description, at: plan.time),
            message: record.message
        )
        branch.advance(to: commit, record: record)
        return FinishedTurn(agent: plan.name, commit: commit, record: record, signals: signals)
    }

    private func write(
        _ harvest: TurnFolder.Harvest,
        _ plan: TurnPlan,
        _ branch: inout AgentBranch
    ) throws -> [Signal] {
        var signals: [Signal] = []
        for (index, file) in harvest.signals.enumerated() {
            let path = SignalPath(agent: plan.name, turn: plan.turn, index: index + 1)
                .signal(file.topic)
            try branch.tree.set(path, content: file.bytes)
            signals.append(try Signal(committed: file.bytes, path: path))
        }
        for (index, note) in harvest.notes.enumerated() {
            let path = SignalPath(agent: plan.name, turn: plan.turn, index: index + 1).note
            try branch.tree.set(path, content: note)
        }
        try branch.tree.set("\(plan.name.folder)/STATE.md", content: harvest.state)
        return signals
    }

    private static func deadLetter(_ plan: TurnPlan, _ reason: String) -> JSON {
        [
            "schema": 1, "turn": .int(Int64(plan.turn)), "time": .string(plan.time.description),
            "reason": .string(reason), "inbox": .array(plan.inbox.map(\.delivery)),
        ]
    }

    /// Makes the branches that a turn's lessons propose; one that is there already is left alone.
    func propose(_ turn: FinishedTurn, _ plan: TurnPlan, _ main: ObjectID) throws {
        for signal in turn.signals where signal.topic == .lesson {
            let lesson = try Lesson(json: signal.body)
            let reference = "refs/heads/skills/\(plan.name)/\(lesson.slug)"
            let isKnown = try desk.repository.reference(reference) != nil
            guard !isKnown, !publisher.updates.contains(where: { $0.reference == reference }) else {
                continue
            }
            let path = "\(plan.name.folder)/SKILL.md"
            var tree = try TreeEditor(
                desk.repository,
                tree: try desk.repository.commit(main).tree
            )
            guard let entry = try tree.entry(at: path) else { continue }
            let text = String(decoding: try desk.repository.blob(entry.id), as: UTF8.self)
            guard let edited = lesson.applied(to: text) else { continue }
            try tree.set(path, content: Array(edited.utf8))
            let commit = publisher.batch.addCommit(
                tree: try tree.write(into: &publisher.batch),
                parents: [main],
                author: desk.author(plan.name.description, at: plan.time),
                message: Self.lessonMessage(lesson, signal: signal, agent: plan.name)
            )
            publisher.add(
                RefUpdate(
                    reference: reference,
                    to: commit,
                    expecting: nil,
                    message: "lesson: \(lesson.slug)"
                )
            )
        }
    }

    private static func lessonMessage(
        _ lesson: Lesson,
        signal: Signal,
        agent: AgentName
    ) -> String {
        """
        \(agent): propose the rule \(lesson.slug)

        \(lesson.text)

        Merge this branch into main to make the rule hold from the agent's next turn on.

        Lesson: \(signal.id)
        Trade: \(lesson.trade)

        """
    }
}

extension RefOutcome {
    /// Throws a ``SupervisorError`` with code `changedMeanwhile` when a ref was somewhere else.
    func requireMoved() throws {
        guard case .changedMeanwhile(let reference, let actual) = self else { return }
        throw SupervisorError(
            .changedMeanwhile,
            "\(reference) was moved to \(actual.map { "\($0)" } ?? "nothing") by somebody else",
            hint: "the desk left it alone; run the command again, which takes in or saves aside"
                + " what was done to it"
        )
    }
}

extension SupervisorError {
    /// A turn that somebody took off came out other than before, so its number would stand for two.
    fileprivate static func departed(_ plan: TurnPlan, from known: ObjectID) -> SupervisorError {
        SupervisorError(
            .inconsistent,
            "turn \(plan.turn) of \(plan.name), which somebody took off its branch, came out other"
                + " than before",
            hint: "go on with the one that was taken off: git update-ref \(plan.name.reference)"
                + " \(known); or start over with --fresh"
        )
    }
}

extension OpenDesk {
    /// The author of a commit that was made on behalf of somebody at a desk time.
    func author(_ name: String, at time: Instant) -> Signature {
        Signature(
            name: name,
            email: "\(name)@\(Self.mailDomain)",
            seconds: time.secondsSinceEpoch
        )
    }

    /// A domain that can never be a real one (RFC 2606).
    private static let mailDomain = "loopdesk.invalid"
}
