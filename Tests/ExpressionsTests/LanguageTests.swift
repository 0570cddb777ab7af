// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

/// Points of the language's reference that no other suite is about.
@Suite("The language")
struct LanguageTests {
    private static let reserved = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
        "loop", "package", "namespace", "return", "var", "void", "while",
    ]

    @Test(
        "a reserved word is no name and no function, but a field and a method",
        arguments: reserved
    )
    func reservedWords(word: String) {
        #expect(evaluate(word) == "syntax")
        #expect(evaluate("\(word)(1)") == "syntax")
        #expect(evaluate("{'\(word)': 1}.\(word)") == "1")
        #expect(evaluate("{}.\(word)()") == "unknownFunction")
        #expect(evaluate("has({}.\(word))") == "false")
    }

    @Test("a keyword is neither a name nor a field", arguments: ["true", "false", "null", "in"])
    func keywords(word: String) {
        #expect(evaluate("{'\(word)': 1}.\(word)") == "syntax")
        #expect(evaluate("[1].map(\(word), 1)") == "syntax")
        #expect(evaluate("{'\(word)': 1}['\(word)']") == "1")
    }

    @Test(
        "a name is letters, digits and underscores, and begins with no digit",
        arguments: [
            ("a", true), ("_", true), ("_1", true), ("aB9_z", true), ("nulls", true),
            ("Inner", true), ("9a", false), ("a-b", false), ("ä", false), ("a$", false),
        ] as [(String, Bool)]
    )
    func names(name: String, isName: Bool) {
        #expect((evaluate(name, [name: .int(5)]) == "5") == isName)
    }

    @Test(
        "operators of one level group from the left",
        arguments: [
            (#"2 - 1 - 1"#, #"0"#), (#"8 / 4 * 2"#, #"4"#), (#"9 % 5 % 3"#, #"1"#),
            (#"1 < 2 == true"#, #"true"#), (#"true == 1 < 2"#, #"noMatchingOverload"#),
            (#"1 in [1] in [true]"#, #"true"#), (#"true && false || true"#, #"true"#),
            (#"false && false || true"#, #"true"#), (#"1 + 2 < 4 && 2 * 2 == 4"#, #"true"#),
            (#"false ? 1 : false ? 2 : 3"#, #"3"#), (#"!false && false"#, #"false"#),
            (#"-1 + 2"#, #"1"#), (#"-[5][0]"#, #"-5"#), (#"!{"a": false}.a"#, #"true"#),
            (#"2 + 3 * 4 - 1"#, #"13"#), (#"1 == 1 ? 2 : 3"#, #"2"#),
            (#"true ? 1 : 2 + 10"#, #"1"#), (#"false || false ? 1 : 2"#, #"2"#),
        ] as [Row]
    )
    func grouping(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "raw and bytes prefixes come in any case and order",
        arguments: ["r", "R", "b", "B", "br", "bR", "Br", "BR", "rb", "rB", "Rb", "RB"]
    )
    func prefixes(prefix: String) {
        let isBytes = prefix.lowercased().contains("b")
        let isRaw = prefix.lowercased().contains("r")

        let size = evaluate("size(\(prefix)'\\n')")
        let type = evaluate("type(\(prefix)\"\"\"a\nb\"\"\")")

        #expect(size == (isRaw ? "2" : "1"))
        #expect(type == (isBytes ? "bytes" : "string"))
    }

    @Test(
        "fields with other characters stand in back quotes",
        arguments: [
            (#"{"a-b": 1}.`a-b`"#, #"1"#), (#"{"a.b": {"c d": 2}}.`a.b`.`c d`"#, #"2"#),
            (#"{"/x/1": 3}.`/x/1`"#, #"3"#), (#"{"in": 4}.`in`"#, #"4"#),
            (#"has({"a-b": 1}.`a-b`)"#, #"true"#), (#"has({}.`a-b`)"#, #"false"#),
            (#"{}.`a-b`"#, #"noSuchField"#), (#"{}.``"#, #"syntax"#), (#"{}.`a"#, #"syntax"#),
            (#"{}.`a*b`"#, #"syntax"#), (#"`a`"#, #"syntax"#), (#"{}.`a`()"#, #"syntax"#),
        ] as [Row]
    )
    func backQuotes(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "texts are compared by their code points, without normalization",
        arguments: [
            (#""\u00e9" == "e\u0301""#, "false"), (#""\u00e9" < "e\u0301""#, "false"),
            (#"{"\u00e9": 1, "e\u0301": 2}.size()"#, "2"),
            (#"{"\u00e9": 1}["e\u0301"]"#, "noSuchField"),
            (#""\u00e9" in ["e\u0301"]"#, "false"), (#""e\u0301" in {"\u00e9": 1}"#, "false"),
            (#""\u00e9".matches("\u00e9") && "\u00e9".matches("e\u0301")"#, "false"),
            (#""e\u0301".startsWith("e") && "e\u0301".contains("\u0301")"#, "true"),
        ] as [Row]
    )
    func normalization(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test("a dotted name reads the longest binding that fits")
    func dottedNames() {
        let inner: Value = .map(["c": .string("field")])

        #expect(evaluate("a.b.c", ["a.b.c": .string("name"), "a.b": inner]) == "\"name\"")
        #expect(evaluate("a.b.c", ["a.b": inner, "a": .int(1)]) == "\"field\"")
        #expect(evaluate("a.b.c", ["a": .map(["b": inner])]) == "\"field\"")
        #expect(evaluate("has(a.b.c)", ["a.b": inner]) == "true")
        #expect(evaluate("has(a.b.d)", ["a.b": inner]) == "false")
        #expect(evaluate("a.x.c", ["a.b": inner]) == "unknownIdentifier")
        #expect(evaluate("[{'b': 1}].all(a, a.b == 1)", ["a.b": .int(2)]) == "true")
        #expect(evaluate("[{'b': 1}].all(a, .a.b == 2)", ["a.b": .int(2)]) == "true")
    }

    @Test(
        "an ordering holds for the double next to the bounds of integers",
        arguments: [
            (#"9223372036854775807 < 9223372036854775808.0"#, #"false"#),
            (#"9223372036854775807 >= 9223372036854775808.0"#, #"true"#),
            (#"9223372036854775806 < 9223372036854775808.0"#, #"true"#),
            (#"9223372036854775807 < 9223372036854777857.0"#, #"true"#),
            (#"18446744073709551615u < 18446744073709551616.0"#, #"false"#),
            (#"18446744073709551614u < 18446744073709551616.0"#, #"true"#),
            (#"-9223372036854775808 > -9223372036854777857.0"#, #"true"#),
        ] as [Row]
    )
    func bounds(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "the days of the week begin with Sunday and those of month and year with 0",
        arguments: [
            ("2024-03-03", "0", "2", "2"), ("2024-03-09", "6", "8", "2"),
            ("2024-01-01", "1", "0", "0"), ("2023-12-31", "0", "30", "11"),
        ] as [(String, String, String, String)]
    )
    func calendar(date: String, weekday: String, day: String, month: String) {
        let time = "timestamp('\(date)T12:00:00Z')"

        #expect(evaluate("\(time).getDayOfWeek()") == weekday)
        #expect(evaluate("\(time).getDayOfMonth()") == day)
        #expect(evaluate("\(time).getDate() - 1") == day)
        #expect(evaluate("\(time).getMonth()") == month)
    }

    @Test(
        "the shapes in which rules are written have their values",
        arguments: [
            ("sharpe > 1.5 && max_drawdown < 0.10", "true"),
            ("has(metrics.sharpe) && metrics.sharpe >= 1.5", "true"),
            ("has(metrics.sortino) && metrics.sortino >= 1.5", "false"),
            ("trades.filter(t, t.pnl < 0).size() <= 3", "true"),
            ("trades.all(t, t.symbol in allowed)", "true"),
            ("positions.exists(p, p.qty * p.price > limits.gross)", "false"),
            ("now - last_run > duration('5m')", "true"),
            ("now.getDayOfWeek() in [1, 2, 3, 4, 5]", "true"),
            ("sharpe != sharpe", "false"), ("double('NaN') == sharpe", "false"),
            ("count % 2 == 0", "true"), ("double(count) * 0.5 == 2.0", "true"),
            ("count * 0.5 > 1.0", "noMatchingOverload"), ("metrics.sortino > 1.0", "noSuchField"),
            ("metrics.sortino > 1.0 || sharpe > 1.0", "true"),
            ("count > 3.5", "true"), ("'1.6' > 1.5", "noMatchingOverload"),
        ] as [(String, String)]
    )
    func rules(source: String, expected: String) throws {
        let bindings = try Bindings(
            json: Array(
                #"""
                {"sharpe": 1.7, "max_drawdown": 0.05, "metrics": {"sharpe": 1.7}, "count": 4,
                 "trades": [{"pnl": -1.5, "symbol": "SPY"}, {"pnl": 2, "symbol": "QQQ"}],
                 "allowed": ["SPY", "QQQ"], "positions": [{"qty": 2.0, "price": 10.5}],
                 "limits": {"gross": 100}, "now": {"timestamp": "2024-03-04T15:00:00Z"},
                 "last_run": {"timestamp": "2024-03-04T14:50:00Z"}}
                """#.utf8
            )
        )

        #expect(evaluate(source, bindings) == expected)
    }
}
