// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Git
import TestSupport
import Testing

@testable import Supervisor

@Suite("Whether agents have had turns", .scratchFolder)
struct TurnsHadTests {
    private func hasHadTurns(_ bench: Bench) throws -> Bool {
        try bench.open().repository.hasHadTurns()
    }

    @Test("they have not on a new desk, nor where branches were made and nothing ran")
    func new() async throws {
        let bench = try await Bench.make()
        let before = try hasHadTurns(bench)
        for agent in ["ingestor", "researcher"] {
            try await bench.git.run("branch", "agents/\(agent)", "main")
        }

        #expect(!before)
        #expect(try !hasHadTurns(bench))
    }

    @Test("they have after a replay, also when one of them alone has a branch left")
    func replayed() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 2)
        let before = try hasHadTurns(bench)
        try bench.open().repository.dropPublication()
        for agent in ["ingestor", "researcher"] {
            try await bench.git.run("update-ref", "-d", "refs/heads/agents/\(agent)")
        }

        #expect(before)
        #expect(try hasHadTurns(bench))
    }

    @Test("they have when branches were taken back and the journal alone knows of it")
    func journal() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 2)
        for agent in ["ingestor", "researcher", "backtester"] {
            try await bench.git.run("update-ref", "refs/heads/agents/\(agent)", "main")
        }

        #expect(try hasHadTurns(bench))
    }

    @Test("a clone is new, also when main holds an agent's turns and branches were made from it")
    func clone() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 2)
        try await bench.git.run("merge", "--quiet", "--ff-only", "agents/ingestor")
        let clone = bench.root.path(of: "clone")
        try await GitCommand(in: bench.root.path).run("clone", "--quiet", bench.desk.path, clone)
        let repository = try Repository.open(at: clone)
        let before = try repository.hasHadTurns()
        try await GitCommand(in: clone).run("branch", "--no-track", "agents/ingestor", "main")

        #expect(!before)
        #expect(try !repository.hasHadTurns())
    }

    @Test("they have not once a desk has started over")
    func startedOver() async throws {
        let bench = try await Bench.make()
        try bench.run(through: 2)

        try bench.open().startOver()

        #expect(try !hasHadTurns(bench))
    }
}
