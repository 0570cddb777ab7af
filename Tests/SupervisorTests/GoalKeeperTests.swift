// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Processes
import Testing
import TestSupport

@testable import Supervisor

@Suite("Goals of a desk", .scratchFolder)
struct GoalKeeperTests {
    private let now = Instant(secondsSinceEpoch: 1_000_000_000)

    /// A desk whose worker has a goal; turns are made by hand, as a live desk would publish them.
    private struct Field {
        let bench: Bench
        let worker: AgentName
        private(set) var turn = 0

        static func make(_ goal: String) async throws -> Field {
            var setting = Bench.Setting()
            setting.agents = [("worker", "role: researcher, goal: {\(goal)}")]
            let bench = try await Bench.make("a", setting)
            let desk = try bench.open()
            try desk.repository.createBranch(
                "agents/worker",
                at: try desk.mainHead(),
                by: desk.author("supervisor", at: Instant(secondsSinceEpoch: 0))
            )
            return Field(bench: bench, worker: try #require(AgentName("worker")))
        }

        func keeper(_ check: GoalKeeper.Check? = nil) throws -> GoalKeeper {
            GoalKeeper(try bench.open(), check: check)
        }

        var goal: TriggerID {
            get throws {
                try #require(try bench.open().configuration.agents[0].triggers.goal).id
            }
        }

        /// Commits one turn with what it says.
        mutating func commit(
            at time: Instant,
            triggers: [TurnTrigger],
            signals: [(Topic, JSON)] = [],
            state: String? = nil,
            isParked: Bool = false,
            trailers: String = ""
        ) async throws {
            turn += 1
            let git = bench.git
            let tree = "\(bench.root.path)/tree"
            try await git.run("worktree", "add", "--quiet", "--force", tree, "agents/worker")
            for (index, signal) in signals.enumerated() {
                let path = SignalPath(agent: worker, turn: turn, index: index + 1)
                try write(path.signal(signal.0), Signal.draft(signal.0, signal.1).prettyBytes)
            }
            if let state { try write("agents/worker/STATE.md", Array(state.utf8)) }
            if isParked {
                let path = SignalPath(agent: worker, turn: turn, index: 1)
                try write(path.deadLetter, Array("{}".utf8))
            }
            let record = TurnRecord(
                turn: turn,
                time: time,
                round: 1,
                summary: "turn \(turn)",
                frontiers: [],
                skills: [],
                data: nil,
                triggers: triggers
            )
            let inside = GitCommand(in: tree)
            try await inside.run("add", "--all")
            try await inside.run(
                "commit",
                "--quiet",
                "--allow-empty",
                "--author=\(worker) <\(worker)@desk>",
                "-m",
                record.message + trailers
            )
            try await git.run("worktree", "remove", "--force", tree)
        }

        private func write(_ path: String, _ bytes: [UInt8]) throws {
            let parts = path.split(separator: "/")
            let folder = bench.root.folder("tree/" + parts.dropLast().joined(separator: "/"))
            try folder.create()
            try folder.replace(String(parts[parts.count - 1]), with: bytes)
        }
    }

    private func verdict(_ passed: Bool) -> (Topic, JSON) {
        (.verdict, ["kind": "report", "subject": "x", "passed": .bool(passed), "rules": []])
    }

    @Test("a goal is met when its condition holds over the committed signals, and stays met")
    func met() async throws {
        var field = try await Field.make("until: 'passed.report >= 2 && last.verdict.passed'")
        let goal = TurnTrigger.goal(try field.goal)
        let keeper = try field.keeper()
        #expect(try keeper.review(field.worker, at: now)?.state == .active)

        for passed in [true, false, true] {
            #expect(try keeper.reserve(field.worker, at: now))
            try await field.commit(at: now, triggers: [goal], signals: [verdict(passed)])
            let state = try keeper.review(field.worker, at: now)?.state
            #expect(state == (field.turn == 3 ? .met : .active))
        }

        try await field.commit(at: now, triggers: [.mail], signals: [verdict(false)])
        #expect(try field.keeper().review(field.worker, at: now)?.state == .met)
        #expect(try !keeper.reserve(field.worker, at: now))
    }

