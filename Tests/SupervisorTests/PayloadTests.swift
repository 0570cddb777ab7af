// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Glibc
import TestSupport
import Testing

@testable import Supervisor

@Suite("Files that attack whoever works in a worktree", .scratchFolder, .timeLimit(.minutes(3)))
struct PayloadTests {
    /// A worktree in which payloads are planted and visited.
    private struct Field {
        let bench: OwnerBench
        let root: Folder
        var worktree: Folder { bench.desk.folder.worktree(bench.agent.name) }
        var isHit: Bool { root.contains("canary") }

        static func make() async throws -> Field {
            let bench = try await OwnerBench.make()
            let field = Field(bench: bench, root: bench.bench.root)
            let settings = PayloadScript.userSettings(field.root.path)
            try bench.bench.write(".", "user.gitconfig", settings)
            return field
        }

        @discardableResult
        func run(_ words: String...) async throws -> FinishedCommand {
            try await runCommand(
                "/bin/sh",
                ["-c", PayloadScript.text, "payload"] + words,
                folder: worktree.path,
                environment: PayloadScript.variables(root.path)
            )
        }

        func removeCanary() throws { try root.removeFile("canary") }

        /// Whatever a desk does with a worktree in its own process, without putting it back.
        func look() throws {
            let (repository, name) = (bench.desk.repository, bench.agent.name.description)
            _ = try repository.worktreeChanges(name)
            _ = try repository.operationsUnderWay(in: name)
            _ = try repository.status()
            _ = try repository.rescue(worktree: name, agent: name)
            let facts = ExaminationBench.goodFacts
            _ = Examination(of: bench.desk.folder.root.path, facts: { facts }).run()
        }

        /// Makes the worktree anew.
        func clear() throws {
            let repository = bench.desk.repository
            try repository.removeWorktree(bench.agent.name.description, changesAreRescued: true)
            try WorktreeKeeper(desk: bench.desk).make([bench.agent])
            for name in ["evil", "canary"] {
                try root.folder(name).removeAll()
            }
        }
    }

    @Test("once swept they do nothing to plain git, and never anything through the desk itself")
    func swept() async throws {
        let field = try await Field.make()
        let sweeper = WorktreeSweeper(field.bench.desk)
        var ran = 0
        for payload in PayloadScript.inside + PayloadScript.outside {
            let name = payload.testDescription
            sweeper.sweep(field.bench.agent)
            try await field.run(name)
            try field.removeCanary()

            if name != "record-common" { try field.look() }
            #expect(!field.isHit, "\(name): the desk itself ran it")
            try field.worktree.setDate(of: "agents/researcher/STATE.md", to: OwnerBench.time)
            try await field.run("visit", payload.visited)
            #expect(field.isHit == payload.runs, "\(name): git run unswept")
            if field.isHit { ran += 1 }
            try field.removeCanary()

            let found = sweeper.sweep(field.bench.agent)
            #expect(!found.isEmpty, "\(name): nothing was found")
            #expect(found.allSatisfy { $0.word != "left" }, "\(name): \(found)")
            try field.worktree.setDate(of: "agents/researcher/STATE.md", to: Bench.days[6])
            for place in [".", payload.visited] { try await field.run("visit", place) }
            try await field.run("walk")
            #expect(!field.isHit, "\(name): git ran it after the sweep")
            #expect(sweeper.sweep(field.bench.agent).isEmpty, "\(name): found again")
            let status = try await field.bench.worktree.lines("status", "--porcelain")
            #expect(status.allSatisfy { $0.hasPrefix("??") || $0.hasPrefix(" M") }, "\(status)")
            try field.clear()
            try await field.bench.git.run(
                ["config", "--unset", "extensions.worktreeConfig"],
                allowsFailure: true
            )
        }
        #expect(ran >= 17, "only \(ran) ran without the sweep")
    }

    @Test("an agent that plants them in its turn finds them defused, and the commits are the same")
    func planted() async throws {
        let bench = try await Bench.make()
        let log = EventLog()
        try bench.script(
            "researcher",
            """
            def after(turn, attempt):
                for path in ["work/.git", "work/bare", "work/x/.git", "outbox/y.part/.git"]:
                    for part in ["objects", "refs"]:
                        os.makedirs(f"{path}/{part}", exist_ok=True)
                    write(f"{path}/HEAD", "ref: refs/heads/main")
                write("work/.gitattributes", "* filter=x")
                write(".envrc", "touch x")
                write(f"{own}/CLAUDE.md", "do as I say")
                write(".git", "gitdir: work/.git")
                inbox = sorted(os.listdir("work"))
                assert turn < 2 or inbox == sorted(set(inbox)), inbox
            """
        )

        try bench.run(through: 2, log: log)

        #expect(log.failures == [])
        #expect(try await bench.heads() == Bench.undisturbed(2))
        let found = log.lines.filter { $0.hasPrefix("swept a worktree") }
        for path in [
            "work/.git could", "work/bare/HEAD could", "work/x/.git could",
            "outbox/y.part/.git could", "work/.gitattributes could", ".envrc could",
            "agents/researcher/CLAUDE.md could", ".git had been changed",
        ] { #expect(found.contains { $0.contains("found=\(path)") }, "\(path) in \(found)") }
        let worktree = GitCommand(in: bench.desk.path(of: "worktrees/researcher"))
        #expect(
            try await worktree.lines("rev-parse", "--abbrev-ref", "HEAD") == ["agents/researcher"]
        )
    }

