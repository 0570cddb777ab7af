// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Testing
import TestSupport

@testable import Supervisor

@Suite("A desk that is not ready", .scratchFolder)
struct ReadinessTests {
    private func expectNotReady(_ bench: Bench, _ message: String, hint: String) throws {
        let desk = try bench.open()
        let error = #expect(throws: SupervisorError.self) { try desk.requireReady() }
        #expect(error?.code == .notReady)
        #expect(error?.message == message)
        #expect(error?.hint == hint)
    }

    @Test("a desk as it was committed is ready")
    func ready() async throws {
        let bench = try await Bench.make()
        try bench.write("desk", "README.txt", "not the desk's business")

        try bench.open().requireReady()
    }

    @Test("changes that are not committed are named, with what to do")
    func dirty() async throws {
        let bench = try await Bench.make()
        try bench.write("desk/agents/researcher", "SKILL.md", Bench.skill("researcher", more: "x"))
        try bench.write("desk/data", "new.csv", "x")

        try expectNotReady(
            bench,
            "main has changes that are not committed: agents/researcher/SKILL.md, data/new.csv",
            hint: "commit them, or put them aside with: git stash -u"
        )
    }

    @Test("of many changes five are named")
    func veryDirty() async throws {
        let bench = try await Bench.make()
        try bench.write("desk/data", "kept", "")
        try await bench.commit("a folder")
        for number in 1...7 { try bench.write("desk/data", "\(number).csv", "x") }

        try expectNotReady(
            bench,
            "main has changes that are not committed: data/1.csv, data/2.csv, data/3.csv,"
                + " data/4.csv, data/5.csv and 2 more",
            hint: "commit them, or put them aside with: git stash -u"
        )
    }

    @Test("another branch is named, with the way back")
    func otherBranch() async throws {
        let bench = try await Bench.make()
        try await bench.git.run("checkout", "--quiet", "-b", "idea")

        try expectNotReady(
            bench,
            "the desk's own work tree has idea checked out",
            hint: "check out main with: git checkout main"
        )
    }

    @Test("a commit without a branch is refused too")
    func detached() async throws {
        let bench = try await Bench.make()
        try await bench.git.run("checkout", "--quiet", "--detach")

        try expectNotReady(
            bench,
            "the desk's own work tree has no branch checked out",
            hint: "check out main with: git checkout main"
        )
    }

    @Test("a desk without main says how to make it")
    func noMain() async throws {
        let bench = try await Bench.make()
        try await bench.git.run("branch", "-m", "main", "trunk")

        try expectNotReady(
            bench,
            "the desk has no branch main",
            hint: "create it with: git branch main <commit>"
        )
    }

    @Test("a replay without main ends at once and touches no worktree")
    func replayWithoutMain() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 1)
        try await bench.git.run("branch", "-m", "main", "trunk")
        try bench.write("desk/worktrees/researcher/agents/researcher", "STATE.md", "my edit")

        let error = #expect(throws: SupervisorError.self) { try bench.run(through: 2) }

        #expect(error?.code == .notReady)
        let folder = bench.desk.folder("worktrees/researcher/agents/researcher")
        #expect(try folder.read("STATE.md") == Array("my edit".utf8))
    }

    @Test("a folder without orchestrator.yml is no desk")
    func noConfiguration() async throws {
        let bench = try await Bench.make()
        try bench.desk.removeFile("orchestrator.yml")

        let error = #expect(throws: DeskError.self) { try bench.open() }

        #expect(error?.code == .configuration)
        #expect(
            error?.description
                == "orchestrator.yml: missing in \(bench.desk.path); a desk has one, and loopdesk"
                + " init makes one"
        )
    }

    @Test("every skill that is missing is named")
    func noSkill() async throws {
        let bench = try await Bench.make()
        try bench.desk.removeFile("agents/researcher/SKILL.md")
        try bench.desk.removeFile("skills/house/SKILL.md")

        let error = #expect(throws: DeskError.self) { try bench.open() }

        #expect(error?.code == .skill)
        #expect(
            error?.problems.map(\.file) == ["agents/researcher/SKILL.md", "skills/house/SKILL.md"]
        )
        #expect(error?.problems.first?.message.hasPrefix("missing") == true)
    }

    @Test("a folder that is no repository is refused by git")
    func noRepository() throws {
        let path = try ScratchFolder.path

        let error = #expect(throws: GitError.self) { try OpenDesk.open(at: path) }

        #expect(error?.code == .notARepository)
        #expect(error?.description.contains(path) == true)
    }
}

@Suite("The lock of a desk", .scratchFolder)
struct DeskLockTests {
    @Test("a second supervisor is told who runs the desk, and may when the first has ended")
    func exclusive() throws {
        let folder = DeskFolder(try ScratchFolder.path)
        do {
            let first = try DeskLock.take(folder, purpose: "loopdesk replay")

            do {
                _ = try DeskLock.take(folder, purpose: "loopdesk replay")
                Issue.record("the lock was taken twice")
            } catch let error as SupervisorError {
                #expect(error.code == .alreadyRunning)
                #expect(error.message.hasPrefix("process "))
                #expect(error.message.hasSuffix(" (loopdesk replay) runs this desk"))
                #expect(error.hint.contains("Ctrl-C"))
            }
            let holder = try DeskLock.holder(folder)
            #expect(holder?.hasSuffix("(loopdesk replay)") == true)
            _ = consume first
        }

        let again = try DeskLock.take(folder, purpose: "loopdesk replay")
        _ = consume again
        let holder = try DeskLock.holder(folder)
        #expect(holder == nil)
    }

    @Test("a desk that never ran has no holder, and asking leaves nothing behind")
    func untouched() throws {
        let path = try ScratchFolder.path

        let holder = try DeskLock.holder(DeskFolder(path))

        #expect(holder == nil)
        #expect(try Folder(path).names().isEmpty)
    }
}
