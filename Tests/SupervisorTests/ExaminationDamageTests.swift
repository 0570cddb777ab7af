// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Testing
import TestSupport

@testable import Supervisor

@Suite("An examination of a damaged repository", .scratchFolder)
struct ExaminationDamageTests {
    private let branch = "refs/heads/agents/researcher"

    /// Writes noise over a file of the repository.
    private func spoil(_ path: String, in scene: ExaminationBench) throws {
        let parts = path.split(separator: "/")
        let folder = scene.gitFolder.folder(parts.dropLast().joined(separator: "/"))
        try folder.replace(String(parts[parts.count - 1]), with: Array("noise, no more".utf8))
    }

    @Test("a link in the place of a branch is an error; without it the branch is made again")
    func link() async throws {
        let scene = try await ExaminationBench.make()
        let head = try await scene.bench.head(of: "researcher")
        try await scene.bench.git.run("symbolic-ref", branch, "refs/heads/main")

        let found = scene.report().findings.filter { $0.place == "researcher" }
        try await scene.bench.git.run("symbolic-ref", "-d", branch)
        try scene.bench.run(through: 4)

        #expect(found.map(\.code) == [.branchIsLink])
        #expect(found[0].message.contains("a link to refs/heads/main"))
        #expect(found[0].remedy.contains("git symbolic-ref -d \(branch)"))
        #expect(try await scene.bench.git.lines("rev-list", branch).contains(head))
        #expect(scene.report().isGood)
    }

    @Test("another branch that takes the name of an agent's is named")
    func taken() async throws {
        let scene = try await ExaminationBench.make()
        let head = try await scene.bench.head(of: "researcher")
        try await scene.bench.git.run("update-ref", "-d", branch)
        try await scene.bench.git.run("update-ref", "\(branch)/idea", "refs/heads/main")

        let found = scene.report().findings.filter { $0.place == "researcher" }
        try await scene.bench.git.run("branch", "-m", "agents/researcher/idea", "idea")
        _ = try scene.fix()

        #expect(found.map(\.code) == [.branchTaken])
        #expect(found[0].remedy.contains("git branch -m agents/researcher/idea <name>"))
        #expect(try await scene.bench.head(of: "researcher") == head)
    }

    @Test("the file of a branch that holds no id may be removed, and the finding says what then")
    func unreadable() async throws {
        let scene = try await ExaminationBench.make()
        let head = try await scene.bench.head(of: "researcher")
        try spoil(branch, in: scene)

        let found = scene.report().findings
        let own = found.filter { $0.code == .branchUnreadable }
        try scene.gitFolder.removeFile(branch)
        _ = try scene.fix()

        #expect(own.map(\.place) == ["researcher"])
        #expect(own[0].message.contains(".git/\(branch)"))
        #expect(own[0].remedy.contains("git update-ref \(branch) \(head)"))
        #expect(!found.contains { $0.code != .branchUnreadable && $0.remedy.contains("remove") })
        #expect(try await scene.bench.head(of: "researcher") == head)
        #expect(scene.codes() == [])
    }

    @Test("a commit or a pack that cannot be read is damage, and nothing is to be removed")
    func objects() async throws {
        let scene = try await ExaminationBench.make()
        let head = try await scene.bench.head(of: "researcher")
        let missing = String(repeating: "1", count: 40)
        try scene.gitFolder.replace(branch, with: Array("\(missing)\n".utf8))
        let gone = scene.report().findings
        let packs = scene.gitFolder.folder("objects/pack")
        for name in try packs.names() where name.hasSuffix(".pack") {
            try packs.replace(name, with: Array(try packs.read(name).prefix(40)))
        }

        let cut = scene.report().findings

        #expect(gone.contains { $0.code == .objectsDamaged && $0.message.contains(missing) })
        #expect(gone.contains { $0.remedy.contains("git update-ref \(branch) \(head)") })
        #expect(cut.contains { $0.code == .objectsDamaged })
        for finding in gone + cut where finding.code == .objectsDamaged {
            #expect(finding.remedy.hasPrefix("remove nothing"))
        }
        #expect(!(gone + cut).contains { $0.remedy.contains("in the way") })
    }

    @Test("a shallow clone is told, by an examination and at a start")
    func shallow() async throws {
        let scene = try await ExaminationBench.make()
        let main = try await scene.bench.git.lines("rev-parse", "main")[0]
        try scene.gitFolder.replace("shallow", with: Array("\(main)\n".utf8))

        let found = scene.report().findings
        let error = #expect(throws: SupervisorError.self) { try scene.bench.run(through: 4) }

        #expect(found.contains { $0.code == .historyShallow })
        #expect(found.allSatisfy { $0.code == .historyShallow || !$0.remedy.contains("fsck") })
        #expect(error?.message.contains("shallow") == true)
        #expect(error?.hint.contains("git fetch --unshallow") == true)
    }

    @Test(
        "HEAD, the index and the setting of a work tree are told apart, and what helps does help",
        arguments: [FindingCode.headUnreadable, .indexUnreadable, .repositoryBare]
    )
    func workTree(code: FindingCode) async throws {
        let scene = try await ExaminationBench.make()
        switch code {
        case .headUnreadable: try spoil("HEAD", in: scene)
        case .indexUnreadable: try spoil("index", in: scene)
        default: try await scene.bench.git.run("config", "core.bare", "true")
        }

        let found = scene.report().findings
        switch code {
        case .headUnreadable:
            try scene.gitFolder.replace("HEAD", with: Array("ref: refs/heads/main\n".utf8))
        case .indexUnreadable:
            try scene.gitFolder.removeFile("index")
            try await scene.bench.git.run("reset")
        default: try await scene.bench.git.run("config", "core.bare", "false")
        }

        #expect(found.contains { $0.code == code })
        #expect(!found.contains { $0.remedy.contains("in the way") })
        #expect(scene.codes() == [])
    }

    @Test("an index of a worktree that git cannot read is found, and a repair writes it anew")
    func worktreeIndex() async throws {
        let scene = try await ExaminationBench.make()
        try spoil("worktrees/researcher/index", in: scene)
        let worktree = GitCommand(in: scene.bench.desk.path(of: "worktrees/researcher"))

        let before = scene.codes()
        let repair = try scene.fix()

        #expect(before == [.worktreeUnreadable])
        #expect(repair.undone == [], "\(repair)")
        #expect(scene.codes() == [])
        #expect(try await worktree.lines("status", "--porcelain") == [])
    }
}
