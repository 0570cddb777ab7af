// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

/// Operators and their levels, names, and what separates tokens.
@Suite("Specification: grammar")
struct SpecificationGrammarTests {
    private static let bindings: Bindings = [
        "m": .map(["f": .map(["g": .list([.int(4), .int(5)])]), "n": .int(2), "b": .bool(false)]),
        "s": .string("abc"), "t": .bool(true), "i": .int(6),
    ]

    /// Each row holds a text and the same text with the parentheses that the levels imply.
    @Test(
        "every level binds tighter than the next",
        arguments: [
            ("-m.n", "-(m.n)"), ("!m.b", "!(m.b)"), ("-m.f.g[1]", "-(((m.f).g)[1])"),
            ("-s.size()", "-(s.size())"), ("-i * 2", "(-i) * 2"), ("-i % 4", "(-i) % 4"),
            ("!t == t", "(!t) == t"), ("1 + i * 2", "1 + (i * 2)"), ("1 - i / 2", "1 - (i / 2)"),
            ("1 + i % 4", "1 + (i % 4)"), ("i + 1 == 7", "(i + 1) == 7"),
            ("i - 1 != 5", "(i - 1) != 5"), ("i + 1 < 7", "(i + 1) < 7"),
            ("i + 1 <= 7", "(i + 1) <= 7"), ("i + 1 > 7", "(i + 1) > 7"),
            ("i + 1 >= 7", "(i + 1) >= 7"), ("i + 1 in [7]", "(i + 1) in [7]"),
            ("i == 6 && t", "(i == 6) && t"), ("t && i in [6]", "t && (i in [6])"),
            ("t || t && false", "t || (t && false)"), ("false && t || t", "(false && t) || t"),
            ("false || t ? 1 : 2", "(false || t) ? 1 : 2"),
            ("false ? 1 : t || t", "false ? 1 : (t || t)"),
            ("t ? false || t : 2", "t ? (false || t) : 2"),
        ] as [(String, String)]
    )
    func levels(plain: String, grouped: String) {
        let value = evaluate(plain, Self.bindings)

        #expect(ExpressionError.Code(rawValue: value) == nil, "\(plain)")
        #expect(value == evaluate(grouped, Self.bindings), "\(plain)")
    }

    @Test(
        "one level groups from the left, signs and conditionals from the right",
        arguments: [
            ("m.f.g[0]", "4"), ("{'a': [[7]]}.a[0][0]", "7"),
            ("'ab'.size().size()", "noMatchingOverload"),
            ("100 / 10 / 5", "2"), ("100 / 10 * 5", "50"), ("17 % 10 % 4", "3"),
            ("7 - 3 - 2", "2"), ("7 - 3 + 2", "6"), ("1 < 2 == true", "true"),
            ("2 > 1 != false", "true"), ("1 in [1] == true", "true"), ("3 == 3 == true", "true"),
            ("1 < 3 < 5", "noMatchingOverload"), ("!!t", "true"), ("--i", "6"), ("---i", "-6"),
            ("false ? 1 : false ? 2 : 3", "3"), ("false ? 1 : true ? 2 : 3", "2"),
            ("(false ? true : false) ? 1 : 2", "2"),
        ] as [Row]
    )
    func associativity(row: Row) {
        #expect(evaluate(row.source, Self.bindings) == row.result, "\(row.source)")
    }

    @Test(
        "a conditional stands in its last branch bare, elsewhere in parentheses",
        arguments: [
            ("t ? t ? 1 : 2 : 3", "syntax"), ("t ? (t ? 1 : 2) : 3", "1"),
            ("t ? 1 : t ? 2 : 3", "1"),
            ("t ? 1", "syntax"), ("t ? : 2", "syntax"), ("t : 2", "syntax"), ("? 1 : 2", "syntax"),
        ] as [Row]
    )
    func branches(row: Row) {
        #expect(evaluate(row.source, Self.bindings) == row.result, "\(row.source)")
    }

    @Test(
        "equal signs may be repeated, and different ones need parentheses",
        arguments: [
            ("!!!t", "false"), ("----i", "6"), ("- - i", "6"), ("-!t", "syntax"), ("!-i", "syntax"),
            ("--!t", "syntax"), ("!!-i", "syntax"), ("!(-i == 6)", "true"), ("-(-i)", "6"),
            ("+1", "syntax"), ("1 + -1", "0"), ("1 - -1", "2"), ("t && !t", "false"),
        ] as [Row]
    )
    func signs(row: Row) {
        #expect(evaluate(row.source, Self.bindings) == row.result, "\(row.source)")
    }

