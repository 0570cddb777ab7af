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

    private func policy(
        _ name: String,
        in text: String = text,
        programs: [String]? = nil,
        isThere: @escaping (String) -> Bool = { _ in true }
    ) throws -> AgentSandbox {
        let configuration = try DeskConfiguration(parsing: text)
        let agent = try #require(AgentName(name).flatMap(configuration.agent))
        return AgentSandbox(
            agent: agent,
            desk: DeskFolder("/d"),
            market: configuration.market,
            others: configuration.agents.map(\.name).filter { $0 != agent.name },
            programs: programs ?? [agent.command.isEmpty ? "/opt/agent" : "/d/tools/news.py"],
            isThere: isThere
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

    /// The configuration with an agent that is to read a path.
    private static func reading(_ path: String, _ role: String = "researcher") -> String {
        text + """

              reader: {role: \(role), on: [bars], sandbox: {read: [\"\(path)\"]}}
            """
    }

    @Test(
        "what would show the repository, other agents or the desk's runtime is not to be read",
        arguments: [
            ".git", ".git/hooks", ".loopdesk", "worktrees", "worktrees/verifier/work", "/d",
            ".loopdesk/market/full",
        ]
    )
    func harmful(_ path: String) throws {
        let named = try policy("reader", in: Self.reading(path))
        let full = path.hasPrefix("/") ? path : "/d/\(path)"
        let program = try policy("researcher", programs: [full])

        for policy in [named, program] {
            let error = #expect(throws: SupervisorError.self) { try policy.make() }
            #expect(error?.description.contains("repository or other agents") == true)
        }
    }

    @Test("makers are not to read the feed, which holds the sealed years; others may")
    func feed() throws {
        let executor = Self.text.replacing(
            "{role: executor, on: [verdict]}",
            with: "{role: executor, on: [verdict], sandbox: {read: [data]}}"
        )
        for role in ["researcher", "backtester"] {
            for path in ["data", "data/bars.csv"] {
                let policy = try policy("reader", in: Self.reading(path, role))
                let error = #expect(throws: SupervisorError.self) { try policy.make() }
                #expect(error?.description.contains("the sealed years") == true, "\(role)")
            }
        }
        #expect(try policy("executor", in: executor).make().readable.contains("/d/data"))
    }

    @Test("what is to be read and is not there is told before anything is started")
    func missing() throws {
        let policy = try policy("reader", in: Self.reading("notes")) { $0 != "/d/notes" }

        let error = #expect(throws: SupervisorError.self) { try policy.make() }

        #expect(error?.description.contains("/d/notes, which is not there") == true)
    }

    @Test(
        "an ingestor sees the folder of its feed if that holds nothing else of the desk's",
        arguments: [
            ("data/bars.csv", "/d/data"), ("bars.csv", "/d/bars.csv"),
            ("/srv/feed/bars.csv", "/srv/feed/bars.csv"),
            (".loopdesk/bars.csv", "/d/.loopdesk/bars.csv"),
        ]
    )
    func visibleFeed(_ path: String, _ shown: String) throws {
        let text = Self.text.replacing("path: data/bars.csv", with: "path: \(path)")

        let sandbox = try policy("ingestor", in: text).make()

        #expect(sandbox.readable.contains(shown))
        #expect(!sandbox.readable.contains("/d") && !sandbox.readable.contains("/srv/feed"))
        #expect(sandbox.readable.contains("/d/data") == (shown == "/d/data"))
    }

    @Test("the desk is covered, its own files are fixed, and only a program has a home")
    func surroundings() throws {
        let plain = try policy("researcher")
        let text =
            Self.text + """

                  once: {role: researcher, on: [bars], command: [tools/a.py], program: {kind: once}}
                """
        let once = try policy("once", in: text)

        #expect(try plain.make().covered == ["/d"] && !plain.make().hasListener)
        let own = [".git", "agents/researcher", "agents/researcher/SKILL.md", "inbox"]
        #expect(
            plain.fixed == ["/d/worktrees/researcher"] + own.map { "/d/worktrees/researcher/\($0)" }
        )
        let hidden = Set(plain.hidden)
        #expect(hidden.isSuperset(of: ["/d/.git", "/d/.git/HEAD", "/d/orchestrator.yml"]))
        #expect(hidden.isSuperset(of: [DeskFolder("/d").lockPath, DeskFolder("/d").ledgerPath]))
        #expect(try once.make().writable.last == DeskFolder("/d").home(once.agent.name).path)
        #expect(try plain.make().writable.count == 3)
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
