// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Glibc
import Processes
import Testing
import TestSupport

@testable import Supervisor

@Suite(
    "Agents in sandboxes",
    .scratchFolder,
    .enabled(if: SandboxedBench.reason == nil, "\(SandboxedBench.reason ?? "")")
)
struct SandboxedReplayTests {
    private func boxed() throws -> Confinement {
        .sandboxed(SandboxedBench.keeper(try SandboxedBench.tools()))
    }

    @Test("a replay in sandboxes ends on the same commits as one without")
    func same() async throws {
        let free = try await SandboxedBench.make("a", .unconfined)
        let bench = try await SandboxedBench.make("b", try boxed())

        try free.run(through: 4)
        try bench.run(through: 4)

        #expect(try await bench.heads() == free.heads())
        #expect(try await bench.subjects(of: "ingestor").count == 4)
        #expect(try await bench.rescues().isEmpty)
    }

    @Test("without a sandbox the same program sees what it must not, and inside nothing of it")
    func unseen() async throws {
        let paths = [".git/HEAD", "orchestrator.yml", "worktrees/ingestor"]
        let spied = "tools/agent.py], sandbox"
        let spying = "tools/agent.py, \(paths.joined(separator: ", "))], sandbox"
        var summaries: [[String]] = []
        for (name, confinement) in [("a", Confinement.unconfined), ("b", try boxed())] {
            let bench = try await SandboxedBench.make(name, confinement)
            let text = String(decoding: try bench.desk.read("orchestrator.yml"), as: UTF8.self)
            try bench.write("desk", "orchestrator.yml", text.replacing(spied, with: spying))
            try await bench.commit("look around")
            try bench.run(through: 1)
            summaries.append(try await bench.subjects(of: "researcher"))
        }

        let seen = paths.map { " sees \($0)" }.joined()
        #expect(summaries == [["turn 1 of researcher\(seen)"], ["turn 1 of researcher"]])
    }

    @Test("a process whose memory was replaced by another file is started again")
    func replaced() async throws {
        let bench = try await SandboxedBench.make("a", try boxed(), attempts: 1)
        let undisturbed = try await SandboxedBench.make("b", .unconfined, attempts: 1)

        try bench.run(through: 3) { number in
            // As an editor saves: another file under the same name.
            guard number == 2 else { return }
            let folder = bench.desk.folder("worktrees/researcher/agents/researcher")
            guard let bytes = try? folder.read("STATE.md") else { return }
            do {
                try folder.replace("STATE.md", with: bytes)
            } catch {
                Issue.record("\(error)")
            }
        }
        try undisturbed.run(through: 3)

        #expect(try await bench.heads() == undisturbed.heads())
    }

    @Test("agents that differ by name alone share one probe, and one takes less than 0.1 s")
    func shared() async throws {
        let bench = try await SandboxedBench.make("a", .unconfined)
        try bench.run(through: 1)
        let keeper = SandboxedBench.keeper(try SandboxedBench.tools())
        let launcher = AgentLauncher(
            agentProgram: try BuiltProduct.path("loopdesk-agent"),
            logs: AgentLogSettings(wall: SystemWallClock()),
            confinement: .sandboxed(keeper)
        )
        let desk = try bench.open()
        let agent = try #require(desk.configuration.agents.first)

        let clock = SystemClock()
        let start = clock.now()
        let first = try launcher.level(of: agent, desk: desk)
        let middle = clock.now()
        let again = try launcher.level(of: agent, desk: desk)
        let end = clock.now()

        #expect([first, again] == [.full, .full])
        // Slack for a computer that is busy with other tests.
        #expect(middle.nanoseconds - start.nanoseconds < 1_000_000_000)
        #expect(end.nanoseconds - middle.nanoseconds < (middle.nanoseconds - start.nanoseconds) / 2)
    }
}

@Suite("Sandboxes that are not to be had", .scratchFolder)
struct SandboxRefusalTests {
    private func message(_ bench: Bench) -> String {
        do {
            try bench.run(through: 1)
            return "it ran"
        } catch let error as SupervisorError {
            return error.code == .sandbox || error.code == .notReady ? error.message : "\(error)"
        } catch {
            return "\(error)"
        }
    }

    private func tools(launcher: String? = nil) throws -> SandboxTools {
        let real = try SandboxedBench.tools()
        return SandboxTools(
            launcher: launcher ?? real.launcher,
            bubblewrap: nil,
            system: real.system
        )
    }

    @Test("a command is not started where there is no bubblewrap, unless it says level B")
    func noBubblewrap() async throws {
        let keeper = SandboxedBench.keeper(try tools())
        let strict = try await SandboxedBench.make("a", .sandboxed(keeper))
        let content = try await SandboxedBench.make("b", .sandboxed(keeper), sandbox: "{level: B}")
        let unsafe = try await SandboxedBench.make(
            "c",
            .sandboxed(keeper),
            sandbox: "{level: unsafe}"
        )

        #expect(message(strict).hasPrefix("there is no sandbox for ingestor: level A: "))
        #expect(message(content) == "it ran")
        #expect(message(unsafe) == "it ran")
        #expect(try await content.subjects(of: "researcher") == ["turn 1 of researcher"])
    }

    @Test("an agent is refused when a row of its probe does not hold")
    func broken() async throws {
        let bench = try await SandboxedBench.make("a", .unconfined, sandbox: "{level: B}")
        // It confines nothing, and runs the probe as the real one does.
        let launcher = try SandboxedBench.tools().launcher
        try bench.write(
            "fake",
            "launcher",
            """
            #!/bin/sh
            while [ "$1" != "--" ] && [ "$1" != probe ]; do shift; done
            [ "$1" = "--" ] && shift && shift
            exec \(launcher) "$@"
            """
        )
        let fake = bench.root.path(of: "fake/launcher")
        guard chmod(fake, 0o755) == 0 else { throw SupportError("cannot make it executable") }
        var loose = bench
        loose.confinement = .sandboxed(SandboxedBench.keeper(try tools(launcher: fake)))

        let message = message(loose)

        #expect(message.hasPrefix("the sandbox of ingestor does not hold what level B promises: "))
        #expect(message.contains("none=privileges"))
        #expect(message.contains("hidden=\(bench.desk.path)/.git/HEAD"))
    }

    @Test(
        "what would show the repository, or the sealed years to a maker, may not be read",
        arguments: [".git", "worktrees", ".loopdesk/market", "missing", "data"]
    )
    func revealing(path: String) async throws {
        let keeper = SandboxedBench.keeper(try tools())
        let bench = try await SandboxedBench.make(
            "a",
            .sandboxed(keeper),
            sandbox: "{level: B, read: [\(path)]}"
        )
        try bench.write("desk/data", "bars.csv", "x\n")
        let text = String(decoding: try bench.desk.read("orchestrator.yml"), as: UTF8.self)
            .replacing("{kind: sim, seed: 1, edge: 0}", with: "{kind: csv, path: data/bars.csv}")
        try bench.write("desk", "orchestrator.yml", text)
        try await bench.commit("a feed")

        let message = message(bench)

        // The ingestor may see the feed; the researcher comes after it.
        let agent = path == "data" ? "researcher" : "ingestor"
        #expect(message.hasPrefix("agent \(agent) is to read \(bench.desk.path)/\(path), which "))
    }
}
