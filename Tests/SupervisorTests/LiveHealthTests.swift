// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Glibc
import Processes
import Testing
import TestSupport

@testable import Supervisor

@Suite("What a live desk tells of what does not work", .scratchFolder)
struct LiveHealthTests {
    private let own = HolderInfo(processID: getpid(), bootID: "", note: "loopdesk up")
    private let start = Moment(
        wall: Instant(secondsSinceEpoch: 1_000),
        steady: MonotonicInstant(nanoseconds: 0)
    )

    @Test("a reference that somebody holds is told until a while after it is free again")
    func held() async throws {
        let agents: [(name: String, text: String)] = [
            ("ingestor", "role: ingestor, every: bar"),
            ("verifier", "role: verifier, every: 200ms"),
        ]
        let bench = try await Bench.make("live", Bench.Setting(agents: agents))
        let live = try LiveBench(bench)
        let file = HealthFile(DeskFolder(bench.desk.path))
        func reasons() throws -> [String] { try file.load(of: own).map(\.reason) }
        #expect(
            try await eventually(within: .seconds(30)) {
                bench.desk.folder(".git/refs/heads/agents").contains("verifier")
            }
        )

        let folder = bench.desk.folder(".git/refs/heads/agents")
        try folder.replace("verifier.lock", with: [])
        #expect(
            try await eventually(within: .seconds(30)) {
                try reasons().contains { $0.contains("verifier.lock") }
            }
        )
        let health = live.metrics.snapshot.health
        try folder.removeFile("verifier.lock")
        #expect(try await eventually(within: .seconds(30)) { try reasons().isEmpty })

        #expect(health == .degraded)
        #expect(live.metrics.snapshot.health == .running)
        #expect(try await live.stop() == .stopped)
        #expect(try reasons().isEmpty)
    }

    @Test("what works for a moment between two failures is still told, with when it began")
    func flapping() throws {
        var health = DeskHealth()
        health.note(.storage, "could not publish:\nit is held", at: start)
        health.forget(at: start.steady.advanced(by: .seconds(4)))
        let later = Moment(
            wall: start.wall.adding(seconds: 4),
            steady: start.steady.advanced(by: .seconds(4))
        )
        health.note(.storage, "could not plan a turn", at: later)
        health.forget(at: start.steady.advanced(by: .seconds(8)))
        let troubles = health.troubles
        health.forget(at: start.steady.advanced(by: .seconds(9)))

        #expect(troubles.map(\.reason) == ["could not plan a turn"])
        #expect(troubles.map(\.since) == [start.wall])
        #expect(health.troubles.isEmpty)
    }

    @Test("what a killed desk left counts for nobody else, and for nobody at all")
    func leftBehind() async throws {
        let scene = try await ExaminationBench.make()
        var health = DeskHealth()
        health.note(.storage, "could not publish: it is held", at: start)
        let file = HealthFile(scene.folder)
        try file.write(health.troubles)
        let other = HolderInfo(processID: getpid() + 1, bootID: "", note: "loopdesk up")

        #expect(try file.load(of: own) == health.troubles)
        #expect(try file.load(of: other).isEmpty)
        #expect(try file.load(of: nil).isEmpty)
        #expect(!scene.codes().contains(.deskDegraded))
        try scene.bench.run(through: 4)
        #expect(try file.load(of: own).isEmpty)
    }

    @Test("an examination beside a desk that is degraded says so, and why")
    func examined() async throws {
        let scene = try await ExaminationBench.make()
        var health = DeskHealth()
        health.note(.storage, "could not publish: it is held", at: start)
        try HealthFile(scene.folder).write(health.troubles)
        let lock = try DeskLock.take(scene.folder, purpose: "loopdesk up")

        let found = scene.report().findings.filter { $0.code == .deskDegraded }
        _ = consume lock

        #expect(found.count == 1)
        #expect(found[0].message.hasSuffix("could not publish: it is held"))
    }
}