    @Test(
        "lists and maps may end in one comma, and a key stands once",
        arguments: [
            ("[1, 'a',]", "[1, \"a\"]"), ("{'a': 1, 2: 'b',}", "{\"a\": 1, 2: \"b\"}"),
            ("[]", "[]"),
            ("{}", "{}"), ("[1,,]", "syntax"), ("{'a': 1,,}", "syntax"), ("[,]", "syntax"),
            ("{,}", "syntax"), ("size([1],)", "syntax"), ("{'a': 1, 'a': 1}", "duplicateKey"),
            ("{true: 1, true: 2}", "duplicateKey"), ("{1: 1, 1: 2}", "duplicateKey"),
            ("{1u: 1, 1u: 2}", "duplicateKey"), ("{'a': 1, 'b': 1}.size()", "2"),
        ] as [Row]
    )
    func collections(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test("a leading dot looks past the variables of macros")
    func rootScope() {
        let bindings: Bindings = ["x": .int(10), "y.z": .int(20)]

        #expect(evaluate(".x", bindings) == "10")
        #expect(evaluate("[1].map(x, x)", bindings) == "[1]")
        #expect(evaluate("[1].map(x, .x)", bindings) == "[10]")
        #expect(evaluate("[{'z': 1}].map(y, [y.z, .y.z])", bindings) == "[[1, 20]]")
        #expect(evaluate("[1].map(y, [2].map(y, .x + y))", bindings) == "[[12]]")
        #expect(evaluate("[1].map(v, .v)", bindings) == "unknownIdentifier")
        #expect(evaluate(". x", bindings) == "10")
        #expect(evaluate(".1x", bindings) == "syntax")
    }

    @Test(
        "a name is made of ASCII letters, digits and underscores, and begins with no digit",
        arguments: [
            ("x", true), ("_", true), ("__a__", true), ("Abc9", true), ("x1_", true),
            ("trueish", true), ("inn", true), ("9x", false), ("x-y", false), ("x$", false),
            ("é", false), ("xé", false), ("变量", false), ("x y", false), ("", false),
        ] as [(String, Bool)]
    )
    func names(name: String, isName: Bool) {
        #expect((evaluate(name, [name: .string("here")]) == "\"here\"") == isName)
    }

    @Test("keywords are neither names nor selectors", arguments: ["true", "false", "null", "in"])
    func keywords(word: String) {
        #expect(evaluate(word, [word: .int(7)]) != "7")
        #expect(evaluate("{'\(word)': 7}.\(word)") == "syntax")
        #expect(evaluate("m.\(word)()", ["m": .int(1)]) == "syntax")
        #expect(evaluate("\(word)(1)") == "syntax")
        #expect(evaluate("[7].map(\(word), 1)") == "syntax")
    }

    @Test(
        "reserved words are no names and no functions, but selectors and methods",
        arguments: [
            "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
            "loop", "package", "namespace", "return", "var", "void", "while",
        ]
    )
    func reservedWords(word: String) {
        #expect(evaluate(word, [word: .int(7)]) == "syntax")
        #expect(evaluate(".\(word)", [word: .int(7)]) == "syntax")
        #expect(evaluate("\(word)(1)") == "syntax")
        #expect(evaluate("[7].map(\(word), \(word))") == "syntax")
        #expect(evaluate("{'\(word)': 7}.\(word)") == "7")
        #expect(evaluate("has({'\(word)': 7}.\(word))") == "true")
        #expect(evaluate("'a'.\(word)()") == "unknownFunction")
    }

    @Test(
        "comments end with their line, and white space is space, tab, CR, LF and FF",
        arguments: [
            ("1 // 2\n + 3", "4"), ("1 + 3 // the end", "4"), ("// first\n4", "4"),
            ("'// no comment'.size()", "13"), ("1 /* 2 */ + 3", "syntax"), ("1 # 2", "syntax"),
            (" \t\r\n\u{0C}4\u{0C}\n\r\t ", "4"), ("1+3", "4"), ("tin[1]", "unknownIdentifier"),
            ("1\u{0B}+ 3", "syntax"), ("1\u{A0}+ 3", "syntax"), ("1\u{2028}+ 3", "syntax"),
            ("1 +\u{00}3", "syntax"), ("//", "syntax"), ("10 // 2 // 5\n", "10"),
        ] as [Row]
    )
    func separators(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "what is no expression is refused",
        arguments: [
            "", " ", "()", "1 +", "* 2", "1 2", "(1", "1)", "[1", "{1: 2", "{1}", "a.", "f(",
            "a..b",
        ]
    )
    func refused(source: String) {
        #expect(evaluate(source) == "syntax", "\(source)")
    }
}
