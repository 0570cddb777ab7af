// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Foundation
import TestSupport
import Testing

@testable import Supervisor

@Suite("A desk that is put in the place of one that runs", .scratchFolder, .timeLimit(.minutes(2)))
struct DisplacedDeskTests {
    private static let agents: [(name: String, text: String)] = [
        ("ingestor", "role: ingestor, every: bar"),
        ("researcher", "role: researcher, on: [bars], skills: [house]"),
    ]

    /// Every file below a folder with its content.
    private func files(below folder: Folder) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        where !folder.isOwnFolder(name) {
            files[name] = try folder.read(name)
        }
        return files
    }

    /// Moves the desk away and puts a copy of it in its place.
    private func displace(_ bench: Bench) throws {
        try bench.root.move("desk", to: "desk.old")
        try bench.root.move("backup", to: "desk")
    }

    private func keepBackup(_ bench: Bench) throws {
        try FileManager.default.copyItem(
            atPath: bench.desk.path,
            toPath: bench.root.path(of: "backup")
        )
    }

    private func turns(of agent: String, in folder: Folder) async throws -> Int {
        let range = "main..refs/heads/agents/\(agent)"
        return try await GitCommand(in: folder.path).lines("rev-list", range, "--").count
    }

    @Test("a live desk ends, and neither publishes nor touches anything of the other's")
    func live() async throws {
        let bench = try await Bench.make("live", Bench.Setting(agents: Self.agents))
        try bench.run(through: 1)
        let lock = try DeskLock.take(DeskFolder(bench.desk.path), purpose: "loopdesk up")
        try keepBackup(bench)
        let live = try LiveBench(bench, claim: lock.claim)
        live.feed.add(Bench.days[1])
        let old = bench.root.folder("desk.old")
        #expect(
            try await eventually(within: .seconds(20)) {
                try await turns(of: "researcher", in: bench.desk) == 2
            }
        )

        try displace(bench)
        let before = try files(below: bench.desk)
        live.feed.add(Bench.days[2])
        let error = await #expect(throws: SupervisorError.self) { try await live.end() }

        #expect(error?.code == .displaced)
        #expect(error?.message.contains(".loopdesk/lock") == true)
        #expect(try files(below: bench.desk) == before)
        #expect(try await turns(of: "researcher", in: bench.desk) == 1)
        #expect(try await turns(of: "researcher", in: old) == 2)
        _ = consume lock
    }

    @Test("a replay ends as well")
    func replay() async throws {
        let bench = try await Bench.make("replay", Bench.Setting(agents: Self.agents))
        try bench.run(through: 1)
        let lock = try DeskLock.take(DeskFolder(bench.desk.path), purpose: "loopdesk replay")
        try keepBackup(bench)
        let before = try files(below: bench.root.folder("backup"))

        let error = #expect(throws: SupervisorError.self) {
            try bench.run(through: 5, claim: lock.claim) { day in
                // Days are known by their numbers, and the first has been before.
                guard day == 3 else { return }
                do { try displace(bench) } catch { Issue.record(error) }
            }
        }

        #expect(error?.code == .displaced)
        #expect(try files(below: bench.desk) == before)
        _ = consume lock
    }

    @Test("a lock that somebody deleted ends a live desk too, which leaves its turns as they were")
    func deletedLock() async throws {
        let bench = try await Bench.make("live", Bench.Setting(agents: Self.agents))
        let lock = try DeskLock.take(DeskFolder(bench.desk.path), purpose: "loopdesk up")
        let live = try LiveBench(bench, claim: lock.claim)
        live.feed.add(Bench.days[0])
        #expect(
            try await eventually(within: .seconds(20)) {
                let branch = "refs/heads/agents/researcher"
                guard !(try await bench.git.lines("for-each-ref", branch)).isEmpty else {
                    return false
                }
                return try await turns(of: "researcher", in: bench.desk) == 1
            }
        )

        try bench.desk.folder(".loopdesk").removeFile("lock")
        let error = await #expect(throws: SupervisorError.self) { try await live.end() }
        _ = consume lock
        let again = try LiveBench(bench)
        again.feed.add(Bench.days[0])
        again.feed.add(Bench.days[1])
        let goesOn = try await eventually(within: .seconds(20)) {
            try await turns(of: "researcher", in: bench.desk) == 2
        }

        #expect(error?.code == .displaced)
        #expect(goesOn)
        #expect(try await again.stop() == .stopped)
    }
}
