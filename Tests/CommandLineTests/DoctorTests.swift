// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("loopdesk doctor", .scratchFolder)
struct DoctorTests {
    @Test("a good desk has no problems, before and after its first replay")
    func good() async throws {
        let desk = try await TestDesk.make()
        let before = try await desk.run("doctor")
        _ = try await desk.run("replay")

        let after = try await desk.json("doctor")

        let findings = try #require(after["findings"]?.arrayValue)
        #expect(before.isSuccess)
        #expect(before.stdout.contains("no branch yet; the next replay makes it"))
        #expect(!before.stdout.contains("problem"))
        #expect(
            findings.allSatisfy { $0.objectValue?.map(\.name) == ["code", "level", "message"] }
        )
        let codes = findings.compactMap { $0["code"]?.stringValue }
        #expect(codes.contains("configuration") && codes.contains("feed"))
        #expect(codes.filter { $0.hasPrefix("agent.") }.count == 6)
        #expect(Set(findings.compactMap { $0["level"]?.stringValue }) == ["good", "notice"])
    }

    @Test("a problem gives status 1, and is a finding in JSON too")
    func problem() async throws {
        let desk = try await TestDesk.make()
        try desk.write("version: 1\n", to: "orchestrator.yml")

        let result = try await desk.run("doctor", "--json")

        let findings = try JSON(parsing: Array(result.stdout.utf8))["findings"]?.arrayValue ?? []
        expectComplaint(result, status: 1, "must be put right")
        #expect(findings.contains { $0["level"] == "problem" && $0["code"] == "desk" })
    }

    @Test("changes in a worktree are named, and the next replay saves them")
    func changedWorktree() async throws {
        let desk = try await TestDesk.make()
        _ = try await desk.run("replay", "--through", "2000-03-10")
        let state = "worktrees/researcher/agents/researcher/STATE.md"
        try desk.edit(state) { $0 + "\nmine\n" }

        let doctor = try await desk.run("doctor")
        _ = try await desk.run("replay")

        let rescued = try await desk.references().filter { $0.hasPrefix("refs/rescue/researcher/") }
        let reference = try #require(rescued.first?.split(separator: " ").first)
        let saved = try await desk.git.run("grep", "mine", String(reference), "--")
        #expect(doctor.isSuccess)
        #expect(doctor.stdout.contains("agents/researcher/STATE.md differ from the branch"))
        #expect(saved.stdout.contains("STATE.md:mine"))
    }
}
