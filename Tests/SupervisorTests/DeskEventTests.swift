// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Supervisor
import TestSupport
import Testing

@Suite("Events of a desk", .scratchFolder)
struct DeskEventTests {
    private struct FixedClock: WallClock {
        func now() -> Instant { Instant(secondsSinceEpoch: 1_795_186_800) }
    }

    private func desk() throws -> DeskFolder { DeskFolder(try ScratchFolder.path) }

    private func log(_ desk: DeskFolder, rotateBytes: Int = 1 << 20, keep: Int = 3)
        -> Supervisor.EventLog
    {
        Supervisor.EventLog(desk, wall: FixedClock(), rotateBytes: rotateBytes, keep: keep)
    }

    private func numbers(_ desk: DeskFolder, after number: Int = 0) throws -> [Int] {
        let reader = EventReader(desk, after: number)
        return try read(reader)
    }

    private func read(_ reader: EventReader) throws -> [Int] {
        var numbers: [Int] = []
        try reader.read { numbers.append($0.number) }
        return numbers
    }

    @Test("an event is one line with number, times, name, agent and fields")
    func line() throws {
        let desk = try desk()
        let log = log(desk)
        let agent = try #require(AgentName("verifier"))
        let time = Instant(secondsSinceEpoch: 0)

        log.emit(
            .turnCommitted(agent, turn: 7, commit: "abc", signals: 2, seconds: 0.1234567),
            at: time
        )
        log.emit(.halted(reason: "a \"test\""))
        #expect(!desk.events.contains("events.jsonl"))
        log.flush()

        let text = String(decoding: try desk.events.read("events.jsonl"), as: UTF8.self)
        #expect(
            text == """
                {"seq":1,"time":"2026-11-20T15:00:00Z","desk_time":"1970-01-01T00:00:00Z",\
                "event":"turn.committed","agent":"verifier","turn":7,"commit":"abc",\
                "signals":2,"seconds":0.123457}
                {"seq":2,"time":"2026-11-20T15:00:00Z","desk_time":null,\
                "event":"ledger.halted","reason":"a \\"test\\""}

                """
        )
    }

    @Test("every kind of event has a name of its own and says what it is about")
    func names() throws {
        let agent = try #require(AgentName("risk"))
        let events: [DeskEvent] = [
            .deskUp(processID: 1, agents: 2, version: "1"), .deskDown(reason: "r"),
            .deskDegraded(reason: "r"), .deskRecovered(reason: "r"),
            .configuration(commit: "c", refused: nil), .configuration(commit: "c", refused: "r"),
            .halted(reason: "r"), .resumed(reason: "r"),
            .turnStarted(agent, turn: 1, attempt: 1, trigger: "t"),
            .turnCommitted(agent, turn: 1, commit: "c", signals: 1, seconds: 1),
            .turnFailed(agent, turn: 1, attempt: 1, reason: "r"),
            .turnParked(agent, turn: 1, commit: "c", reason: "r"),
            .outputRefused(agent, turn: 1, kept: "risk/1-1", reason: "r"),
            .worktreeSwept(agent, path: "p", action: "renamed", detail: "d"),
            .agentStarted(agent, processID: 1, seconds: 1),
            .agentEnded(agent, processID: 1, status: "s"),
            .agentRestarted(agent, restarts: 1, delaySeconds: 1),
            .agentQuarantined(agent, reason: "r"), .agentReleased(agent),
            .triggerAccepted(agent, kind: "webhook", id: "i"),
            .triggerMissed(agent, schedule: "cron", fires: 3, runs: 1),
            .goalEnded(agent, outcome: "met", reason: "r"),
            .foreignChange(agent, what: "w", reference: "f"),
            .rescued(agent, reference: "f", reason: "r"),
            .networkUsed(agent, target: "t", outcome: "o", sent: 1, received: 2),
            .networkRefused(agent, target: "t", reason: "r"), .published(commits: 1, seconds: 1),
            .maintenance(task: "t", seconds: 1, detail: "d"),
            .eventsDropped(count: 1, reason: "r"),
        ]

        let names = events.map(\.name)

        #expect(Set(names).count == events.count)
        #expect(names.allSatisfy { $0 != "desk.other" && $0.contains(".") })
        #expect(events.count { $0.agent == agent } == 18)
        #expect(events.allSatisfy { Set($0.fields.map(\.name)).count == $0.fields.count })
    }

    @Test("numbers go on after a restart, behind a torn line, and over a rotation")
    func restart() throws {
        let desk = try desk()
        let first = log(desk)
        for _ in 0..<3 { first.emit(.deskDown(reason: "x")) }
        first.flush()
        try desk.events.append(Array("{\"seq\":4,\"time\":\"20".utf8), to: "events.jsonl")

        let second = log(desk)
        second.emit(.deskDown(reason: "y"))
        second.flush()
        try desk.events.move("events.jsonl", to: "events.00000001.jsonl")
        let third = log(desk)
        third.emit(.deskDown(reason: "z"))
        third.flush()

        #expect(second.lastNumber == 4 && third.lastNumber == 5)
        #expect(try numbers(desk) == [1, 2, 3, 4, 5])
        #expect(try numbers(desk, after: 3) == [4, 5])
    }

    @Test("files are rotated by size and a bounded number is kept")
    func rotation() throws {
        let desk = try desk()
        let log = log(desk, rotateBytes: 400, keep: 2)

        for _ in 0..<20 {
            log.emit(.deskDown(reason: "reason"))
            log.flush()
        }

        let names = try desk.events.names()
        #expect(names.count == 3 && names.last == "events.jsonl")
        let kept = try numbers(desk)
        #expect(kept == Array((kept.first ?? 0)...20) && kept.count < 20)
        for name in names { #expect(try desk.events.size(of: name) <= 400) }
    }

    @Test("a reader that follows loses and repeats nothing over rotations")
    func follow() throws {
        let desk = try desk()
        let log = log(desk, rotateBytes: 300, keep: 4)
        let reader = EventReader(desk)
        var seen: [Int] = []

        #expect(try read(reader).isEmpty)
        for round in 1...40 {
            for _ in 0..<(round % 5) { log.emit(.deskDown(reason: "reason")) }
            log.flush()
            if round % 2 == 0 { seen += try read(reader) }
        }

        #expect(seen == Array(1...log.lastNumber))
        #expect(reader.lastNumber == log.lastNumber)
    }

    @Test("a reader goes on with a new file when somebody removes the newest")
    func removed() throws {
        let desk = try desk()
        let log = log(desk, rotateBytes: 250, keep: 4)
        for _ in 0..<5 {
            log.emit(.deskDown(reason: "x"))
            log.flush()
        }
        let reader = EventReader(desk)
        let before = try read(reader)
        try desk.events.removeFile("events.jsonl")

        log.emit(.deskDown(reason: "y"))
        log.flush()

        #expect(before == Array(1...5))
        #expect(try read(reader) == [6])
    }

    @Test("only one agent's events are handed over when asked for")
    func agent() throws {
        let desk = try desk()
        let log = log(desk)
        let (one, two) = (try #require(AgentName("one")), try #require(AgentName("two")))
        for agent in [one, two, one] { log.emit(.agentReleased(agent)) }
        log.emit(.deskDown(reason: "x"))
        log.flush()

        let reader = EventReader(desk, agent: one)

        #expect(try read(reader) == [1, 3])
        #expect(reader.lastNumber == 4)
    }

    @Test("what cannot be written is dropped and counted, and told when it can be again")
    func fullDisk() throws {
        let desk = try desk()
        let log = log(desk)
        try desk.runtime.create()
        try desk.runtime.replace("events", with: [])

        for _ in 0..<3 { log.emit(.deskDown(reason: "x")) }
        log.flush()
        #expect(log.droppedCount == 3)
        try desk.runtime.removeFile("events")
        log.emit(.deskDown(reason: "y"))
        log.flush()

        #expect(try numbers(desk) == [4, 5])
        let text = String(decoding: try desk.events.read("events.jsonl"), as: UTF8.self)
        #expect(text.contains("\"event\":\"events.dropped\",\"count\":3,"))
        #expect(log.droppedCount == 3)
    }

    @Test("events that nobody writes do not fill the memory")
    func bounded() throws {
        let desk = try desk()
        let log = log(desk, rotateBytes: 1 << 30)
        let reason = String(repeating: "x", count: 10_000)

        for _ in 0..<1000 { log.emit(.deskDown(reason: reason)) }
        let dropped = log.droppedCount
        log.flush()
        log.emit(.deskDown(reason: "x"))
        log.flush()

        #expect(dropped > 500)
        #expect(
            try desk.events.size(of: "events.jsonl") < Supervisor.EventLog.bufferLimitBytes + 10_000
        )
        #expect(try numbers(desk).last == 1002)
    }
}