    @Test("turns, tokens and costs are counted from commits, whatever becomes of the desk's files")
    func restarts() async throws {
        var field = try await Field.make("until: 'turns > 99', turns: 4, tokens: 100, money: 2")
        let goal = TurnTrigger.goal(try field.goal)
        try await field.commit(at: now, triggers: [.mail], state: "a", trailers: "Tokens: 9\n")
        for number in 1...2 {
            #expect(try field.keeper().reserve(field.worker, at: now))
            try await field.commit(
                at: now,
                triggers: [.mail, goal],
                state: "\(number)",
                trailers: "Tokens: 20\nCost: 0.5\n"
            )
        }
        let kept = try #require(try field.keeper().review(field.worker, at: now))
        let file = field.bench.desk.folder(".loopdesk/goals")

        try file.replace("worker.json", with: Array("{damaged".utf8))
        let read = try field.keeper().status(of: field.worker, at: now)
        try file.removeFile("worker.json")
        let again = try #require(try field.keeper().review(field.worker, at: now))

        #expect(kept.budget.spent == GoalSpending(turns: 2, tokens: 40, money: Decimal8(1)))
        #expect(read == again && again.budget.spent == kept.budget.spent)
        #expect(again.budget.dearest == kept.budget.dearest && again.budget.started == now)
    }

    @Test("another turn that would break a limit is refused before it starts")
    func exhausted() async throws {
        var field = try await Field.make("until: 'turns > 99', turns: 2")
        let goal = TurnTrigger.goal(try field.goal)
        let keeper = try field.keeper()
        for number in 1...2 {
            #expect(try keeper.reserve(field.worker, at: now))
            try await field.commit(at: now, triggers: [goal], state: "\(number)")
        }

        #expect(try !keeper.reserve(field.worker, at: now))
        let status = try #require(try keeper.review(field.worker, at: now))
        #expect(status.state == .exhausted)
        #expect(status.reason == "another turn would exceed turns")
        #expect(status.budget.spent.turns == 2)
    }

    @Test("a turn that a kill has lost is paid for and runs again as the same turn")
    func lostTurn() async throws {
        var field = try await Field.make("until: 'turns > 99', turns: 2, tokens: 100")
        let goal = TurnTrigger.goal(try field.goal)
        #expect(try field.keeper().reserve(field.worker, at: now))
        try await field.commit(at: now, triggers: [goal], state: "1", trailers: "Tokens: 30\n")
        #expect(try field.keeper().reserve(field.worker, at: now))

        #expect(try field.keeper().reserve(field.worker, at: now))

        let status = try #require(try field.keeper().status(of: field.worker, at: now))
        #expect(status.budget.spent == GoalSpending(turns: 1, tokens: 60))
        #expect(status.budget.reserved?.tokens == 30 && status.state == .active)
    }

    @Test("two turns in a row without a signal or a change of memory block a goal until one has")
    func blocked() async throws {
        var field = try await Field.make("until: 'turns > 99'")
        let goal = TurnTrigger.goal(try field.goal)
        let keeper = try field.keeper()
        for expected in [GoalState.active, .blocked] {
            #expect(try keeper.reserve(field.worker, at: now))
            try await field.commit(at: now, triggers: [goal])
            #expect(try keeper.review(field.worker, at: now)?.state == expected)
        }
        #expect(try !keeper.reserve(field.worker, at: now))

        try await field.commit(at: now, triggers: [.mail], state: "new")

        #expect(try keeper.review(field.worker, at: now)?.state == .active)
        #expect(try keeper.reserve(field.worker, at: now))
    }

