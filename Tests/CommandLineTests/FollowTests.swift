// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import TestSupport
import Testing

@Suite("loopdesk logs and events", .scratchFolder)
struct FollowTests {
    private func desk() throws -> TestDesk {
        let desk = TestDesk(path: "\(try ScratchFolder.path)/desk")
        try desk.folder.create()
        try desk.folder.replace("orchestrator.yml", with: Array("version: 1\n".utf8))
        return desk
    }

    private func append(_ line: String, to name: String, of desk: TestDesk) throws {
        let folder = desk.folder.folder(".loopdesk")
        try folder.folder("logs").create()
        try folder.folder("events").create()
        try folder.append(Array("\(line)\n".utf8), to: name)
    }

    private func event(_ number: Int, _ agent: String = "risk") -> String {
        "{\"seq\":\(number),\"time\":\"2026-11-20T15:00:00Z\",\"desk_time\":null,"
            + "\"event\":\"turn.failed\",\"agent\":\"\(agent)\",\"turn\":4,"
            + "\"reason\":\"it\\u001b[2J\"}"
    }

    @Test("events are told oldest first, as they are for programs, and tamed for people")
    func events() async throws {
        let desk = try desk()
        for number in 1...3 { try append(event(number), to: "events/events.jsonl", of: desk) }
        try append(event(4, "verifier"), to: "events/events.jsonl", of: desk)

        let text = try await desk.run("events")
        let json = try await desk.run("events", "--json", "--after", "1", "--agent", "risk")

        #expect(
            text.stdout.hasPrefix(
                "1 2026-11-20T15:00:00Z turn.failed risk turn=4 reason=it\\u{1b}[2J\n2 "
            )
        )
        #expect(text.stdout.split(separator: "\n").count == 4)
        #expect(json.stdout == "\(event(2))\n\(event(3))\n")
    }

    @Test("an agent that has written nothing is told from one that the desk does not have")
    func silence() async throws {
        let desk = try await TestDesk.make()

        let silent = try await desk.run("logs", "risk")
        let unknown = try await desk.run("logs", "nobody")

        #expect(silent.isSuccess && silent.stdout.isEmpty)
        #expect(silent.stderr.contains("risk has written nothing"))
        expectComplaint(unknown, status: 66, "the desk has no agent nobody; it has ")
    }

    @Test("a desk without events or logs has none, and a folder without a desk is told")
    func nothing() async throws {
        let desk = try desk()

        let events = try await desk.run("events")
        let logs = try await desk.run("logs", "risk")
        let bad = try await desk.run("logs", "No Agent")
        let missing = try await TestDesk.run(
            ["events", "--follow", "--desk", try ScratchFolder.path]
        )

        #expect(events.isSuccess && events.stdout.isEmpty)
        #expect(logs.isSuccess && logs.stdout.isEmpty)
        #expect(bad.status == 66 && bad.stderr.contains("is no agent's name"))
        #expect(missing.status == 66 && missing.stderr.contains("no desk in"))
    }

    @Test("the last lines of a log are shown, whole for programs and tamed for people")
    func logs() async throws {
        let desk = try desk()
        let head = "{\"time\":\"2026-11-20T15:00:00Z\",\"agent\":\"risk\",\"stream\":\"stderr\","
        let lines = [
            "\"text\":\"one\"}", "\"text\":\"t\\u001b[31mwo\"}", "\"record\":{\"level\":\"info\"}}",
            "\"dropped\":5}",
        ]
        for line in lines { try append(head + line, to: "logs/risk.jsonl", of: desk) }

        let text = try await desk.run("logs", "risk", "-n", "3")
        let json = try await desk.run("logs", "risk", "--json", "-n", "1")

        #expect(
            text.stdout == """
                2026-11-20T15:00:00Z t\\u{1b}[31mwo
                2026-11-20T15:00:00Z {"level":"info"}
                2026-11-20T15:00:00Z (5 lines came too fast and were dropped)

                """
        )
        #expect(json.stdout == head + lines[3] + "\n")
    }

    @Test("following goes on over a rotation until it is interrupted, and then ends well")
    func follows() async throws {
        let desk = try desk()
        try append(event(1), to: "events/events.jsonl", of: desk)
        let events = desk.folder.folder(".loopdesk").folder("events")

        let command = try RunningCommand(
            try BuiltProduct.path("loopdesk"),
            ["events", "--follow", "--json", "--desk", desk.path]
        )
        #expect(try await eventually { command.stdout == "\(event(1))\n" })
        try append(event(2), to: "events/events.jsonl", of: desk)
        try events.move("events.jsonl", to: "events.00000001.jsonl")
        try append(event(3), to: "events/events.jsonl", of: desk)
        let all = (1...3).map { "\(event($0))\n" }.joined()
        #expect(try await eventually { command.stdout == all })
        command.signal(2)
        let end = try await command.finish()

        #expect(end.isSuccess)
        #expect(end.stdout == all)
    }
}
