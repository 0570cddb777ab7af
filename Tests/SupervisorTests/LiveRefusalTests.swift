// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import TestSupport
import Testing

@testable import Supervisor

@Suite("Refused output of a live desk", .scratchFolder, .timeLimit(.minutes(2)))
struct LiveRefusalTests {
    @Test("what is refused and what is swept are told as events, and the turn comes through")
    func told() async throws {
        let agents: [(name: String, text: String)] = [
            ("ingestor", "role: ingestor, every: bar"),
            ("researcher", "role: researcher, on: [bars], skills: [house]"),
        ]
        let bench = try await Bench.make("live", Bench.Setting(agents: agents))
        try bench.script(
            "researcher",
            """
            def after(turn, attempt):
                if attempt == 1:
                    write("outbox/report.txt", "not of the contract")
                else:
                    os.makedirs("work/.git", exist_ok=True)
            """
        )
        let live = try LiveBench(bench)
        live.feed.add(Bench.days[0])
        let branch = "refs/heads/agents/researcher"
        _ = try await eventually(within: .seconds(30)) {
            guard !(try await bench.git.lines("for-each-ref", branch)).isEmpty else { return false }
            let turns = try await bench.git.lines(
                "log",
                "--author=researcher",
                "--format=%s",
                branch
            )
            return !turns.isEmpty
        }
        try await live.stop()

        var events: [String: JSON] = [:]
        try EventReader(DeskFolder(bench.desk.path)).read { entry in
            events[entry.json["event"]?.stringValue ?? ""] = entry.json
        }
        let refused = try #require(events["output.refused"])
        #expect(refused["kept"]?.stringValue == "researcher/1-1")
        #expect(refused["reason"]?.stringValue?.contains("'report.txt'") == true)
        let swept = try #require(events["worktree.swept"])
        #expect(swept["path"]?.stringValue == "work/.git")
        #expect(swept["action"]?.stringValue == "renamed")
        #expect(swept["detail"]?.stringValue == "git.defused")
    }
}
