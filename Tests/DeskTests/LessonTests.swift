// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Expressions
import Testing

@Suite("Lessons")
struct LessonTests {
    private func lesson(
        _ subject: Rule.Subject = .intent,
        predicate: String = "!calendar.is_fomc"
    ) throws -> Lesson {
        Lesson(
            slug: "no-fomc",
            date: try #require(CalendarDate("2008-09-16")),
            subject: subject,
            text: "Stay out on the day of the meeting.",
            predicate: predicate,
            trade: "trade-0123456789ab"
        )
    }

    static let skill = """
        ---
        name: a
        description: b
        ---
        # A

        ## Rules for an intent

        - Small. `position_fraction <= 0.1`

        ```
        # Rules for a report
        ```
        - Known. `is_approved`

        ## Rules for a report
        ## Notes
        - `!calendar.is_fomc` is discussed here
        """

    @Test("a lesson reads back from its JSON")
    func roundTrip() throws {
        let lesson = try lesson()

        #expect(try Lesson(json: lesson.json) == lesson)
    }

    @Test("the rule goes to the end of its section, and the skill has it then")
    func existingSection() throws {
        let text = try #require(try lesson().applied(to: Self.skill))

        let bullet = "- 2008-09-16: Stay out on the day of the meeting. `!calendar.is_fomc`"
        #expect(text.contains("- Known. `is_approved`\n\(bullet)\n\n## Rules for a report\n"))
        #expect(text.hasSuffix("is discussed here\n"))
        let rules = try Skill(parsing: text, file: "a/SKILL.md").rules(for: .intent)
        #expect(rules.map(\.predicate.source).last == "!calendar.is_fomc")
        #expect(rules.count == 3)
    }

    @Test("a section without rules takes its first one, apart from its neighbours")
    func emptySection() throws {
        let text = try #require(
            try lesson(.report, predicate: "sharpe > 1.0").applied(to: Self.skill)
        )

        #expect(text.contains("## Rules for a report\n\n- 2008-09-16: "))
        #expect(text.contains("`sharpe > 1.0`\n\n## Notes\n"))
        #expect(try Skill(parsing: text, file: "a/SKILL.md").rules(for: .report).count == 1)
    }

    @Test("a missing section is created at the end")
    func missingSection() throws {
        let text = try #require(
            try lesson(.account, predicate: "drawdown < 0.1").applied(to: Self.skill + "\n\n\n")
        )

        #expect(
            text.hasSuffix(
                "here\n\n## Rules for an account\n\n- 2008-09-16: Stay out on the day of the"
                    + " meeting. `drawdown < 0.1`\n"
            )
        )
        #expect(try Skill(parsing: text, file: "a/SKILL.md").rules(for: .account).count == 1)
    }

    @Test("a rule that is there is not added again, but one of another subject is no reason")
    func present() throws {
        let once = try #require(try lesson().applied(to: Self.skill))

        #expect(try lesson().applied(to: once) == nil)
        #expect(try lesson(predicate: "is_approved").applied(to: Self.skill) == nil)
        #expect(try lesson(.report, predicate: "is_approved").applied(to: Self.skill) != nil)
    }

    @Test("CR LF line ends are kept")
    func lineEnds() throws {
        let windows = Self.skill.split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "\r\n")

        let text = try #require(try lesson().applied(to: windows))

        #expect(!text.contains("\n") && text.contains("\r\n"))
        #expect(try Skill(parsing: text, file: "a/SKILL.md").rules(for: .intent).count == 3)
    }

    @Test(
        "a lesson that would break the skill is refused",
        arguments: [
            ("text", "a\r\n## Rules", "lesson.text: expected one line"),
            ("text", "a\nb", "lesson.text:"),
            ("text", "a\u{2028}b", "lesson.text:"), ("text", "say `x`", "lesson.text:"),
            ("text", "", "lesson.text:"),
            ("predicate", "a`", "lesson.predicate: expected one line"),
            ("predicate", " ", "lesson.predicate:"),
            ("predicate", "side ==", "lesson.predicate: rule `side ==` does not parse"),
            ("predicate", "sharpe > 1.0", "unknown name 'sharpe'; a rule for an intent may read"),
            ("slug", "", "lesson.slug:"), ("slug", "A", "lesson.slug: found 'A'"),
            ("slug", "a--b", "lesson.slug:"),
            ("slug", String(repeating: "a", count: 65), "lesson.slug:"),
        ]
    )
    func refusals(name: String, value: String, message: String) throws {
        let members = try #require(try lesson().json.objectValue)
        let json = JSON.object(members.map { $0.name == name ? .init(name, .string(value)) : $0 })

        let error = #expect(throws: JSONError.self) { try Lesson(json: json) }

        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }
}
