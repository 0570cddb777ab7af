// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Glibc
import Processes
import TestSupport
import Testing

@testable import Supervisor

@Suite("Which sandbox an agent gets", .scratchFolder)
struct SandboxKeeperTests {
    private func keeper(launcher: String = "/nowhere/launcher") -> SandboxKeeper {
        SandboxedBench.keeper(
            SandboxTools(launcher: launcher, bubblewrap: nil, system: .look())
        )
    }

    /// What an agent that is a command may see, on a desk that is not there.
    private func policy(_ level: String) throws -> AgentSandbox {
        let configuration = try DeskConfiguration(
            parsing: """
                version: 1
                name: keeper
                replay: {from: 2000-03-01, through: 2000-03-08}
                market: {feed: {kind: csv, path: bars.csv}, symbols: [IBM], session_close: "21:00"}
                account: {capital: 1000000}
                agents:
                  one: {role: researcher, on: [bars], command: [sh], sandbox: {\(level)}}
                """
        )
        return AgentSandbox(
            agent: try #require(configuration.agents.first),
            desk: DeskFolder("/d"),
            market: configuration.market,
            others: [],
            programs: [],
            isThere: { _ in true }
        )
    }

    private func level(_ text: String) throws -> SandboxLevel {
        let policy = try policy(text)
        let command = ChildCommand(program: .path("/bin/sh"), workingFolder: "/")
        return try keeper().level(of: policy, try policy.make(), for: command)
    }

    @Test("only the word unsafe lets an agent run without a sandbox")
    func unsafe() throws {
        #expect(try level("level: unsafe") == .none)
        for text in ["level: A", "level: B", ""] {
            let error = #expect(throws: SupervisorError.self) { try level(text) }
            #expect(error?.code == .sandbox)
            #expect(error?.message.contains("level B") == text.hasSuffix("B"))
        }
    }

    @Test("without a temporary folder of its own an agent is shown its scratch folder")
    func temporary() throws {
        let sandbox = try policy("level: B").make()
        let command = ChildCommand(program: .path("/bin/sh"), workingFolder: "/")
        func variables(_ level: SandboxLevel) throws -> [String] {
            try keeper().confine(command, sandbox, at: level).environment
                .filter { $0.name == "TMPDIR" }.map(\.value)
        }

        #expect(try variables(.launcher) == ["/d/worktrees/one/work"])
        #expect(try variables(.none).isEmpty)
    }

    @Test("a refusal is remembered until it is forgotten, and then the sandbox is tried again")
    func forgotten() async throws {
        let bench = try await SandboxedBench.make("a", .unconfined, sandbox: "{level: B}")
        try bench.run(through: 1)
        let real = try SandboxedBench.tools().launcher
        let place = bench.root.folder("late")
        let launcher = AgentLauncher(
            agentProgram: try BuiltProduct.path("loopdesk-agent"),
            logs: AgentLogSettings(wall: SystemWallClock()),
            confinement: .sandboxed(keeper(launcher: place.path(of: "launcher")))
        )
        let desk = try bench.open()
        let agent = try #require(desk.configuration.agents.first)
        func level() -> SandboxLevel? {
            // What is refused has no level, whatever is said about it.
            try? launcher.level(of: agent, desk: desk)
        }

        let before = level()
        try place.create()
        let bytes = try Folder("/").read(String(real.dropFirst()), limitBytes: 64 << 20)
        try place.replace("launcher", with: bytes)
        guard chmod(place.path(of: "launcher"), 0o755) == 0 else {
            throw SupportError("cannot make the launcher executable")
        }
        let remembered = level()
        launcher.forgetRefusals()
        let after = level()

        #expect(before == nil && remembered == nil)
        #expect(after == .launcher)
    }

    @Test("an agent that names hosts is not started where nothing serves its requests")
    func unserved() async throws {
        var setting = Bench.Setting()
        setting.agents = [
            ("ingestor", "role: ingestor, every: bar"),
            ("news", "role: researcher, on: [bars], sandbox: {hosts: [api.example.com]}"),
        ]
        let desk = try await Bench.make("a", setting).open()
        let launcher = AgentLauncher(
            agentProgram: "/nonexistent",
            logs: AgentLogSettings(wall: SystemWallClock()),
            confinement: .unconfined
        )
        let agent = try #require(AgentName("news").flatMap(desk.configuration.agent))

        let error = #expect(throws: SupervisorError.self) {
            try launcher.launch(agent, desk: desk, gateway: nil)
        }

        #expect(error?.code == .sandbox)
        #expect(error?.message.contains("nothing here serves its requests") == true)
    }
}
