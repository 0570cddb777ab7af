// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Glibc
import Testing

@Suite("The skills of a desk")
struct SkillSetTests {
    private func withDesk(_ body: (DeskConfiguration, Folder) throws -> Void) throws {
        var template = Array("/tmp/loopdesk-desk-XXXXXX".utf8CString)
        let made = mkdtemp(&template)
        let folder = Folder(String(cString: try #require(made)))
        defer { #expect(throws: Never.self) { try folder.removeAll() } }
        let configuration = try DeskConfiguration(parsing: DefaultDesk.text)
        for path in SkillSet.paths(of: configuration) {
            let parts = path.split(separator: "/")
            try folder.folder(parts.dropLast().joined(separator: "/")).create()
            let rule = "## Rules for a report\n- x `sharpe > 1.0`\n"
            let name = parts[parts.count - 2]
            let text = "---\nname: \(name)\ndescription: d\n---\n# \(name)\n\n\(rule)"
            try folder.replace(path, with: Array(text.utf8))
        }
        try body(configuration, folder)
    }

    @Test("each agent's own skill and each shared one is needed once")
    func paths() throws {
        let paths = SkillSet.paths(of: try DeskConfiguration(parsing: DefaultDesk.text))

        #expect(paths.count == 7 && paths.last == "skills/trading-rules/SKILL.md")
        #expect(paths.first == "agents/backtester/SKILL.md" && paths == paths.sorted())
    }

    @Test("the rules of all skills are counted")
    func valid() throws {
        try withDesk { configuration, folder in
            let rules = try SkillSet.check(configuration, in: folder)

            #expect(rules == 7)
        }
    }

    @Test("a verifier that goes by the words of a maker is refused, however they are laid out")
    func sharedMinds() throws {
        try withDesk { configuration, folder in
            for name in ["researcher", "verifier"] {
                let gap = name == "verifier" ? "\n\n" : " "
                let text = "---\nname: \(name)\ndescription: of \(name)\n---\nThink\(gap)hard.\n"
                try folder.replace("agents/\(name)/SKILL.md", with: Array(text.utf8))
            }

            let error = #expect(throws: DeskError.self) {
                try SkillSet.check(configuration, in: folder)
            }

            #expect(error?.problems.map(\.file) == ["agents/verifier/SKILL.md"])
            #expect(error?.description.contains("agents/researcher/SKILL.md") == true)
        }
    }

    @Test("missing and faulty files are all named")
    func faults() throws {
        try withDesk { configuration, folder in
            try folder.removeFile("agents/risk/SKILL.md")
            try folder.removeFile("skills/trading-rules/SKILL.md")
            try folder.replace("agents/executor/SKILL.md", with: [0xFF])
            try folder.replace("agents/verifier/SKILL.md", with: Array("no".utf8))
            try folder.removeFile("agents/ingestor/SKILL.md")
            try folder.folder("agents/ingestor/SKILL.md").create()

            let error = #expect(throws: DeskError.self) {
                try SkillSet.check(configuration, in: folder)
            }

            #expect(error?.code == .skill)
            #expect(
                error?.problems.map(\.file) == [
                    "agents/executor/SKILL.md", "agents/ingestor/SKILL.md", "agents/risk/SKILL.md",
                    "agents/verifier/SKILL.md", "skills/trading-rules/SKILL.md",
                ]
            )
            let missing = "missing; every agent and every listed skill needs one"
            #expect(error?.problems[2].message == missing && error?.problems[4].message == missing)
            #expect(error?.problems[0].message == "not UTF-8")
            #expect(error?.problems[1].message == "not a regular file")
        }
    }
}
