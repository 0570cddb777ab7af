// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing
import TestSupport

@testable import Supervisor

@Suite("Lessons and skills", .scratchFolder)
struct LessonTests {
    private static let slug = "no-entry-in-march"

    /// The researcher proposes the same lesson on each of its turns from the second on.
    private static let teaching = """
        def before(turn, attempt):
            if turn >= 2:
                say(7, "lesson", {"slug": "no-entry-in-march", "date": "2000-03-02",
                    "subject": "intent", "text": "March is bad.", "trade": "trade-1",
                    "predicate": "action == \\"exit\\""})
        """

    private static let branch = "skills/researcher/\(slug)"
    private static let skill = "agents/researcher/SKILL.md"

    @Test("a lesson becomes one commit to one skill, on a branch of its own, once")
    func proposed() async throws {
        let bench = try await Bench.make()
        try bench.script("researcher", Self.teaching)

        try bench.run(through: 4)

        #expect(try await bench.git.lines("rev-list", "--count", "main..\(Self.branch)") == ["1"])
        #expect(
            try await bench.git.lines("diff", "--name-only", "main", Self.branch) == [Self.skill]
        )
        #expect(
            try await bench.show("\(Self.branch):\(Self.skill)")
                == Bench.skill("researcher").drop(trailing: "\n") + """


                    ## Rules for an intent

                    - 2000-03-02: March is bad. `action == "exit"`

                    """
        )
        let message = try await bench.git.run("log", "-1", "--format=%B", Self.branch).stdout
        #expect(message.hasPrefix("researcher: propose the rule \(Self.slug)\n\nMarch is bad.\n"))
        #expect(try await bench.trailers("Trade", of: Self.branch) == ["trade-1"])
        let branches = try await bench.git.lines("branch", "--list", "skills/*")
        #expect(branches.count == 1)
        let lessons = try await bench.files(of: "researcher", in: "signals")
            .filter { $0.hasSuffix("lesson.json") }
        #expect(lessons.count == 3)
    }

    @Test("a lesson's branch is the same after an interruption")
    func resumed() async throws {
        let bench = try await Bench.make()
        try bench.script("researcher", Self.teaching)
        try bench.run(through: 2)
        try await bench.git.run("branch", "--quiet", "-D", Self.branch)
        try await bench.rewind("backtester", by: 1)

        try bench.run(through: 4)

        let whole = try await Bench.undisturbed(4, scripts: ["researcher": Self.teaching])
        #expect(try await bench.heads() == whole)
        #expect(whole.contains { $0.contains(Self.branch) })
    }

    @Test("a merged lesson reaches the agent at its next turn")
    func merged() async throws {
        let bench = try await Bench.make()
        try bench.script("researcher", Self.teaching)
        try bench.run(through: 3)
        try await bench.git.run("merge", "--quiet", "--no-ff", "-m", "a good rule", Self.branch)
        let main = try await bench.git.lines("rev-parse", "main")[0]
        let before = try await bench.head(of: "researcher")

        try bench.run(through: 4)

        let turn = "agents/researcher"
        #expect(
            try await bench.git.lines("log", "-1", "--format=%P", turn, "--") == [
                "\(before) \(main)"
            ]
        )
        let rules = try await bench.git.lines("rev-parse", "main:\(Self.skill)")[0]
        #expect(try await bench.trailers("Skill", of: turn).first == "researcher \(rules)")
        let shown = try bench.desk.folder("worktrees/researcher").read(Self.skill)
        #expect(
            String(decoding: shown, as: UTF8.self) == (try await bench.show("main:\(Self.skill)"))
        )
        #expect(try await bench.show("\(turn):\(Self.skill)").contains("March is bad."))
        #expect(try await bench.files(of: "researcher", in: "notes").count == 4)
        try bench.run(through: 5)
        #expect(
            try await bench.git.lines("rev-list", "--merges", "--first-parent", turn, "--").count
                == 1
        )
        let check = try await bench.git.run("fsck", "--full", "--strict", "--no-dangling")
        #expect(check.stderr.isEmpty)
        for (name, _) in Bench.pipeline {
            let worktree = GitCommand(in: bench.desk.path(of: "worktrees/\(name)"))
            #expect(try await worktree.lines("status", "--porcelain").isEmpty)
        }
    }

    @Test("a merge while the desk runs gives the same commits as one between two runs")
    func mergedMeanwhile() async throws {
        let bench = try await Bench.make("one")
        let other = try await Bench.make("other")
        for desk in [bench, other] {
            try desk.script("researcher", Self.teaching)
            try desk.run(through: 3)
            try await desk.git.run("merge", "--quiet", "--no-ff", "-m", "a rule", Self.branch)
        }

        try bench.run(through: 6)
        for day in 4...6 {
            try other.run(through: day)
            try await other.rewind("researcher", by: 1)
        }
        try other.run(through: 6)

        #expect(try await bench.heads() == other.heads())
    }

    @Test("an agent is shown a merged skill even when its first turn with it is parked")
    func mergedThenParked() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 1)
        try bench.write(
            "desk/agents/researcher",
            "SKILL.md",
            Bench.skill("researcher", more: "New.")
        )
        try await bench.commit("a new skill")
        try bench.script(
            "researcher",
            """
            def before(turn, attempt):
                if turn == 2:
                    raise SystemExit(1)
                with open(f"{own}/SKILL.md") as file:
                    note(9, file.read())
            """
        )

        try bench.run(through: 3)

        let note = try await bench.show(
            "agents/researcher:agents/researcher/notes/0000/00/000003-2.md"
        )
        #expect(note == Bench.skill("researcher", more: "New."))
        let worktree = GitCommand(in: bench.desk.path(of: "worktrees/researcher"))
        #expect(try await worktree.lines("status", "--porcelain").isEmpty)
    }

    @Test("a merged skill that cannot be read stops the desk, and nothing is lost")
    func brokenSkill() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 2)
        let good = try await bench.heads()
        try bench.write("desk/agents/researcher", "SKILL.md", "no front matter")
        let desk = try #require(throws: DeskError.self) { try bench.open() }
        #expect(desk.code == .skill)
        try await bench.commit("a broken skill")
        // As if it had come while the desk was running: the work tree is in order, main is not.
        try bench.write("desk/agents/researcher", "SKILL.md", Bench.skill("researcher"))

        let error = #expect(throws: DeskError.self) { try bench.run(through: 4) }

        #expect(error?.code == .skill)
        #expect(error?.description.hasPrefix("\(Self.skill):1: no front matter") == true)
        let heads = try await bench.heads()
        #expect(heads.dropLast() == good.dropLast())
        try await bench.git.run("reset", "--quiet", "--hard", "HEAD~1")
        try bench.run(through: 4)
        #expect(try await bench.heads() == Bench.undisturbed(4))
    }
}

extension String {
    fileprivate func drop(trailing mark: Character) -> String {
        var text = self
        while text.last == mark { text.removeLast() }
        return text
    }
}