    @Test("a turn that was parked fails the goal")
    func parked() async throws {
        var field = try await Field.make("until: 'turns > 99'")
        let goal = TurnTrigger.goal(try field.goal)
        #expect(try field.keeper().reserve(field.worker, at: now))

        try await field.commit(at: now, triggers: [goal], isParked: true)

        let status = try #require(try field.keeper().review(field.worker, at: now))
        #expect(status.state == .failed && status.reason == "the last turn was parked")
    }

    @Test(
        "the exit status of a command decides, and a command that cannot be run fails the goal",
        arguments: [
            (.exited(code: 0), .met), (.exited(code: 1), .active), (.exited(code: 127), .failed),
            (.exited(code: 126), .failed), (.signalled(number: 9), .active), (nil, .failed),
        ] as [(Processes.ExitStatus?, GoalState)]
    )
    func check(exit: Processes.ExitStatus?, expected: GoalState) async throws {
        let field = try await Field.make("check: [make, test], check_timeout: 5s")
        var asked: [String] = []
        let keeper = try field.keeper { command, folder, timeout in
            asked.append("\(command.joined(separator: " ")) \(timeout) \(folder.path)")
            guard let exit else { throw SupportError("no such program") }
            return exit
        }

        let status = try #require(try keeper.review(field.worker, at: now))

        #expect(asked == ["make test 5s \(field.bench.desk.path)/worktrees/worker"])
        #expect(status.state == expected, "\(status)")
        #expect(try field.keeper().status(of: field.worker, at: now)?.state == expected)
    }

    @Test("a branch that somebody has moved back is counted again")
    func movedBranch() async throws {
        var field = try await Field.make("until: 'turns > 99'")
        let goal = TurnTrigger.goal(try field.goal)
        for number in 1...3 {
            try await field.commit(at: now, triggers: [goal], state: "\(number)")
        }
        #expect(try field.keeper().review(field.worker, at: now)?.budget.spent.turns == 3)

        try await field.bench.rewind("worker", by: 2)

        #expect(try field.keeper().review(field.worker, at: now)?.budget.spent.turns == 1)
    }

    @Test("what other people commit between turns hides none of them from the count")
    func foreignCommits() async throws {
        var field = try await Field.make("until: 'turns > 99', turns: 4")
        let goal = TurnTrigger.goal(try field.goal)
        for number in 1...2 {
            #expect(try field.keeper().reserve(field.worker, at: now))
            try await field.commit(at: now, triggers: [goal], state: "\(number)")
            let git = field.bench.git
            let branch = "agents/worker"
            let made =
                try await git
                .lines("commit-tree", "-m", "mine", "-p", branch, "\(branch)^{tree}")
            try await git.run("update-ref", "refs/heads/\(branch)", made[0])
        }
        let kept = try #require(try field.keeper().review(field.worker, at: now))
        try field.bench.desk.folder(".loopdesk/goals").removeFile("worker.json")

        let again = try #require(try field.keeper().status(of: field.worker, at: now))

        #expect(kept.budget.spent.turns == 2 && again.budget.spent.turns == 2)
        #expect(kept.budget.reserved == nil)
        #expect(again.state == .active)
    }

    @Test("an ending is news once, also to a later life of the desk")
    func news() async throws {
        let field = try await Field.make("until: 'turns > 99'")
        let first = try field.keeper()

        #expect(first.isNews(.met, of: field.worker))
        #expect(!first.isNews(.active, of: field.worker))
        try first.noteTold(.met, of: field.worker)

        let second = try field.keeper()
        #expect(!second.isNews(.met, of: field.worker))
        #expect(second.isNews(.exhausted, of: field.worker))
        try second.noteTold(.active, of: field.worker)
        #expect(try field.keeper().isNews(.met, of: field.worker))
    }

    @Test("an agent without a goal has no status and nothing to reserve")
    func none() async throws {
        let bench = try await Bench.make()
        let name = try #require(AgentName("researcher"))
        let keeper = GoalKeeper(try bench.open(), check: nil)

        #expect(try keeper.status(of: name, at: now) == nil)
        #expect(try keeper.review(name, at: now) == nil && !keeper.reserve(name, at: now))
    }
}
