// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Foundation
import Glibc
import Testing
import TestSupport

@Suite("loopdesk doctor", .scratchFolder)
struct DoctorTests {
    private func findings(_ report: JSON) -> [String] {
        (report["findings"]?.arrayValue ?? []).compactMap { $0["word"]?.stringValue }
            // What the computer of the test lacks is not the desk's fault.
            .filter { !Self.ofTheComputer.contains($0) }
    }

    private static let ofTheComputer = [
        "clock-unsynchronised", "landlock-missing", "user-namespaces-missing", "cgroups-old",
        "space-low", "watchers-few", "processes-uncounted",
    ]

    @Test("a good desk has no errors, before and after its first replay")
    func good() async throws {
        let desk = try await TestDesk.make()
        let before = try await desk.run("doctor")
        _ = try await desk.run("replay")

        let after = try await desk.json("doctor")

        #expect(before.isSuccess)
        #expect(before.stdout.contains("LD010 branch-missing: verifier: no branch yet"))
        #expect(!before.stdout.contains("\nerror"))
        let found = try #require(after["findings"]?.arrayValue)
        #expect(
            found.allSatisfy {
                $0.objectValue?.map(\.name) == [
                    "code", "word", "severity", "where", "message", "remedy", "fixable", "page",
                ]
            }
        )
        #expect(findings(after) == ["earnings-missing"])
        let passed = (after["passed"]?.arrayValue ?? []).compactMap { $0["check"]?.stringValue }
        for check in ["space", "configuration", "main", "agents", "feed", "ledger"] {
            #expect(passed.contains(check), "\(passed)")
        }
        #expect(after["errors"]?.intValue == 0)
    }

    @Test("a webhook whose secret cannot be read is an error")
    func webhook() async throws {
        let desk = try await TestDesk.make()
        try desk.edit("orchestrator.yml") {
            $0.replacingFirst(
                "    role: backtester\n",
                with: "    role: backtester\n    webhook: {secret_file: hook.key}\n"
            )
            .replacingFirst("agents:\n", with: "endpoint: {listen: \"127.0.0.1:0\"}\nagents:\n")
        }
        try await desk.commit()

        let found = try await desk.run("doctor", "--json")
        let missing = try JSON(parsing: Array(found.stdout.utf8))
        try desk.write("whsec_\(String(repeating: "A", count: 44))\n", to: "hook.key")
        let there = try await desk.json("doctor")

        #expect(findings(missing).contains("webhook-unusable"))
        #expect(missing["errors"]?.intValue == 1)
        #expect(!findings(there).contains("webhook-unusable"))
        #expect(there["errors"]?.intValue == 0)
    }

    @Test("an error gives status 1, and is a finding in JSON too; nothing is repaired then")
    func problem() async throws {
        let desk = try await TestDesk.make()
        try desk.write("version: 1\n", to: "orchestrator.yml")

        let result = try await desk.run("doctor", "--json")
        let fix = try await desk.run("doctor", "--fix", "--json")

        let report = try JSON(parsing: Array(result.stdout.utf8))
        expectComplaint(result, status: 1, "1 finding must be put right")
        #expect(findings(report) == ["configuration-invalid"])
        #expect(fix.status == 1)
        #expect(try JSON(parsing: Array(fix.stdout.utf8))["fixed"]?.arrayValue == [])
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

    @Test("a repair ends what a dead supervisor left, saves edits, says both, and looks again")
    func fix() async throws {
        let desk = try await TestDesk.make()
        let whole = try await TestDesk.make("whole")
        _ = try await desk.run("replay", "--through", "2000-03-10")
        try desk.edit("worktrees/researcher/agents/researcher/STATE.md") { $0 + "\nmine\n" }
        var status = stat()
        #expect(stat(desk.path, &status) == 0)
        let left = Process()
        left.executableURL = URL(fileURLWithPath: "/bin/sleep")
        left.arguments = ["600"]
        left.environment = ["LOOPDESK_CHILD_OF": "\(desk.path)#\(status.st_dev)-\(status.st_ino)"]
        try left.run()

        let before = try await desk.json("doctor")
        let fixed = try await desk.json("doctor", "--fix")
        let heads = try await desk.replayedHeads()

        #expect(findings(before).prefix(2) == ["worktree-edited", "process-left-behind"])
        #expect(findings(fixed).prefix(1) == ["rescue-kept"])
        let done = (fixed["fixed"]?.arrayValue ?? []).compactMap(\.stringValue)
        #expect(done.first == "ended process \(left.processIdentifier)")
        #expect(done.count == 2 && done[1].contains("refs/rescue/researcher/"), "\(done)")
        let isOver = try await eventually(within: .seconds(5)) { !left.isRunning }
        #expect(isOver)
        #expect(try await whole.replayedHeads() == heads)
    }

    @Test("a ledger that is damaged is an error")
    func ledger() async throws {
        let desk = try await TestDesk.make()
        _ = try await desk.run("replay", "--through", "2000-03-03")
        try desk.write(String(repeating: "no ledger ", count: 1000), to: ".loopdesk/ledger.sqlite")

        let result = try await desk.run("doctor", "--json")

        #expect(result.status == 1)
        let report = try JSON(parsing: Array(result.stdout.utf8))
        #expect(findings(report) == ["earnings-missing", "ledger-unreadable"])
    }

    @Test("trading that was halted is a warning")
    func halted() async throws {
        let desk = try await TestDesk.make()
        try desk.edit("agents/risk/SKILL.md") {
            $0.replacingFirst("drawdown <= 0.05", with: "drawdown < 0.0")
        }
        try await desk.commit()
        _ = try await desk.run("replay")

        let report = try await desk.json("doctor")

        #expect(findings(report) == ["earnings-missing", "ledger-halted"])
    }
}
