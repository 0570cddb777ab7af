// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes
import TestSupport
import Testing

@testable import Supervisor

@Suite("Logs of agents", .scratchFolder)
struct AgentLogTests {
    private struct FixedClock: WallClock {
        func now() -> Instant { Instant(secondsSinceEpoch: 1_795_186_800) }
    }

    private func lines(_ reader: AgentLogReader, last limit: Int? = nil) throws -> [String] {
        var lines: [String] = []
        try reader.read(last: limit) { lines.append($0.compactText) }
        return lines
    }

    private let head =
        "{\"time\":\"2026-11-20T15:00:00Z\",\"agent\":\"risk\",\"stream\":\"stderr\","

    @Test("texts, records, cut lines and dropped ones have a form each")
    func forms() throws {
        let desk = DeskFolder(try ScratchFolder.path)
        let agent = try #require(AgentName("risk"))
        let log = AgentLog(desk, agent, AgentLogSettings(wall: FixedClock()))

        log.take([
            .text(Array("plain \"text\"\r".utf8), isCut: false),
            .text([0x61, 0xFF, 0x62], isCut: true), .dropped(7),
            .text(Array("{\"level\": \"info\", \"n\": 1}".utf8), isCut: false),
            .text(Array("{torn".utf8), isCut: false), .text(Array("[1]".utf8), isCut: false),
            .text([], isCut: false),
        ])

        let ends = [
            "\"text\":\"plain \\\"text\\\"\"}", "\"text\":\"a\u{FFFD}b\",\"cut\":true}",
            "\"dropped\":7}", "\"record\":{\"level\":\"info\",\"n\":1}}", "\"text\":\"{torn\"}",
            "\"text\":\"[1]\"}", "\"text\":\"\"}",
        ]
        #expect(try lines(AgentLogReader(desk, agent)) == ends.map { head + $0 })
    }

    @Test("logs are rotated, a bounded number is kept, and a reader follows over rotations")
    func rotation() throws {
        let desk = DeskFolder(try ScratchFolder.path)
        let agent = try #require(AgentName("risk"))
        let settings = AgentLogSettings(wall: FixedClock(), rotateBytes: 500, keep: 2)
        let log = AgentLog(desk, agent, settings)
        let reader = AgentLogReader(desk, agent)
        var seen: [String] = []

        for number in 1...30 {
            log.take([.text(Array("line \(number)".utf8), isCut: false)])
            if number % 4 == 0 { seen += try lines(reader) }
        }
        seen += try lines(reader)

        #expect(seen == (1...30).map { head + "\"text\":\"line \($0)\"}" })
        #expect(try desk.logs.names().count == 3)
        let last = try lines(AgentLogReader(desk, agent), last: 3)
        #expect(last == (28...30).map { head + "\"text\":\"line \($0)\"}" })
        #expect(try lines(AgentLogReader(desk, agent), last: 0).isEmpty)
    }

    @Test("lines that cannot be written are counted before the next that can")
    func fullDisk() throws {
        let desk = DeskFolder(try ScratchFolder.path)
        let agent = try #require(AgentName("risk"))
        let log = AgentLog(desk, agent, AgentLogSettings(wall: FixedClock()))
        try desk.runtime.create()
        try desk.runtime.replace("logs", with: [])

        log.take([.text([0x61], isCut: false), .dropped(3)])
        try desk.runtime.removeFile("logs")
        log.take([.text([0x62], isCut: false)])

        #expect(
            try lines(AgentLogReader(desk, agent)) == [
                head + "\"dropped\":4}", head + "\"text\":\"b\"}",
            ]
        )
    }

    @Test("one agent's log is not another's, whatever their names")
    func names() throws {
        let desk = DeskFolder(try ScratchFolder.path)
        let names = try ["a", "a-00000001", "a-b"].map { try #require(AgentName($0)) }
        let settings = AgentLogSettings(wall: FixedClock(), rotateBytes: 1, keep: 2)

        for name in names {
            let log = AgentLog(desk, name, settings)
            for _ in 0..<3 { log.take([.text(Array(name.description.utf8), isCut: false)]) }
        }

        for name in names {
            let texts = try lines(AgentLogReader(desk, name))
            #expect(texts.count == 3)
            #expect(texts.allSatisfy { $0.hasSuffix("\"text\":\"\(name)\"}") })
        }
    }

    @Test("a reader waits for the end of a line, and passes over what is torn")
    func torn() throws {
        let desk = DeskFolder(try ScratchFolder.path)
        let agent = try #require(AgentName("risk"))
        let reader = AgentLogReader(desk, agent)
        try desk.logs.create()

        try desk.logs.append(Array("{\"a\":1}\n{\"b\"".utf8), to: "risk.jsonl")
        #expect(try lines(reader) == ["{\"a\":1}"])
        try desk.logs.append(Array(":2}\n{\"torn\":".utf8), to: "risk.jsonl")
        #expect(try lines(reader) == ["{\"b\":2}"])
        let log = AgentLog(desk, agent, AgentLogSettings(wall: FixedClock()))
        log.take([.text([0x61], isCut: false)])

        #expect(try lines(reader) == [head + "\"text\":\"a\"}"])
    }
}
