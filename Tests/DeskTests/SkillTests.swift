// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("Reading skills")
struct SkillTests {
    private func problems(_ text: String, file: String = "skills/check/SKILL.md") -> [String] {
        do {
            _ = try Skill(parsing: text, file: file)
            return []
        } catch {
            #expect(error.code == .skill)
            return error.problems.map(\.description)
        }
    }

    private func text(name: String = "check", description: String = "Checks.", more: String = "")
        -> String
    {
        "---\nname: \(name)\ndescription: \(description)\n\(more)---\nBody\n"
    }

    @Test("a minimal skill is read")
    func minimal() throws {
        let skill = try Skill(parsing: text(), file: "skills/check/SKILL.md")

        #expect(skill.name == "check" && skill.description == "Checks.")
        #expect(skill.body == "Body\n")
        #expect(skill.rules.isEmpty && skill.metadata.isEmpty)
    }

    @Test("a folded description, CR LF line ends and an empty body are valid")
    func layouts() throws {
        let folded = text(description: ">\n  One line\n  and another.")
        let windows = text(more: "license: MIT\n").split(separator: "\n").joined(separator: "\r\n")

        #expect(
            try Skill(parsing: folded, file: "check/SKILL.md").description
                == "One line and another."
        )
        #expect(
            try Skill(parsing: windows, file: "check/SKILL.md").metadata == [
                .init("license", "MIT")
            ]
        )
        #expect(problems("---\nname: check\ndescription: x\n---") == [])
        #expect(problems("---\nname: check\ndescription: x\n---\n") == [])
    }

    @Test("a name in Japanese letters or digits is valid", arguments: ["検証", "123", "a1-b2"])
    func names(name: String) {
        #expect(problems(text(name: name), file: "skills/\(name)/SKILL.md") == [])
    }

    @Test("all optional fields are read, sorted, as texts")
    func optionalFields() throws {
        let more = """
            license: MIT
            compatibility: Linux
            allowed-tools: Read Bash(git:*)
            metadata:
              version: 1
              author: desk

            """

        let skill = try Skill(parsing: text(more: more), file: "check/SKILL.md")

        #expect(
            skill.metadata.map(\.name) == ["allowed-tools", "compatibility", "license", "metadata"]
        )
        #expect(skill.metadata[0].value == "Read Bash(git:*)")
        #expect(skill.metadata[3].value == ["version": "1", "author": "desk"])
    }

    @Test("the longest name and description are valid, and one more is not")
    func lengths() {
        let name = String(repeating: "a", count: 64)

        #expect(problems(text(name: name), file: "\(name)/SKILL.md") == [])
        #expect(problems(text(name: name + "a"), file: "\(name)a/SKILL.md").count == 1)
        #expect(problems(text(description: String(repeating: "é", count: 1024))) == [])
        #expect(
            problems(text(description: String(repeating: "é", count: 1025))) == [
                "skills/check/SKILL.md:3: description: has 1025 characters;"
                    + " at most 1024 are allowed"
            ]
        )
    }

    @Test(
        "what the validator refuses is refused here, with its line",
        arguments: [
            (SkillTests.header("name: Check\ndescription: x"), ":2: name: found 'Check'"),
            (SkillTests.header("name: che--ck\ndescription: x"), ":2: name: found 'che--ck'"),
            (SkillTests.header("name: che_ck\ndescription: x"), ":2: name: found 'che_ck'"),
            (SkillTests.header("name: -check\ndescription: x"), ":2: name: found '-check'"),
            (
                SkillTests.header("name: other\ndescription: x"),
                "it must equal the folder's name 'check'"
            ),
            (SkillTests.header("description: x"), ":2: name: missing; expected a text"),
            (SkillTests.header("name: check"), ":2: description: missing; expected a text"),
            (SkillTests.header("name: check\ndescription: ''"), ":3: description: found ''"),
            (
                SkillTests.header("name: check\ndescription: x\nversion: 1"),
                ":4: version: unknown key; allowed are name"
            ),
            (
                SkillTests.header("name: check\ndescription: Use when: asked"),
                ":3: not readable as YAML"
            ),
            (
                SkillTests.header("name: check\ndescription: x\nallowed-tools: [Read, Bash]"),
                ":4: allowed-tools: found a list"
            ),
            (
                SkillTests.header("name: check\ndescription: x\nmetadata: 1"),
                ":4: metadata: found '1'"
            ),
            (
                SkillTests.header("name: check\ndescription: x\nmetadata: {a: [1]}"),
                ":4: metadata.a: found a list"
            ),
            (
                SkillTests.header(
                    "name: check\ndescription: x\ncompatibility: "
                        + String(repeating: "a", count: 501)
                ), ":4: compatibility: has 501"
            ),
            (
                SkillTests.header("name: check\nname: check\ndescription: x"),
                ":2: name: given twice"
            ),
            ("Just text", ":1: no front matter"), ("", ":1: no front matter"),
            ("---\nname: check\n", ":1: no front matter"),
            (" ---\nname: check\n---\n", ":1: no front matter"),
            ("---\n---\nBody", ":2: expected 'key: value' lines, found nothing"),
        ]
    )
    func invalid(text: String, message: String) {
        let shown = problems(text).joined(separator: "\n")

        #expect(
            shown.contains("skills/check/SKILL.md\(message)") || shown.contains(message),
            "\(shown)"
        )
        #expect(!shown.isEmpty)
    }

    static func header(_ lines: String) -> String { "---\n\(lines)\n---\n" }

    @Test("every fault of a skill is reported at once")
    func several() {
        let text = "---\nname: X\ncolour: red\n---\n## Rules for a report\n- no predicate\n"

        #expect(problems(text, file: "X/SKILL.md").count == 4)
    }
}
