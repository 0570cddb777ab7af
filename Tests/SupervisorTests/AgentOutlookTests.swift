// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing
import TestSupport

@testable import Supervisor

@Suite("How it stands with agents", .scratchFolder)
struct AgentOutlookTests {
    private func name(_ text: String) throws -> AgentName { try #require(AgentName(text)) }

    @Test("a desk at rest tells what waits and who is out of service, and no more")
    func atRest() async throws {
        let scene = try await ExaminationBench.make()
        let spool = try TriggerSpool(scene.folder)
        let researcher = try name("researcher")
        let request = TriggerRequest(
            agent: researcher,
            kind: .person,
            id: "1",
            time: Bench.days[0]
        )
        _ = try spool.accept(try #require(request))
        try scene.write("supervision.json", Self.record, below: ".loopdesk")

        let all = try AgentOutlook.all(of: try scene.bench.open(), at: Bench.days[7])

        #expect(all[researcher]?.state == nil && all[researcher]?.requests == 1)
        #expect(all[researcher]?.text == "1 request waits")
        #expect(all[try name("backtester")]?.text == "quarantined (it crashed)")
        #expect(all[try name("ingestor")]?.text == "")
    }

    @Test("a desk that runs tells states, the next fire and mail that nobody has read")
    func running() async throws {
        var setting = Bench.Setting()
        setting.agents[2].text = #"role: backtester, on: [proposal], cron: "30 9 * * *""#
        let scene = ExaminationBench(bench: try await Bench.make("a", setting))
        try scene.bench.run(through: 3)
        let owner = try OwnerBench(scene.bench)
        try owner.takeTurn("one more")
        _ = try owner.publish()
        let events = [
            #"{"seq":1,"time":"2000-03-03T21:00:00Z","event":"desk.up","pid":1,"version":"1"}"#,
            #"{"seq":2,"time":"2000-03-03T21:00:01Z","event":"turn.started","agent":"ingestor"}"#,
            #"{"seq":3,"time":"2000-03-03T21:00:01Z","event":"turn.started","agent":"researcher"}"#,
            #"{"seq":4,"time":"2000-03-03T21:00:02Z","event":"turn.failed","agent":"researcher"}"#,
        ]
        try scene.write("events.jsonl", events.joined(separator: "\n"), below: ".loopdesk/events")
        let lock = try DeskLock.take(scene.folder, purpose: "loopdesk up")

        let all = try AgentOutlook.all(of: try scene.bench.open(), at: Bench.days[7])
        _ = consume lock

        let backtester = try #require(all[try name("backtester")])
        #expect(all[try name("ingestor")]?.state == "running")
        #expect(all[try name("ingestor")]?.nextFire == nil)
        #expect(all[try name("researcher")]?.state == "waiting")
        #expect(backtester.state == "resting")
        #expect(backtester.nextFire == Instant("2000-03-09T09:30:00Z"))
        #expect(backtester.mail >= 1)
        #expect(backtester.text.hasPrefix("resting, next at 2000-03-09T09:30:00Z, "))
    }

    private static let record = """
        {"version":1,"restarts":[],"quarantines":[{"agent":"backtester","cause":"backtester",\
        "reason":"it crashed","since":"2026-11-20T10:00:00Z"}]}
        """
}
