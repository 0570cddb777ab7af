// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Foundation
import Testing
import TestSupport

@Suite("Stopping and sharing a desk", .scratchFolder)
struct SupervisionTests {
    /// A replay that takes long enough to be met while it runs.
    private func makeLongDesk() async throws -> TestDesk {
        let desk = try await TestDesk.make()
        try desk.edit("orchestrator.yml") {
            $0.replacingFirst("through: \(TestDesk.lastDay)", with: "through: 2003-12-31")
        }
        try await desk.commit()
        return desk
    }

    /// Starts a replay and waits until its first turns are published.
    private func start(_ desk: TestDesk) async throws -> RunningCommand {
        let command = try RunningCommand(
            try BuiltProduct.path("loopdesk"),
            ["replay", "--desk", desk.path]
        )
        let hasBegun = try await eventually(within: .seconds(30)) {
            let main = try await desk.git.lines("rev-parse", "main")
            let head = try await desk.git.run(
                ["rev-parse", "--verify", "--quiet", "refs/heads/agents/ingestor"],
                allowsFailure: true
            )
            return head.isSuccess && head.stdout != "\(main[0])\n"
        }
        #expect(hasBegun)
        return command
    }

    @Test("Ctrl-C ends a replay with a word, and going on ends where it would have ended")
    func interrupt() async throws {
        let desk = try await makeLongDesk()
        let command = try await start(desk)

        command.signal(SIGINT)
        let stopped = try await command.finish()
        let published = try await desk.git.lines("rev-list", "--count", "main..agents/ingestor")
        let clean = try await desk.git.lines("status", "--porcelain")
        let heads = try await desk.replayedHeads("--through", "2000-10-31")
        let undisturbed = try await desk.replayedHeads("--fresh", "--through", "2000-10-31")

        expectComplaint(stopped, status: 130, "stopped by a signal")
        #expect(published != ["0"])
        #expect(clean.isEmpty)
        #expect(heads == undisturbed)
    }

    @Test("a second supervisor is told who runs the desk, and changes nothing")
    func secondSupervisor() async throws {
        let desk = try await makeLongDesk()
        let command = try await start(desk)

        // Not through the gate: the first replay must still be running.
        let program = try BuiltProduct.path("loopdesk")
        let second = try await runCommand(program, ["replay", "--desk", desk.path])
        let fresh = try await runCommand(program, ["replay", "--fresh", "--desk", desk.path])
        let detached = try await runCommand(program, ["up", "--detach", "--desk", desk.path])
        let status = try await runCommand(program, ["status", "--json", "--desk", desk.path])
        command.signal(SIGINT)
        let first = try await command.finish()

        let holder = "process \(command.processID) (loopdesk replay)"
        expectComplaint(second, status: 69, holder, "loopdesk down ends a desk that is up")
        expectComplaint(fresh, status: 69, holder)
        expectComplaint(detached, status: 69, holder)
        let running = try JSON(parsing: Array(status.stdout.utf8))["running"]
        #expect(running?.stringValue == holder)
        #expect(first.status == 130)
    }

    @Test("a first turn that was cut short leaves no memory behind")
    func firstTurn() async throws {
        let desk = try await TestDesk.make("desk")
        let whole = try await TestDesk.make("whole")
        _ = try await desk.run("replay", "--through", "2000-03-01")
        let state = "worktrees/ingestor/agents/ingestor/STATE.md"
        let written = try desk.folder.read(state)
        // As after a kill that came when the turn had written its memory, but published nothing.
        for agent in ["executor", "ingestor", "researcher", "risk"] {
            try await desk.git.run("update-ref", "refs/heads/agents/\(agent)", "main")
        }
        try desk.folder.folder(".git/loopdesk").removeFile("journal")
        try desk.folder.folder(".loopdesk").removeAll()
        #expect(try desk.folder.read(state) == written)

        let heads = try await desk.replayedHeads()

        #expect(try await whole.replayedHeads() == heads)
    }

    @Test("locks that a killed desk left behind stop nobody", arguments: [[], ["--fresh"]])
    func staleLocks(options: [String]) async throws {
        let desk = try await TestDesk.make()
        _ = try await desk.run("replay", "--through", "2000-03-03")
        let locks = [
            ".git/worktrees/verifier/index.lock", ".git/refs/heads/agents/risk.lock",
            ".git/refs/rescue/risk/0.lock",
        ]
        try desk.folder.folder(".git/refs/rescue/risk").create()
        for lock in locks {
            try desk.write("", to: lock)
            // The mark of the desk's own locks.
            #expect(chmod(desk.folder.path(of: lock), 0o1644) == 0)
        }

        let result = try await TestDesk.run(["replay", "--desk", desk.path] + options)

        #expect(result.isSuccess, "\(result.stderr)")
        #expect(locks.filter { desk.folder.contains($0) } == [])
    }
}
