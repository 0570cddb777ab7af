// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Expressions
import Testing

@Suite("Rules of a skill")
struct RuleTests {
    private func skill(_ body: String) throws -> Skill {
        try Skill(parsing: "---\nname: a\ndescription: b\n---\n\(body)", file: "a/SKILL.md")
    }

    private func problems(_ body: String) -> [String] {
        do {
            _ = try skill(body)
            return []
        } catch {
            return (error as? DeskError)?.problems.map(\.description) ?? ["\(error)"]
        }
    }

    @Test("rules are found below their headings, with line, text and predicate")
    func finding() throws {
        let skill = try skill(
            """
            # Title
            - not a rule
            ## Rules for a report
            - Good enough: `sharpe > 1.5`
            ### Why
            - not a rule either
            ## Rules for an intent
            * Small. `position_fraction <= 0.1`
            1. Not into the meeting. `!calendar.is_fomc`
            ## Rules for an account
            + Alive: `drawdown < 0.1 && equity > 0.0`
            """
        )

        #expect(skill.rules.map(\.subject) == [.report, .intent, .intent, .account])
        #expect(skill.rules.map(\.line) == [8, 12, 13, 15])
        #expect(
            skill.rules.map(\.text) == [
                "Good enough:", "Small.", "Not into the meeting.", "Alive:",
            ]
        )
        #expect(skill.rules(for: .report).map(\.predicate.source) == ["sharpe > 1.5"])
    }

    @Test("a wrapped item is one rule")
    func wrapped() throws {
        let skill = try skill(
            "## Rules for a report\n- A long\n  sentence\n  `sharpe > 1.5 &&\n  trades > 30`\n"
        )

        #expect(skill.rules.map(\.text) == ["A long sentence"])
        #expect(skill.rules.map(\.predicate.source) == ["sharpe > 1.5 && trades > 30"])
    }

    @Test("code blocks hold neither rules nor headings", arguments: ["```", "~~~", "````"])
    func codeBlocks(fence: String) throws {
        let inner = fence == "````" ? "```\n" : ""
        let body = """
            ## Rules for a report
            - One `sharpe > 1.0`
            \(fence)cel
            \(inner)# Rules for lunch
            - no rule
            \(fence)
            - Two `trades > 1`
              \(fence)
              - no rule
              \(fence)
            - Three `win_rate > 0.5`
            """

        #expect(try skill(body).rules.map(\.text) == ["One", "Two", "Three"])
    }

    @Test(
        "a rule that cannot be enforced is refused with its line",
        arguments: [
            ("- Be careful", "a/SKILL.md:6: rule 'Be careful': no predicate"),
            ("1. Be careful", "a/SKILL.md:6: rule 'Be careful': no predicate"),
            ("- Be `sharpe > 1` careful", "no predicate"), ("- Empty ``", "no predicate"),
            ("- Bad `sharpe >`", "a/SKILL.md:6: rule `sharpe >` does not parse: line 1, column"),
            (
                "- Typo `sharp > 1.5`",
                ":6: rule `sharp > 1.5`: unknown name 'sharp'; a rule for a report may read: backt"
            ),
            ("- Typo `in_sample.sharp > 1.5`", "unknown name 'in_sample.sharp'"),
            ("- Other subject `drawdown < 0.1`", "unknown name 'drawdown'"),
            ("- Inside `sharpe.value > 1.0`", "unknown name 'sharpe.value'"),
            (
                "- Types `trades * 0.5 > 20.0`",
                ":6: rule `trades * 0.5 > 20.0` cannot be evaluated: line 1, column 8:"
            ),
            ("- Text `side > 1.0`", "no matching overload for string > double"),
            ("- Never `family == 1`", "no matching overload for string == int"),
            ("- Function `sqrt(sharpe) > 1.0`", "unknown function 'sqrt'"),
            (
                "- Number `sharpe + 1.0`",
                ":6: rule `sharpe + 1.0` is double, neither true nor false"
            ),
        ]
    )
    func refusals(item: String, message: String) {
        let shown = problems("## Rules for a report\n\(item)\n").joined(separator: "\n")

        #expect(shown.contains(message), "\(shown)")
    }

    @Test("a heading for an unknown subject is refused")
    func unknownSubject() {
        #expect(
            problems("## Rules for a trade\n- x `y`\n") == [
                "a/SKILL.md:5: heading 'Rules for a trade': found 'trade'; rules may be for:"
                    + " report, intent, account"
            ]
        )
    }

    @Test("every name of every vocabulary may be read", arguments: Rule.Subject.allCases)
    func vocabulary(subject: Rule.Subject) throws {
        let names = RuleVocabulary.paths(for: subject)
        let article = subject == .report ? "a" : "an"
        let items = names.map { "- x `\($0) == \($0)`" }.joined(separator: "\n")

        #expect(
            try skill("## Rules for \(article) \(subject.rawValue)\n\(items)").rules.count
                == names.count
        )
        #expect(names == names.sorted())
        #expect(names == RuleVocabulary.types(for: subject).keys.sorted())
    }

    private func judge(_ predicate: String, _ bindings: Bindings) throws -> Judgement {
        Rule(subject: .report, line: 4, text: "x", predicate: try Expression(parsing: predicate))
            .judge(bindings)
    }

    @Test("a rule that holds shows its values and gives no reason")
    func holds() throws {
        let judgement = try judge(
            "sharpe > 1.5 && in_sample.trades > 30",
            ["sharpe": .double(2), "in_sample": .map(["trades": .int(40)]), "other": .int(1)]
        )

        #expect(judgement.holds && judgement.reason.isEmpty)
        #expect(judgement.values.map(\.path) == ["in_sample.trades", "sharpe"])
        #expect(
            judgement.json(of: "x") == [
                "skill": "x", "rule": "x",
                "predicate": "sharpe > 1.5 && in_sample.trades > 30", "line": 4,
                "holds": true, "values": ["in_sample.trades": 40, "sharpe": .double(2)],
                "reason": "",
            ]
        )
    }

    @Test("a rule that fails says which values it read")
    func fails() throws {
        let judgement = try judge(
            "sharpe > 1.5 && trades > 30",
            ["sharpe": .double(1), "trades": .int(40)]
        )

        #expect(!judgement.holds)
        #expect(judgement.reason == "sharpe is 1.0, trades is 40")
    }

    @Test("a rule without a value, or with another one than true or false, does not hold")
    func errors() throws {
        let missing = try judge("sharpe > 1.5 && trades > 30", ["trades": .int(40)])
        let number = try judge("sharpe + 1.0", ["sharpe": .double(1)])
        let mixed = try judge("sharpe > 'a'", ["sharpe": .double(1)])

        #expect(!missing.holds && missing.reason.hasPrefix("the predicate cannot be evaluated: "))
        #expect(missing.reason.contains("sharpe") && missing.values.map(\.path) == ["trades"])
        #expect(
            !number.holds
                && number.reason == "the predicate gives 2.0, which is neither true nor false"
        )
        #expect(!mixed.holds && mixed.reason.hasPrefix("the predicate cannot be evaluated: "))
    }

    @Test(
        "no comparison with a value that is not a number holds",
        arguments: [">", "<", ">=", "<=", "=="]
    )
    func notANumber(comparison: String) throws {
        let judgement = try judge("sharpe \(comparison) 1.5", ["sharpe": .double(.nan)])

        #expect(!judgement.holds)
        #expect(judgement.reason == "sharpe is double(\"NaN\")")
        #expect(judgement.json(of: "x")["values"]?["sharpe"]?.stringValue != nil)
    }

    @Test("JSON becomes values and comes back the same")
    func valuesAndJSON() {
        let json: JSON = ["a": [1, .double(1.5), "x", true, .null], "b": ["c": ["d": 2]]]

        #expect(JSON(Value(json)) == json)
        #expect(Bindings(json)["b"] == Value(["c": ["d": 2]]))
        #expect(Bindings([1, 2]).names.isEmpty)
        #expect(JSON(Value.uint(5)) == 5)
        #expect(JSON(Value.uint(.max)) == "18446744073709551615u")
        #expect(JSON(Value.double(.infinity)) == "double(\"Infinity\")")
    }
}
