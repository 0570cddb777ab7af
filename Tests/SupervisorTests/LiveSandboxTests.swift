// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes
import TestSupport
import Testing

@testable import Supervisor

@Suite("A live desk and a sandbox that is refused", .scratchFolder, .timeLimit(.minutes(2)))
struct LiveSandboxTests {
    /// A desk on a computer without bubblewrap; only the named agent insists on it.
    private func bench(strict name: String) async throws -> Bench {
        let roles = [
            ("ingestor", "every: bar"), ("researcher", "on: [bars]"), ("risk", "on: [bars]"),
        ]
        let agents = roles.map { role, trigger in
            let level = role == name ? "A" : "unsafe"
            return (name: role, text: "role: \(role), \(trigger), sandbox: {level: \(level)}")
        }
        let real = try SandboxedBench.tools()
        let tools = SandboxTools(launcher: real.launcher, bubblewrap: nil, system: real.system)
        var bench = try await Bench.make("live", Bench.Setting(agents: agents))
        bench.confinement = .sandboxed(SandboxedBench.keeper(tools))
        return bench
    }

    private func expectTurn(of agent: String, in bench: Bench) async throws {
        #expect(
            try await eventually(within: .seconds(30)) {
                let branch = "refs/heads/agents/\(agent)"
                guard !(try await bench.git.lines("for-each-ref", branch)).isEmpty else {
                    return false
                }
                return try await bench.subjects(of: agent).count == 1
            },
            "\(agent) had no turn"
        )
    }

    private func events(_ bench: Bench) throws -> String {
        let bytes = try bench.desk.folder(".loopdesk/events").read("events.jsonl")
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("goes on without the agent, and says so until there is a sandbox for it")
    func degraded() async throws {
        let bench = try await bench(strict: "researcher")
        let feed = GrowingFeed([Bench.days[0]])

        let without = try LiveBench(bench, feed: feed)
        try await expectTurn(of: "ingestor", in: bench)
        try await without.stop()
        let out = try Quarantine.all(of: DeskFolder(bench.desk.path))
        let told = try events(bench)
        var sound = bench
        sound.confinement = .unconfined
        let with = try LiveBench(sound, feed: feed)
        try await expectTurn(of: "researcher", in: bench)
        try await with.stop()

        #expect(out.map(\.agent.description) == ["researcher"])
        #expect(
            out.first?.text.hasPrefix(
                "researcher is out of service: there is no sandbox for researcher: level A: "
            ) == true
        )
        #expect(told.contains("\"agent.quarantined\""))
        #expect(try events(bench).contains("\"agent.released\""))
        #expect(try Quarantine.all(of: DeskFolder(bench.desk.path)).isEmpty)
    }

    @Test("does not come up when that agent guards money")
    func guardian() async throws {
        let bench = try await bench(strict: "risk")

        let live = try LiveBench(bench)
        let error = await #expect(throws: SupervisorError.self) { try await live.end() }

        #expect(error?.code == .sandbox)
        #expect(error?.message.hasPrefix("there is no sandbox for risk: ") == true)
        #expect(try Quarantine.all(of: DeskFolder(bench.desk.path)).isEmpty)
    }
}
