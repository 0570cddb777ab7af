// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("The message of a turn's commit")
struct TurnRecordTests {
    private func record(
        data: String? = "abc",
        triggers: [TurnTrigger] = []
    ) throws -> TurnRecord {
        TurnRecord(
            turn: 1234,
            time: try #require(Instant("2000-03-01T21:00:00Z")),
            round: 2,
            summary: "proposed 6: all of them trend",
            frontiers: [
                .init(branch: "agents/a", commit: "01"), .init(branch: "main", commit: "02"),
            ],
            skills: ["own 03", "trading-rules 04"],
            data: data,
            triggers: triggers
        )
    }

    private func trailers(_ message: String) -> [(key: String, value: String)] {
        let lines = message.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2)
        return lines.compactMap { line in
            line.firstRange(of: ": ").map {
                (String(line[..<$0.lowerBound]), String(line[$0.upperBound...]))
            }
        }
    }

    @Test("the message is a subject, an empty line and trailers")
    func message() throws {
        #expect(
            try record().message == """
                proposed 6: all of them trend

                Turn: 1234
                Desk-Time: 2000-03-01T21:00:00Z
                Round: 2
                Read: agents/a 01
                Read: main 02
                Skill: own 03
                Skill: trading-rules 04
                Data: abc

                """
        )
    }

    @Test("a record reads back from its message", arguments: [nil, "abc"])
    func roundTrip(data: String?) throws {
        let record = try record(data: data)

        let read = TurnRecord(subject: record.summary, trailers: trailers(record.message))

        #expect(read == record)
    }

    @Test("what started a turn of a live desk stands last and reads back")
    func triggers() throws {
        let time = try #require(Instant("2026-11-20T14:30:00Z"))
        let id = try #require(TriggerID("0a1b"))
        let record = try record(triggers: [.schedule(.cron, time), .mail, .webhook(id)])

        let message = record.message
        let read = TurnRecord(subject: record.summary, trailers: trailers(message))

        #expect(
            message.hasSuffix(
                "Data: abc\nTrigger: cron 2026-11-20T14:30:00Z\nTrigger: mail\n"
                    + "Trigger: webhook 0a1b\n"
            )
        )
        #expect(read == record)
        let damaged = trailers(message).map { $0.key == "Trigger" ? ($0.key, "luck") : $0 }
        #expect(TurnRecord(subject: "s", trailers: damaged) == nil)
    }

    @Test("a turn of a replay says nothing about what started it")
    func noTrigger() throws {
        #expect(try !record().message.contains("Trigger"))
    }

    @Test(
        "a commit that is not a turn's, or a damaged one, gives no record",
        arguments: [
            "Turn", "Desk-Time", "Round", "Read",
        ]
    )
    func refusals(key: String) throws {
        let good = trailers(try record().message)
        let damaged = good.map { $0.key == key ? ($0.key, "?") : $0 }

        #expect(TurnRecord(subject: "s", trailers: damaged) == nil)
        #expect(
            (TurnRecord(subject: "s", trailers: good.filter { $0.key != key }) == nil)
                == (key != "Read")
        )
        #expect(TurnRecord(subject: "s", trailers: []) == nil)
    }
}
