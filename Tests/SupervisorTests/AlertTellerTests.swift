// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Supervisor

@Suite("Telling an alert until it is heard", .scratchFolder)
struct AlertTellerTests {
    /// Somebody who may be deaf, and a clock that is moved by hand.
    private final class Scene: WallClock {
        private let state = Mutex((now: Int64(1_800_000_000), isDeaf: false, heard: [String]()))
        private let tries = Mutex(0)

        func now() -> Instant { state.withLock { Instant(secondsSinceEpoch: $0.now) } }
        func wait(_ seconds: Int64) { state.withLock { $0.now += seconds } }
        func become(deaf: Bool) { state.withLock { $0.isDeaf = deaf } }

        var heard: [String] { state.withLock { $0.heard } }
        var tried: Int { tries.withLock { $0 } }

        func hear(_ message: AlertMessage) throws {
            tries.withLock { $0 += 1 }
            try state.withLock { state in
                guard !state.isDeaf else { throw SupportError("nobody is there") }
                state.heard.append(message.line)
            }
        }
    }

    private let scene = Scene()
    private let desk: DeskFolder

    init() throws {
        desk = DeskFolder(try ScratchFolder.path)
        try desk.runtime.folder("events").create()
    }

    private func teller(after number: Int = 0, perHour: Int = 3600) throws -> AlertTeller {
        let configuration = try DeskConfiguration(
            parsing: """
                version: 1
                name: d
                replay: {from: 2000-03-01, through: 2000-03-08}
                market: {feed: {kind: csv, path: bars.csv}, symbols: [IBM], session_close: "21:00"}
                account: {capital: 1000000}
                alerts:
                  one: {on: [halt], per_hour: \(perHour), webhook: "https://a.example/x"}
                agents: {risk: {role: risk, every: 1m}}
                """
        )
        let scene = scene
        return AlertTeller(
            try #require(configuration.alerts.first),
            of: desk,
            called: "d",
            after: number,
            wall: scene,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { try scene.hear($0) }
    }

    /// Writes events as the desk does.
    private func halt(_ numbers: ClosedRange<Int>) throws {
        let lines = numbers.map { number -> String in
            let event: JSON = [
                "seq": .int(Int64(number)), "time": "2026-11-20T15:00:03Z",
                "event": "ledger.halted", "reason": .string("r\(number)"),
            ]
            return event.compactText + "\n"
        }
        try desk.runtime.folder("events").append(Array(lines.joined().utf8), to: "events.jsonl")
    }

    @Test("who does not hear is told again, after longer and longer pauses, and each event once")
    func again() async throws {
        var teller = try teller()
        try halt(1...2)
        scene.become(deaf: true)

        await teller.step()
        await teller.step()
        let early = scene.tried
        var waits: [Int64] = []
        for _ in 0..<10 {
            let before = scene.tried
            var waited: Int64 = 0
            while scene.tried == before {
                scene.wait(1)
                waited += 1
                await teller.step()
            }
            waits.append(waited)
        }
        scene.become(deaf: false)
        scene.wait(AlertTeller.longestPause)
        await teller.step()
        await teller.step()

        #expect(early == 1)
        #expect(waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
        #expect(scene.heard == ["d: ledger.halted: r1", "d: ledger.halted: r2"])
    }

    @Test("an event that nobody hears for a day is given up, and the next one says so")
    func givenUp() async throws {
        var teller = try teller()
        try halt(1...2)
        scene.become(deaf: true)
        await teller.step()
        scene.wait(AlertTeller.patienceSeconds - 1)
        await teller.step()
        scene.wait(AlertTeller.longestPause)
        await teller.step()
        scene.become(deaf: false)
        scene.wait(AlertTeller.longestPause)

        await teller.step()

        let more = "(and 1 before it that were not told)"
        #expect(scene.heard == ["d: ledger.halted: r2 \(more)"])
    }

    @Test("a new start goes on where the last one was, and begins anew when the log was lost")
    func restart() async throws {
        var first = try teller()
        try halt(1...2)
        await first.step()
        try halt(3...3)

        var second = try teller(after: 3)
        await second.step()
        try desk.runtime.folder("events").removeFile("events.jsonl")
        try halt(1...1)
        var third = try teller(after: 0)
        await third.step()

        #expect(scene.heard.map { $0.suffix(2) } == ["r1", "r2", "r3", "r1"])
    }

    @Test("more occasions at a time than can wait are counted and not told")
    func flood() async throws {
        var teller = try teller()
        try halt(1...(AlertTeller.waitingLimit + 5))

        await teller.step()
        try halt((AlertTeller.waitingLimit + 6)...(AlertTeller.waitingLimit + 6))
        await teller.step()

        #expect(scene.heard.count == AlertTeller.waitingLimit + 1)
        // What was too much is told with the first message that follows.
        #expect(scene.heard.filter { $0.contains("(and 5 before it") }.count == 1)
    }
}
