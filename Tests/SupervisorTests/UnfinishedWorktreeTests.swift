// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Foundation
import TestSupport
import Testing

@testable import Supervisor

@Suite("Worktrees whose making a kill cut short", .scratchFolder, .timeLimit(.minutes(2)))
struct UnfinishedWorktreeTests {
    /// Leaves one worktree without its folder and one with half of its files, neither with an
    /// index.
    private func cutShort(_ bench: Bench) throws {
        for agent in ["researcher", "backtester"] {
            let record = ".git/worktrees/\(agent)"
            let lock = bench.desk.path(of: "\(record)/locked")
            try Data("loopdesk is making it\n".utf8).write(to: URL(filePath: lock))
            try FileManager.default.removeItem(atPath: bench.desk.path(of: "\(record)/index"))
        }
        for path in ["researcher", "backtester/agents"] {
            try FileManager.default.removeItem(atPath: bench.desk.path(of: "worktrees/\(path)"))
        }
    }

    private func expectWhole(_ bench: Bench) async throws {
        #expect(try await bench.git.lines("for-each-ref", "refs/rescue").isEmpty)
        for agent in ["researcher", "backtester"] {
            let worktree = GitCommand(in: bench.desk.path(of: "worktrees/\(agent)"))
            #expect(try await worktree.lines("status", "--porcelain").isEmpty)
            #expect(!bench.desk.contains(".git/worktrees/\(agent)/locked"))
        }
    }

    @Test("a replay completes them, and saves nothing aside")
    func replay() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 1)
        try cutShort(bench)

        #expect(try bench.run(through: 3).rescued.isEmpty)

        try await expectWhole(bench)
        #expect(try await bench.heads() == Bench.undisturbed(3))
    }

    @Test("that of a desk which this one is a copy of is left alone")
    func copied() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 1)
        try cutShort(bench)
        let other = bench.desk.path(of: "other/worktrees/researcher")
        let note = bench.desk.path(of: ".git/worktrees/researcher/gitdir")
        try Data("\(other)/.git\n".utf8).write(to: URL(filePath: note))

        #expect(try bench.run(through: 2).rescued.isEmpty)

        #expect(!FileManager.default.fileExists(atPath: other))
        try await expectWhole(bench)
    }

    @Test("a live desk completes them, and holds nobody responsible")
    func live() async throws {
        let bench = try await Bench.make("live")
        try await LiveBench(bench).stop()
        try cutShort(bench)

        let live = try LiveBench(bench)
        let end = try await live.stop()

        #expect(end == .stopped)
        #expect(try !events(of: bench).contains("worktree-"))
        try await expectWhole(bench)
    }

    /// What the desk told while it ran.
    private func events(of bench: Bench) throws -> String {
        let bytes = try bench.desk.read(".loopdesk/events/events.jsonl", limitBytes: 1 << 20)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Takes a branch away, and what the desk noted of it.
    private func forget(_ agent: String, in bench: Bench) async throws {
        try await bench.git.run("update-ref", "-d", "refs/heads/agents/\(agent)")
        try FileManager.default.removeItem(atPath: bench.desk.path(of: ".git/loopdesk"))
    }

    @Test("a replay does not take an agent for a new one whose worktree is there")
    func notNew() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 1)
        try await forget("researcher", in: bench)

        let error = #expect(throws: SupervisorError.self) { try bench.run(through: 2) }

        #expect(error?.code == .notReady)
        #expect(error?.description.contains("agents/researcher is gone") == true)
    }

    @Test("a live desk tells of such a branch, and starts the agent again from main")
    func lost() async throws {
        let bench = try await Bench.make("live")
        try await LiveBench(bench).stop()
        try await forget("researcher", in: bench)

        let live = try LiveBench(bench)
        try await live.stop()

        #expect(try events(of: bench).contains("branch-lost"))
        let found = try await bench.git.lines("for-each-ref", "refs/heads/agents/researcher")
        #expect(found.count == 1)
    }
}
