// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Foundation
import Glibc
import Testing
import TestSupport

@Suite("loopdesk status and log", .scratchFolder)
struct StatusTests {
    @Test("status tells each agent's last turn and the account")
    func status() async throws {
        let desk = try await TestDesk.make()
        let before = try await desk.json("status")
        _ = try await desk.run("replay")

        let text = try await desk.run("status")
        let json = try await desk.json("status")

        #expect(before["account"] == .null)
        #expect(
            before["agents"]?.arrayValue?.map { $0["turn"]?.intValue }
                == Array(repeating: 0, count: 6)
        )
        #expect(text.isSuccess)
        #expect(text.stdout.contains("Desk default: at rest"))
        #expect(text.stdout.contains("turn 23 at 2000-03-31T21:00:00Z: bars 2000-03-31"))
        #expect(text.stdout.contains("verifier    no turn yet"))
        #expect(text.stdout.contains("Account: equity 1000000,"))
        let heads = (json["agents"]?.arrayValue ?? []).map {
            "refs/heads/agents/\($0["name"]?.stringValue ?? "") \($0["head"]?.stringValue ?? "")"
        }
        #expect(heads == (try await desk.heads()).filter { $0.contains("/agents/") })
        #expect(json["running"] == .null)
        let metrics = json["metrics"]
        #expect(before["metrics"] == .null)
        #expect(metrics?["account"]?["accountValue"] == json["account"]?["equity"])
        #expect(metrics?["account"]?["started"] == "2000-03-01T21:00:00Z")
        #expect(metrics?["account"]?["sessions"] == 23)
        #expect(metrics?["account"]?["minutesSinceStart"] == .int(30 * 1_440))
        #expect(metrics?["invocations"]?["ingestor"] == 22)
        #expect(text.stdout.contains("Since 2000-03-01T21:00:00Z: 23 closes, value 1000000,"))
        let members = json["agents"]?.arrayValue?.first?.objectValue?.map(\.name).suffix(5)
        #expect(members.map(Array.init) == ["state", "reason", "next_fire", "mail", "requests"])
    }

    @Test("a commit of somebody's on an agent's branch does not hide the agent's last turn")
    func ownersCommit() async throws {
        let desk = try await TestDesk.make()
        _ = try await desk.run("replay", "--through", "2000-03-03")
        let before = try await desk.json("status")
        let branch = "agents/ingestor"
        let made = try await desk.git
            .lines("commit-tree", "-m", "my own", "-p", branch, "\(branch)^{tree}")
        try await desk.git.run("update-ref", "refs/heads/\(branch)", made[0])

        let after = try await desk.json("status")

        func ingestor(_ status: JSON) -> JSON? {
            status["agents"]?.arrayValue?.first { $0["name"] == "ingestor" }
        }
        #expect(ingestor(after)?["head"]?.stringValue == made[0])
        #expect(ingestor(after)?["turn"]?.intValue == 3)
        for name in ["turn", "time", "summary"] {
            #expect(ingestor(after)?[name] == ingestor(before)?[name], "\(name)")
        }
    }

    @Test("status tells what does not work on the desk that is up, and nothing of one that was")
    func degraded() async throws {
        let desk = try await TestDesk.make()
        _ = try await desk.run("replay", "--through", "2000-03-03")
        let boot = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        let holder = "\(getpid())\n\(boot)loopdesk up\n"
        try desk.write(holder, to: ".loopdesk/lock")
        try desk.write(
            """
            {"pid": \(getpid()), "degraded": [{"reason": "could not publish: it is held", \
            "since": "2026-11-20T15:00:00Z"}]}
            """,
            to: ".loopdesk/health.json"
        )
        let rest = try await desk.json("status")
        let lock = open(desk.folder.path(of: ".loopdesk/lock"), O_RDWR | O_CLOEXEC)
        #expect(flock(lock, LOCK_EX) == 0)
        // Looking at a lock that nobody held has emptied it.
        try desk.folder.overwrite(".loopdesk/lock", with: Array(holder.utf8))

        let text = try await desk.run("status")
        let json = try await desk.json("status")
        close(lock)
        let after = try await desk.json("status")

        #expect(rest["degraded"] == .null && after["degraded"] == .null)
        let line = "It is degraded since 2026-11-20T15:00:00Z: could not publish: it is held"
        #expect(text.stdout.split(separator: "\n")[1] == line, "\(text.stdout)")
        let told = json["degraded"]?.arrayValue?.first
        #expect(told?["reason"] == "could not publish: it is held")
        #expect(told?["since"] == "2026-11-20T15:00:00Z")
    }

    @Test(
        "while the configuration is being edited, looking goes by the last good one and says so",
        arguments: [
            ["status"], ["log"], ["rescue", "list"], ["refused", "list"], ["trials"],
        ]
    )
    func lastGood(words: [String]) async throws {
        let desk = try await TestDesk.make()
        let words = words + ["--desk", desk.path]
        let good = try await TestDesk.run(words)
        let text = try desk.folder.read("orchestrator.yml")
        try desk.write("a: [b\n", to: "orchestrator.yml")

        let never = try await TestDesk.run(words)
        try desk.folder.folder(".loopdesk").create()
        try desk.folder.replace(".loopdesk/orchestrator.yml", with: text)
        let edited = try await TestDesk.run(words)
        let replay = try await desk.run("replay")

        #expect(never.status == 65)
        #expect(edited.isSuccess && edited.stdout == good.stdout, "\(edited.stderr)")
        #expect(edited.stderr.split(separator: "\n").count == 1)
        #expect(edited.stderr.contains("orchestrator.yml cannot be used"))
        #expect(replay.status == 65)
    }

    @Test("status tells how it stands with a goal")
    func goal() async throws {
        let desk = try await TestDesk.make()
        try desk.edit("orchestrator.yml") {
            $0.replacingFirst(
                "    role: backtester\n",
                with: "    role: backtester\n    goal: {until: count.bars > 22, turns: 7}\n"
            )
        }
        try await desk.commit()

        let before = try await desk.run("status")
        _ = try await desk.run("replay")
        let json = try await desk.json("status")

        #expect(before.stdout.contains("Goal of backtester: active (0 of 7 turns)"))
        let goals = json["agents"]?.arrayValue?.map { $0["goal"]?["state"]?.stringValue }
        #expect(goals == ["met", nil, nil, nil, nil, nil])
    }

    @Test("the log is git's: newest first, of all agents or of one")
    func log() async throws {
        let desk = try await TestDesk.make()
        _ = try await desk.run("replay")

        let all = try await desk.json("log", "--limit", "7", "--all-turns")
        let one = try await desk.json("log", "ingestor", "--limit", "100")
        let text = try await desk.run("log", "ingestor", "--limit", "2")

        let commits = (one["turns"]?.arrayValue ?? []).compactMap { $0["commit"]?.stringValue }
        let times = (all["turns"]?.arrayValue ?? []).compactMap { $0["time"]?.stringValue }
        #expect(commits == (try await desk.git.lines("rev-list", "main..agents/ingestor")))
        #expect(commits.count == 23)
        #expect(times.count == 7)
        #expect(times == times.sorted(by: >))
        #expect(text.stdout.split(separator: "\n").count == 2)
        #expect(text.stdout.hasPrefix("\(commits[0].prefix(10)) 2000-03-31 ingestor  bars"))
    }

    @Test("turns that said nothing are listed only on demand")
    func quietTurns() async throws {
        let desk = try await TestDesk.make()
        _ = try await desk.run("replay")

        let spoken = try await desk.json("log", "researcher", "--limit", "100")
        let all = try await desk.json("log", "researcher", "--limit", "100", "--all-turns")
        let quiet = try await desk.run("log", "researcher")

        #expect(spoken["turns"]?.arrayValue?.count == 0)
        #expect(all["turns"]?.arrayValue?.count == 23)
        #expect(quiet.stdout == "No turn has said anything; see the others with --all-turns\n")
    }

    @Test("a desk that never ran says how to run it")
    func noTurns() async throws {
        let desk = try await TestDesk.make()

        let result = try await desk.run("log")

        #expect(result.isSuccess)
        #expect(result.stdout.contains("loopdesk replay"))
    }

    @Test("an unknown agent is refused with the names there are")
    func unknownAgent() async throws {
        let desk = try await TestDesk.make()

        let result = try await desk.run("log", "nobody")

        expectComplaint(result, status: 66, "'nobody'", "backtester, executor, ingestor")
    }

    @Test("a limit below one is refused")
    func badLimit() async throws {
        let desk = try await TestDesk.make()

        let result = try await desk.run("log", "--limit", "0")

        #expect(result.status == 64)
        #expect(result.stderr.contains("--limit: expected a number above 0"))
    }
}
