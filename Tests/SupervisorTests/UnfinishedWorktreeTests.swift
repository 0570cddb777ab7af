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

    @Test("a live desk completes them, and holds nobody responsible")
    func live() async throws {
        let bench = try await Bench.make("live")
        try await LiveBench(bench).stop()
        try cutShort(bench)

        let live = try LiveBench(bench)
        let end = try await live.stop()

        #expect(end == .stopped)
        #expect(!live.log.lines.contains { $0.contains("somebody") })
        try await expectWhole(bench)
    }
}
