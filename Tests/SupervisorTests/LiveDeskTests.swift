// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import TestSupport
import Testing

@testable import Supervisor

@Suite("A live desk", .scratchFolder, .timeLimit(.minutes(2)))
struct LiveDeskTests {
    private static let agents: [(name: String, text: String)] = [
        ("ingestor", "role: ingestor, every: bar"),
        ("researcher", "role: researcher, on: [bars, verdict], skills: [house]"),
        ("backtester", "role: backtester, on: [proposal]"),
    ]

    private func bench(timeout: String = "20s") async throws -> Bench {
        try await Bench.make("live", Bench.Setting(agents: Self.agents, timeout: timeout))
    }

    /// Waits until an agent has had so many turns.
    private func expect(_ turns: Int, of agent: String, in bench: Bench) async throws {
        #expect(
            try await eventually(within: .seconds(30)) {
                // Before the desk has made it there is no such branch.
                let branch = "refs/heads/agents/\(agent)"
                guard !(try await bench.git.lines("for-each-ref", branch)).isEmpty else {
                    return false
                }
                return try await bench.subjects(of: agent).count >= turns
            },
            "\(agent) has had fewer than \(turns) turns"
        )
    }

    @Test("a bar goes from agent to agent, and everybody can read it")
    func bar() async throws {
        let bench = try await bench()
        let live = try LiveBench(bench)

        live.feed.add(Bench.days[0])
        try await expect(1, of: "backtester", in: bench)
        let end = try await live.stop()

        #expect(end == .stopped)
        #expect(live.metrics.snapshot.residentBytes > 1 << 20)
        #expect(try await bench.subjects(of: "ingestor").count == 1)
        #expect(try await bench.trailers("Trigger", of: "agents/ingestor")[0].hasPrefix("bar "))
        #expect(try await bench.trailers("Trigger", of: "agents/backtester")[0] == "mail")
        #expect(
            try await bench.trailers("Desk-Time", of: "agents/backtester")[0]
                == Bench.days[0].description
        )
        try await bench.git.run("fsck", "--strict")
    }

    @Test("bars that somebody made a commit of his own come again alone")
    func rewritten() async throws {
        let bench = try await bench()
        let first = try LiveBench(bench, feed: GrowingFeed([Bench.days[0], Bench.days[1]]))
        try await expect(2, of: "ingestor", in: bench)
        try await first.stop()
        let branch = "refs/heads/agents/ingestor"
        let commit = try await bench.git.lines(
            "commit-tree",
            "\(branch)^{tree}",
            "-p",
            "\(branch)^",
            "-m",
            "rebased"
        )
        try await bench.git.run("update-ref", branch, commit[0])

        let second = try LiveBench(bench, feed: GrowingFeed(Array(Bench.days.prefix(3))))
        func bars() async throws -> [String] {
            let format = "--format=%(trailers:key=Trigger,valueonly,separator=)"
            return try await bench.git.lines("log", format, branch, "--").filter {
                $0.hasPrefix("bar ")
            }
        }
        let last = "bar \(Bench.days[2])"
        #expect(
            try await eventually(within: .seconds(30)) { try await bars().contains(last) }
        )
        try await second.stop()

        #expect(try await bars() == [2, 1, 0].map { "bar \(Bench.days[$0])" })
    }

    @Test("every bar that was missed is taken in, in order")
    func backlog() async throws {
        let bench = try await bench()
        let live = try LiveBench(bench, feed: GrowingFeed(Bench.days))

        try await expect(Bench.days.count, of: "ingestor", in: bench)
        try await expect(1, of: "backtester", in: bench)
        try await live.stop()

        let times = try await bench.git.lines(
            "log",
            "--first-parent",
            "--reverse",
            "--format=%(trailers:key=Desk-Time,valueonly)",
            "main..agents/ingestor",
            "--"
        )
        #expect(times.filter { !$0.isEmpty } == Bench.days.map(\.description))
    }

    @Test("mail that waited when the desk stopped is delivered when it is up again")
    func resumed() async throws {
        let bench = try await bench(timeout: "3s")
        try bench.script("backtester", "def before(turn, attempt): time.sleep(60)")
        let first = try LiveBench(bench, feed: GrowingFeed([Bench.days[0]]))
        try await expect(1, of: "researcher", in: bench)
        try await first.stop()

        try bench.script("backtester", "")
        let second = try LiveBench(bench, feed: GrowingFeed([Bench.days[0]]))
        try await expect(1, of: "backtester", in: bench)
        try await second.stop()

        #expect(try await bench.subjects(of: "ingestor").count == 1)
        #expect(try await bench.subjects(of: "researcher").count == 1)
        #expect(try await bench.subjects(of: "backtester").count == 1)
    }

    @Test("a turn that fails runs again with the same number and inbox")
    func failure() async throws {
        let bench = try await bench()
        try bench.script(
            "researcher",
            """
            def before(turn, attempt):
                if attempt < 3: os._exit(7)
            """
        )
        let live = try LiveBench(bench, feed: GrowingFeed([Bench.days[0]]))

        try await expect(1, of: "backtester", in: bench)
        try await live.stop()

        #expect(live.log.failures.count == 2)
        #expect(try await bench.subjects(of: "researcher").count == 1)
    }

    @Test("an inbox that nobody can work on is parked, and the desk goes on")
    func parked() async throws {
        let bench = try await bench()
        try bench.script(
            "researcher",
            """
            def before(turn, attempt):
                if turn == 1: os._exit(7)
            """
        )
        let live = try LiveBench(bench, feed: GrowingFeed([Bench.days[0]]))
        try await expect(1, of: "researcher", in: bench)
        live.feed.add(Bench.days[1])
        try await expect(2, of: "researcher", in: bench)
        try await live.stop()

        #expect(try await bench.files(of: "researcher", in: "deadletters").count == 1)
    }

    @Test("a person's request is one turn, however often it is made")
    func request() async throws {
        let bench = try await bench()
        let name = try #require(AgentName("researcher"))
        let spool = try TriggerSpool(DeskFolder(bench.desk.path))
        let request = try #require(
            TriggerRequest(
                agent: name,
                kind: .person,
                id: "monday",
                payload: Array("{\"ask\":1}".utf8),
                time: Bench.days[0]
            )
        )
        _ = try spool.accept(request)
        let live = try LiveBench(bench)
        try await expect(1, of: "researcher", in: bench)

        #expect(try spool.accept(request) == .duplicate)
        try await live.stop()

        #expect(try await bench.subjects(of: "researcher").count == 1)
        #expect(
            try await bench.trailers("Trigger", of: "agents/researcher")[0] == "person monday"
        )
        #expect(try await bench.files(of: "researcher", in: "requests").count == 1)
        #expect(try spool.pending().isEmpty)
    }

    @Test(
        "what a caller sent is delivered to the last byte",
        arguments: [
            (Array("{\"ask\":1}".utf8), #""payload":{"ask":1}"#),
            (Array("caf\u{E9}".utf8), #""payload":"café""#), ([], #""payload":"""#),
            ([0x61, 0xFF, 0x00], #""payload_base64":"Yf8A""#),
        ] as [([UInt8], String)]
    )
    func delivery(payload: [UInt8], expected: String) throws {
        let name = try #require(AgentName("researcher"))
        let request = try #require(
            TriggerRequest(
                agent: name,
                kind: .webhook,
                id: "one",
                payload: payload,
                time: Bench.days[0]
            )
        )

        #expect(
            request.delivery.compactText
                == #"{"kind":"webhook","id":"one","time":"2000-03-01T21:00:00Z",\#(expected)}"#
        )
    }

    @Test("a new configuration on main ends the life of the desk, one that is wrong does not")
    func reconfigured() async throws {
        let bench = try await bench()
        let live = try LiveBench(bench)
        try await expect(0, of: "researcher", in: bench)

        try bench.write("desk", "orchestrator.yml", "version: 1\nnonsense: true\n")
        try await bench.commit("a mistake")
        #expect(
            try await eventually { live.log.lines.contains { $0.contains("is refused") } }
        )
        var setting = Bench.Setting(agents: Self.agents)
        setting.attempts = 5
        try await bench.configure(setting)

        #expect(try await live.end() == .reconfigured)
    }

    @Test("what somebody edits in the work tree does not count")
    func workTree() async throws {
        let bench = try await bench()
        try bench.write("desk", "orchestrator.yml", "half-sav")
        let live = try LiveBench(bench, feed: GrowingFeed([Bench.days[0]]))

        try await expect(1, of: "backtester", in: bench)
        try await live.stop()

        #expect(try bench.desk.read("orchestrator.yml") == Array("half-sav".utf8))
    }

    @Test("an agent that fails again and again is taken out of service, the others go on")
    func quarantine() async throws {
        let bench = try await bench()
        try bench.script("backtester", "os._exit(3)")
        let live = try LiveBench(bench, feed: GrowingFeed([Bench.days[0]]))

        #expect(
            try await eventually(within: .seconds(60)) {
                live.log.lines.contains { $0.hasPrefix("out of service agent=backtester") }
            }
        )
        try await expect(1, of: "researcher", in: bench)
        try await live.stop()
    }
}
