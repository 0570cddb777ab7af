// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("A desk with bad files", .scratchFolder)
struct BadFileTests {
    /// One thing that is wrong with a desk, and what must be said about it.
    struct Fault: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let file: String
        let words: [String]
        let change: @Sendable (String) -> String

        init(
            _ name: String,
            _ file: String,
            says words: String...,
            change: @escaping @Sendable (String) -> String
        ) {
            testDescription = name
            self.file = file
            self.words = words
            self.change = change
        }
    }

    static let faults: [Fault] = [
        Fault("no YAML", "orchestrator.yml", says: "orchestrator.yml:", "YAML") { _ in "a: [b\n" },
        Fault("an empty file", "orchestrator.yml", says: "orchestrator.yml") { _ in "" },
        Fault("a list", "orchestrator.yml", says: "orchestrator.yml") { _ in "- a\n- b\n" },
        Fault("most of it missing", "orchestrator.yml", says: "market: missing", "agents: missing")
        { _ in "version: 1\nname: a\n" },
        Fault("an unknown key", "orchestrator.yml", says: "orchestrator.yml:", "colour") {
            $0.replacingFirst("name: default", with: "name: default\ncolour: blue")
        },
        Fault("an unknown role", "orchestrator.yml", says: "orchestrator.yml:", "oracle") {
            $0.replacingFirst("role: risk", with: "role: oracle")
        },
        Fault("a day that is none", "orchestrator.yml", says: "orchestrator.yml:", "replay.from") {
            $0.replacingFirst("from: 2000-03-01", with: "from: 2000-02-31")
        },
        Fault("a number out of range", "orchestrator.yml", says: "sealed_years") {
            $0.replacingFirst("sealed_years: 2", with: "sealed_years: 99")
        },
        Fault("a key twice", "orchestrator.yml", says: "orchestrator.yml:") {
            $0.replacingFirst("name: default", with: "name: default\nname: other")
        },
        Fault(
            "a skill without front matter",
            "agents/risk/SKILL.md",
            says: "agents/risk/SKILL.md:1:",
            "no front matter",
            "must begin with"
        ) { _ in "# Risk\n" },
        Fault(
            "a rule that does not parse",
            "agents/verifier/SKILL.md",
            says: "agents/verifier/SKILL.md:",
            "`sharpe >`",
            "does not parse"
        ) { $0 + "- Bad. `sharpe >`\n" },
        Fault(
            "a rule about nothing known",
            "agents/verifier/SKILL.md",
            says: "agents/verifier/SKILL.md:",
            "unknown name 'luck'",
            "may read:"
        ) { $0 + "- Bad. `luck > 1`\n" },
        Fault(
            "bars without rows",
            TestDesk.bars,
            says: TestDesk.bars,
            "no rows",
            "market.feed.path"
        ) { String($0.prefix { $0 != "\n" }) + "\n" },
        Fault("bars without a byte", TestDesk.bars, says: TestDesk.bars, "empty") { _ in "" },
        Fault("bars with a bad header", TestDesk.bars, says: TestDesk.bars, "no column 'symbol'") {
            $0.replacingFirst("symbol,", with: "who,")
        },
    ]

    @Test("what is wrong is said with its place, and nothing is changed", arguments: faults)
    func refused(fault: Fault) async throws {
        let desk = try await TestDesk.make()
        try desk.edit(fault.file, fault.change)
        try await desk.commit()
        let before = try await desk.references()

        let replay = try await desk.run("replay")
        let doctor = try await desk.run("doctor")

        expectComplaint(replay, status: 65)
        for word in fault.words { #expect(replay.stderr.contains(word), "\(replay.stderr)") }
        #expect(try await desk.references() == before)
        #expect(doctor.status == 1)
        #expect(doctor.stdout.contains("error "))
        for word in fault.words { #expect(doctor.stdout.contains(word), "\(doctor.stdout)") }
    }

    @Test(
        "a file that is missing is named",
        arguments: [
            "orchestrator.yml", "agents/risk/SKILL.md", "skills/trading-rules/SKILL.md",
            TestDesk.bars,
        ]
    )
    func missing(file: String) async throws {
        let desk = try await TestDesk.make()
        try desk.folder.removeFile(file)
        try await desk.commit()
        let before = try await desk.references()

        let replay = try await desk.run("replay")
        let doctor = try await desk.run("doctor")

        expectComplaint(replay, status: 65, file)
        #expect(try await desk.references() == before)
        #expect(doctor.status == 1)
        #expect(doctor.stdout.contains(file))
    }
}
