// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import TestSupport
import Testing

@testable import Supervisor

@Suite("Goals on a live desk", .scratchFolder, .timeLimit(.minutes(2)))
struct LiveGoalTests {
    private func makeBench(_ goal: String) async throws -> Bench {
        var setting = Bench.Setting()
        setting.agents = [
            ("ingestor", "role: ingestor, every: bar"),
            ("researcher", "role: researcher, goal: {\(goal)}"),
        ]
        return try await Bench.make("a", setting)
    }

    private func endings(_ bench: Bench) throws -> [JSON] {
        let folder = bench.desk.folder(".loopdesk/events")
        let bytes = try folder.readIfPresent("events.jsonl", limitBytes: 1 << 20) ?? []
        return try bytes.split(separator: 0x0A).map { try JSON(parsing: Array($0)) }
            .filter { $0["event"]?.stringValue == "goal.ended" }
    }

    @Test("an ending is told once, however often the desk starts")
    func once() async throws {
        let bench = try await makeBench("until: turns > 0, turns: 4")
        for day in Bench.days.prefix(3) {
            let live = try LiveBench(bench)
            live.feed.add(day)
            let count = try await bench.git.lines("log", "--all", "--format=%an").count
            let hasRun = try await eventually(within: .seconds(20)) {
                let after = try await bench.git.lines("log", "--all", "--format=%an").count
                return try after > count && !endings(bench).isEmpty
            }
            try await live.stop()
            #expect(hasRun)
        }

        let told = try endings(bench)
        #expect(told.map { $0["outcome"]?.stringValue } == ["met"])
    }

    @Test("a command that takes too long is ended, and the goal says so")
    func timeout() async throws {
        let bench = try await makeBench("check: [sleep, '60'], check_timeout: 1s")
        let live = try LiveBench(bench)
        let isTold = try await eventually(within: .seconds(20)) { try !endings(bench).isEmpty }
        try await live.stop()

        let ending = try #require(try endings(bench).first)
        #expect(isTold)
        #expect(ending["outcome"]?.stringValue == "failed")
        #expect(
            ending["reason"]?.stringValue == "the command was ended after its check_timeout of 1s"
        )
    }
}