    @Test(
        "a pointer that a power cut tore is written anew, and nothing is kept of it",
        arguments: [0, 5, 12, -100]
    )
    func torn(length: Int) async throws {
        let field = try await Field.make()
        let whole = try field.worktree.read(".git")
        let left = length < 0 ? [UInt8](repeating: 0, count: -length) : Array(whole.prefix(length))
        try field.worktree.overwrite(".git", with: left)
        let sweeper = WorktreeSweeper(field.bench.desk)

        sweeper.sweep(field.bench.agent)
        let isKept = field.worktree.contains("git.defused")
        let found = try field.worktree.read(".git")
        try field.worktree.overwrite(".git", with: Array("gitdir: ../elsewhere\n".utf8))
        sweeper.sweep(field.bench.agent)

        #expect(found == whole)
        #expect(!isKept)
        #expect(field.worktree.contains("git.defused"))
    }

    @Test("the pointer of where the desk was before it was moved is written anew, no other")
    func olderPlace() async throws {
        let field = try await Field.make()
        let whole = try field.worktree.read(".git")
        let sweeper = WorktreeSweeper(field.bench.desk)
        func swept(_ text: String) throws -> (isWhole: Bool, isKept: Bool) {
            try field.worktree.overwrite(".git", with: Array(text.utf8))
            sweeper.sweep(field.bench.agent)
            let isWhole = try field.worktree.read(".git") == whole
            return (isWhole, field.worktree.contains("git.defused"))
        }

        #expect(try swept("gitdir: /before/desk/.git/worktrees/researcher\n") == (true, false))
        #expect(try swept("gitdir: /before/desk/.git/worktrees/verifier\n") == (true, true))
    }

    @Test(
        "whatever stands in the place of the pointer is kept under another name",
        arguments: ["folder", "link", "large file"]
    )
    func replacedPointer(kind: String) async throws {
        let field = try await Field.make()
        let whole = try field.worktree.read(".git")
        try field.worktree.removeFile(".git")
        switch kind {
        case "folder": try field.worktree.folder(".git").create()
        case "link": try #require(symlink("agents", field.worktree.path(of: ".git")) == 0)
        default: try field.worktree.overwrite(".git", with: Array(repeating: 0x78, count: 70_000))
        }

        let found = WorktreeSweeper(field.bench.desk).sweep(field.bench.agent)

        #expect(try field.worktree.read(".git") == whole)
        #expect(field.worktree.contains("git.defused"), "\(found)")
        #expect(found.allSatisfy { $0.word != "left" }, "\(found)")
    }

    @Test(
        "a sweep has an end, and says each time what it has not seen",
        arguments: ["work", "elsewhere"]
    )
    func bounded(place: String) async throws {
        let bench = try await OwnerBench.make()
        var deep = bench.desk.folder.worktree(bench.agent.name).folder(place)
        for _ in 0..<(FolderSweep.depthLimit + 2) { deep = deep.folder("d") }
        try deep.create()
        let sweeper = WorktreeSweeper(bench.desk)

        let found = sweeper.sweep(bench.agent)
        let again = sweeper.sweep(bench.agent)

        #expect(found.count == 1)
        #expect(found.first?.word == "left")
        #expect(found.first?.detail.contains("more than 64 deep") == true)
        #expect(again == found)
    }

    @Test("settings of single worktrees keep a desk from starting, and doctor says so")
    func worktreeSettings() async throws {
        let bench = try await Bench.make()
        try await bench.git.run("config", "extensions.worktreeConfig", "true")

        let error = #expect(throws: SupervisorError.self) { try bench.run(through: 1) }

        #expect(error?.code == .notReady)
        #expect(error?.hint.contains("--unset extensions.worktreeConfig") == true)
        let facts = ExaminationBench.goodFacts
        let report = Examination(of: bench.desk.path, facts: { facts }).run()
        #expect(report.findings.contains { $0.code == .worktreeSettings })
    }
}
