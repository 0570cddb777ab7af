// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Testing
import TestSupport

@testable import Supervisor

@Suite("What the owner does to branches of agents", .scratchFolder)
struct OwnerBranchTests {
    /// Checks that the agent can go on and that its next turn is on its branch.
    private func goesOn(_ owner: OwnerBench) async throws {
        try owner.takeTurn("goes on")
        #expect(try owner.publish() == [])
        let head = try await owner.bench.head(of: "researcher")
        #expect(head == owner.head?.description)
        #expect(try await owner.areReachable(owner.made.map(\.description)))
    }

    @Test("commits of theirs are joined with turns that wait", arguments: [0, 2])
    func advanced(waiting: Int) async throws {
        let owner = try await OwnerBench.make()
        for turn in 0..<waiting { try owner.takeTurn("waits \(turn)") }
        let theirs = try await owner.commitOnBranch("docs/idea.md", "my idea\n")

        var reports: [OwnerReport] = []
        if waiting == 0 {
            reports = try BranchGuard(desk: owner.desk)
                .settle(owner.publisher, branches: &owner.branches, at: OwnerBench.time)
        }
        reports += try owner.publish()

        #expect(reports.map(\.code) == [.branchAdvanced])
        #expect(reports[0].message.contains("one commit"))
        let parents = try await owner.git.lines(
            "rev-parse",
            "agents/researcher^1",
            "agents/researcher^2"
        )
        #expect(parents[1] == theirs)
        if waiting > 0 { #expect(parents[0] == owner.made.last?.description) }
        #expect(try await owner.bench.show("agents/researcher:docs/idea.md") == "my idea\n")
        #expect(try await owner.areReachable([theirs] + owner.made.map(\.description)))
        try await goesOn(owner)
        #expect(owner.branches[owner.agent.name]?.record?.summary == "goes on")
        let entries = try TurnLog(owner.desk)
            .entries(of: [owner.agent.name], limit: 99, isQuietShown: true)
        #expect(entries.map(\.record.turn) == Array((1...entries.count).reversed()))
    }

    @Test("a state that they changed is theirs; what the agent said stays as it was said")
    func theirState() async throws {
        let owner = try await OwnerBench.make()
        try owner.takeTurn("waits")
        let theirs = try await owner.commitOnBranch("agents/researcher/STATE.md", "their state\n")

        _ = try owner.publish()

        let state = try await owner.bench.show("agents/researcher:agents/researcher/STATE.md")
        #expect(state == "their state\n")
        #expect(try await owner.bench.files(of: "researcher", in: "notes").count > 0)
        #expect(try await owner.areReachable([theirs]))
    }

    @Test("a signal that they forge is left out, and reported")
    func forged() async throws {
        let owner = try await OwnerBench.make()
        let file = "agents/researcher/signals/0000/99/1-1-proposal.json"
        let theirs = try await owner.commitOnBranch(file, "{}\n")
        try owner.takeTurn("waits")

        let reports = try owner.publish()

        #expect(reports.first?.message.contains("1 changes of what the agent said") == true)
        let files = try await owner.git.lines("ls-tree", "-r", "--name-only", "agents/researcher")
        #expect(!files.contains(file))
        #expect(try await owner.areReachable([theirs]))
    }

    @Test(
        "a branch moved elsewhere is followed, and the desk's own line is saved",
        arguments: ["reset", "amend", "orphan"],
        [0, 2]
    )
    func rewritten(how: String, waiting: Int) async throws {
        let owner = try await OwnerBench.make()
        let before = try #require(owner.head).description
        for turn in 0..<waiting { try owner.takeTurn("waits \(turn)") }
        let turns = try #require(owner.branches[owner.agent.name]).nextTurn
        switch how {
        case "reset":
            try await owner.bench.rewind("researcher", by: 1)
        case "amend":
            let made = try await owner.git.lines(
                "commit-tree",
                "-m",
                "amended",
                "-p",
                "agents/researcher~1",
                "agents/researcher^{tree}"
            )
            try await owner.git.run("update-ref", "refs/heads/agents/researcher", made[0])
        default:
            let made = try await owner.git.lines("commit-tree", "-m", "new", "main^{tree}")
            try await owner.git.run("update-ref", "refs/heads/agents/researcher", made[0])
        }
        let theirs = try await owner.bench.head(of: "researcher")

        var reports = try BranchGuard(desk: owner.desk)
            .settle(owner.publisher, branches: &owner.branches, at: OwnerBench.time)
        reports += try owner.publish()

        #expect(reports.map(\.code) == [.branchRewritten])
        let rescue = try #require(reports[0].rescue)
        let saved = try await owner.git.lines("rev-parse", "\(rescue)^1")[0]
        #expect(saved == (owner.made.last?.description ?? before))
        #expect(try await owner.bench.head(of: "researcher") == theirs)
        #expect(try await owner.areReachable([theirs, before] + owner.made.map(\.description)))
        #expect(owner.branches[owner.agent.name]?.nextTurn == turns)
        try await goesOn(owner)
        #expect(try await owner.git.lines("rev-parse", "agents/researcher^1") == [theirs])
        #expect(try owner.desk.repository.rescues()[0].reason.contains("was moved by somebody"))
    }

    @Test("a deleted branch is made again with what waits", arguments: [0, 2])
    func deleted(waiting: Int) async throws {
        let owner = try await OwnerBench.make()
        for turn in 0..<waiting { try owner.takeTurn("waits \(turn)") }
        let head = try #require(owner.head).description
        try await owner.git.run("update-ref", "-d", "refs/heads/agents/researcher")

        var reports = try BranchGuard(desk: owner.desk)
            .settle(owner.publisher, branches: &owner.branches, at: OwnerBench.time)
        reports += try owner.publish()

        #expect(reports.map(\.code) == [.branchDeleted])
        #expect(try await owner.bench.head(of: "researcher") == head)
        try await goesOn(owner)
    }

    @Test("what a killed desk had kept is settled at the next start")
    func recovered() async throws {
        let owner = try await OwnerBench.make()
        try owner.takeTurn("kept")
        try owner.publisher.keep(by: owner.desk.maintainer)
        let theirs = try await owner.commitOnBranch("docs/idea.md", "my idea\n")

        let recovery = try BranchGuard(desk: try owner.bench.open()).recover(at: OwnerBench.time)

        #expect(recovery.reports.map(\.code) == [.branchAdvanced])
        #expect(try await owner.areReachable([theirs] + owner.made.map(\.description)))
        #expect(try owner.desk.repository.keptPublication()?.publisher.updates == [])
    }

    @Test("a name that somebody takes for a branch of their own stays theirs")
    func takenName() async throws {
        let owner = try await OwnerBench.make()
        try owner.takeTurn("waits")
        let lesson = try #require(owner.made.last)
        owner.publisher.add(
            RefUpdate(reference: "refs/heads/skills/researcher/slow", to: lesson, expecting: nil)
        )
        try await owner.git.run("branch", "skills/researcher/slow", "main")
        let theirs = try await owner.git.lines("rev-parse", "main")[0]

        let reports = try owner.publish()

        #expect(reports.map(\.code) == [.lessonTaken])
        #expect(try await owner.git.lines("rev-parse", "skills/researcher/slow") == [theirs])
        #expect(try await owner.areReachable([lesson.description]))
    }

    @Test("while there is no main, agents go on from what they had")
    func noMain() async throws {
        let owner = try await OwnerBench.make()
        let last = try owner.desk.mainHead()
        try await owner.git.run("update-ref", "-d", "refs/heads/main")

        var guarding = try MainGuard(desk: owner.desk, last: last)

        #expect(guarding.good == last)
        #expect(throws: SupervisorError.self) { try MainGuard(desk: owner.desk) }
        try await owner.git.run("update-ref", "refs/heads/main", last.description)
        #expect(try guarding.look()?.code == .mainReturned)
    }

    @Test("main is followed while it grows, and not when it is rewritten or deleted")
    func main() async throws {
        let owner = try await OwnerBench.make()
        var guarding = try MainGuard(desk: owner.desk)
        let first = guarding.good.description
        #expect(try guarding.look() == nil)

        try await owner.git.run("commit", "--quiet", "--allow-empty", "-m", "grows")
        #expect(try guarding.look() == nil)
        let second = guarding.good.description
        try await owner.git.run("reset", "--quiet", "--hard", "HEAD~1")
        #expect(try guarding.look()?.code == .mainRewritten)
        #expect(try guarding.look() == nil)
        #expect(guarding.good.description == second)
        try await owner.git.run("update-ref", "-d", "refs/heads/main")
        #expect(try guarding.look()?.code == .mainDeleted)
        try await owner.git.run("update-ref", "refs/heads/main", second)
        #expect(try guarding.look()?.code == .mainReturned)

        #expect(first != second)
    }

    @Test("what they put on an agent's branch stays when main moves on, unless main changed it too")
    func besideMain() async throws {
        let owner = try await OwnerBench.make()
        let manual = "agents/researcher/SKILL.md"
        let text = try await owner.bench.show("main:\(manual)")
        for (file, content) in [
            ("docs/idea.md", "my idea\n"), (manual, text + "- theirs\n"), ("README.md", "mine\n"),
        ] {
            _ = try await owner.commitOnBranch(file, content)
            _ = try BranchGuard(desk: owner.desk)
                .settle(owner.publisher, branches: &owner.branches, at: OwnerBench.time)
            _ = try owner.publish()
        }
        try owner.bench.desk.replace("README.md", with: Array("main's\n".utf8))
        try owner.bench.desk.replace("new.md", with: Array("new\n".utf8))
        try await owner.git.run("add", "README.md", "new.md")
        try await owner.git.run("commit", "--quiet", "-m", "main moves on")
        var branch = try #require(owner.branches[owner.agent.name])

        let overruled = try branch.takeIn(
            main: try owner.desk.mainHead(),
            repository: owner.desk.repository
        )
        owner.branches[owner.agent.name] = branch
        try owner.takeTurn("with main")
        _ = try owner.publish()

        #expect(overruled == ["README.md"])
        let report = OwnerReport.overruled(overruled, of: owner.agent.name).first
        #expect(report?.message.hasPrefix("README.md changed on agents/researcher and on") == true)
        #expect(OwnerReport.overruled([], of: owner.agent.name) == [])
        for (file, content) in [
            ("docs/idea.md", "my idea\n"), (manual, text + "- theirs\n"),
            ("README.md", "main's\n"), ("new.md", "new\n"),
            ("agents/researcher/STATE.md", "state with main\n"),
        ] {
            #expect(try await owner.bench.show("agents/researcher:\(file)") == content)
        }
    }
}
