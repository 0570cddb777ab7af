// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes
import Testing

@testable import Supervisor

@Suite("What an agent's sandbox shows")
struct AgentSandboxTests {
    private static let text = """
        version: 1
        name: seals
        replay: {from: 2000-03-01, through: 2000-03-08}
        market:
          feed: {kind: csv, path: data/bars.csv}
          symbols: [MSFT]
          session_close: "21:00"
          fomc: data/fomc.csv
        account: {capital: 1000000}
        agents:
          ingestor: {role: ingestor, every: bar}
          researcher: {role: researcher, on: [bars]}
          backtester: {role: backtester, on: [proposal]}
          verifier: {role: verifier, on: [report]}
          executor: {role: executor, on: [verdict]}
          news:
            role: researcher
            on: [bars]
            command: [tools/news.py]
            sandbox:
              hosts: [api.example.com]
              credentials:
                model: {url: https://a.example, header: x-key, secret: "file:keys/model"}
              limits: {memory: 64MiB, processes: 9, cpu: 90s}
        """

    private func policy(_ name: String) throws -> AgentSandbox {
        let configuration = try DeskConfiguration(parsing: Self.text)
        let agent = try #require(AgentName(name).flatMap(configuration.agent))
        return AgentSandbox(
            agent: agent,
            desk: DeskFolder("/d"),
            market: configuration.market,
            others: configuration.agents.map(\.name).filter { $0 != agent.name },
            programs: [agent.command.isEmpty ? "/opt/agent" : "/d/tools/news.py"],
            isThere: { _ in true }
        )
    }

    /// Beside the worktree and the program: the whole of what each role is shown.
    @Test(
        "each role is shown its view of the market and the files that it works with",
        arguments: [
            ("ingestor", ["/d/.loopdesk/market/research", "/d/data"]),
            ("researcher", ["/d/.loopdesk/market/research"]),
            ("backtester", ["/d/.loopdesk/market/research"]),
            ("verifier", ["/d/.loopdesk/market/full", "/d/data/fomc.csv"]),
            ("executor", []),
        ]
    )
    func roles(_ name: String, _ shown: [String]) throws {
        let sandbox = try policy(name).make()

        #expect(sandbox.readable == ["/d/worktrees/\(name)"] + shown + ["/opt/agent"])
        #expect(
            sandbox.writable
                == ["outbox", "work", "agents/\(name)/STATE.md"].map {
                    "/d/worktrees/\(name)/\($0)"
                }
        )
    }

    @Test("what the probe must not find includes the sealed years for all but the verifier")
    func hidden() throws {
        let sealed = "/d/.loopdesk/market/full/history.csv"

        #expect(try policy("researcher").hidden.contains(sealed))
        #expect(try policy("researcher").hidden.contains("/d/data/bars.csv"))
        #expect(try policy("researcher").hidden.contains("/d/worktrees/verifier"))
        #expect(try policy("news").hidden.contains("/d/keys/model"))
        #expect(try !policy("verifier").hidden.contains(sealed))
        #expect(try !policy("ingestor").hidden.contains("/d/data/bars.csv"))
    }

    @Test("limits and hosts come from the configuration")
    func configured() throws {
        let sandbox = try policy("news").make()

        #expect(sandbox.hasListener)
        #expect(sandbox.readable.contains("/d/tools/news.py"))
        #expect(
            sandbox.limits
                == SandboxLimits(memoryBytes: 64 << 20, processes: 9, cpuSeconds: 90)
        )
    }

    @Test("agents that differ by name alone have one form, and those that differ more do not")
    func shapes() throws {
        func shape(_ name: String) throws -> String {
            let policy = try policy(name)
            return policy.shape(of: try policy.make())
        }

        #expect(try shape("researcher") == shape("backtester"))
        #expect(try shape("researcher") != shape("verifier"))
        #expect(try shape("researcher") != shape("news"))
    }
}
