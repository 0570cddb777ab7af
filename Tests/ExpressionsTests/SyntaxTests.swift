// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

@Suite("Syntax")
struct SyntaxTests {
    @Test(
        "operators bind as their levels say",
        arguments: [
            (#"1 + 2 * 3"#, #"7"#),
            (#"(1 + 2) * 3"#, #"9"#),
            (#"10 - 4 - 3"#, #"3"#),
            (#"100 / 5 / 2"#, #"10"#),
            (#"7 % 4 * 2"#, #"6"#),
            (#"-2 * 3"#, #"-6"#),
            (#"1 + 1 == 2"#, #"true"#),
            (#"true || false && false"#, #"true"#),
            (#"1 < 2 == true"#, #"true"#),
            (#"2 in [1, 2] == true"#, #"true"#),
            (#"!true || true"#, #"true"#),
            (#"false ? 1 : true ? 2 : 3"#, #"2"#),
            (#"true ? 1 : true ? 2 : 3"#, #"1"#),
            (#"true ? (false ? 1 : 2) : 3"#, #"2"#),
            (#"true ? false ? 1 : 2 : 3"#, #"syntax"#),
            (#"false || true ? 1 : 2"#, #"1"#),
            (#"-{"a": 2}.a"#, #"-2"#),
            (#"![true][0]"#, #"false"#),
            (#""ab".size() + 1"#, #"3"#),
            (#"[[1, 2], [3]][0][1]"#, #"2"#),
        ] as [Row]
    )
    func precedence(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "repeated signs are allowed and mixed ones are not",
        arguments: [
            (#"!!true"#, #"true"#),
            (#"!!!true"#, #"false"#),
            (#"--5"#, #"5"#),
            (#"---5"#, #"-5"#),
            (#"!-1"#, #"syntax"#),
            (#"-!true"#, #"syntax"#),
            (#"-(-(3))"#, #"3"#),
            (#"!!1"#, #"noMatchingOverload"#),
            (#"- -1"#, #"1"#),
        ] as [Row]
    )
    func signs(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "a list and a map may end in one comma",
        arguments: [
            (#"[1, 2,]"#, #"[1, 2]"#),
            (#"{"a": 1,}"#, #"{"a": 1}"#),
            (#"[]"#, #"[]"#),
            (#"{}"#, #"{}"#),
            (#"[,]"#, #"syntax"#),
            (#"{,}"#, #"syntax"#),
            (#"[1,,]"#, #"syntax"#),
            (#"{"a"}"#, #"syntax"#),
            (#"{"a": 1, "a": 2}"#, #"duplicateKey"#),
            (#"{1: 1, 1u: 2}"#, #"duplicateKey"#),
            (#"{true: 1, "true": 2, 1: 3}"#, #"{true: 1, "true": 2, 1: 3}"#),
            (#"{1.0: 1}"#, #"noMatchingOverload"#),
            (#"{null: 1}"#, #"noMatchingOverload"#),
        ] as [Row]
    )
    func collections(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "reserved words are fields and methods only",
        arguments: [
            (#"{"as": 1}.as"#, #"1"#),
            (#"{"for": 2}.for"#, #"2"#),
            (#"as"#, #"syntax"#),
            (#"while(1)"#, #"syntax"#),
            (#"true.x"#, #"noMatchingOverload"#),
            (#"{}.in"#, #"syntax"#),
            (#"{}.null"#, #"syntax"#),
            (#"_x"#, #"unknownIdentifier"#),
            (#"é"#, #"syntax"#),
            (#"in"#, #"syntax"#),
            (#"[1].map(x, [2].map(x, .x))"#, #"unknownIdentifier"#),
        ] as [Row]
    )
    func names(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "comments and white space separate tokens",
        arguments: [
            (#"1 // one\#n + 2"#, #"3"#),
            (#"1\#t+\#r\#n2"#, #"3"#),
            (#"1 \#u{0C}+ 2"#, #"3"#),
            (#"// nothing"#, #"syntax"#),
            (#""#, #"syntax"#),
            (#"1 2"#, #"syntax"#),
        ] as [Row]
    )
    func blanks(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "number literals have the forms of the grammar",
        arguments: [
            (#"0x1F"#, #"31"#),
            (#"0xffu"#, #"255u"#),
            (#"12u"#, #"12u"#),
            (#"12U"#, #"12u"#),
            (#".5"#, #"0.5"#),
            (#"1e3"#, #"1000.0"#),
            (#"1.5e-3"#, #"0.0015"#),
            (#"1."#, #"syntax"#),
            (#"1e"#, #"syntax"#),
            (#"0x"#, #"syntax"#),
            (#"1abc"#, #"syntax"#),
            (#"-9223372036854775808"#, #"-9223372036854775808"#),
            (#"9223372036854775808"#, #"syntax"#),
            (#"9223372036854775807"#, #"9223372036854775807"#),
            (#"-0x8000000000000000"#, #"-9223372036854775808"#),
            (#"18446744073709551615u"#, #"18446744073709551615u"#),
            (#"18446744073709551616u"#, #"syntax"#),
            (#"1e999"#, #"syntax"#),
            (#"--9223372036854775808"#, #"overflow"#),
            (#"1.0"#, #"1.0"#),
            (#"1E+2"#, #"100.0"#),
        ] as [Row]
    )
    func numbers(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "string literals have the forms of the grammar",
        arguments: [
            (#""a'b""#, #""a'b""#),
            (#"'a"b'"#, #""a\"b""#),
            (#""""a\#n"b""" "#, #""a\n\"b""#),
            (#"'''x\#ny'''"#, #""x\ny""#),
            (#"r"\n""#, #""\\n""#),
            (#"R'\d'"#, #""\\d""#),
            (#""a\#nb""#, #"syntax"#),
            (#""open"#, #"syntax"#),
            (#""""open"""#, #"syntax"#),
            (#""""#, #""""#),
            (#"''''''"#, #""""#),
            (#"b"a\xff""#, #"b"a\xff""#),
            (#"br"\x""#, #"b"\\x""#),
            (#"rb"\x""#, #"b"\\x""#),
            (#"Rb"x""#, #"b"x""#),
            (#"b"\377""#, #"b"\xff""#),
            (#"b"\u0041""#, #"syntax"#),
            (#"b"\U00000041""#, #"syntax"#),
        ] as [Row]
    )
    func strings(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "escapes are those of the grammar and no others",
        arguments: [
            (#""\a\b\f\n\r\t\v" == "\x07\x08\x0c\x0a\x0d\x09\x0b""#, #"true"#),
            (#""\\\?\"\'\`""#, #""\\?\"'`""#),
            (#""\x41\X42\u0043\U00000044""#, #""ABCD""#),
            (#""\101\377""#, #""Aÿ""#),
            (#""\q""#, #"syntax"#),
            (#""\400""#, #"syntax"#),
            (#""\18""#, #"syntax"#),
            (#""\x4""#, #"syntax"#),
            (#""\ud800""#, #"syntax"#),
            (#""\U00110000""#, #"syntax"#),
            (#""\u00e9".size()"#, #"1"#),
            (#""\"#, #"syntax"#),
        ] as [Row]
    )
    func escapes(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "parts of the language that are left out are named",
        arguments: [
            (#"a?.b"#, #"unsupported"#),
            (#"a.?b"#, #"unsupported"#),
            (#"true ?.5 : 1"#, #"0.5"#),
            (#"a[?0]"#, #"unsupported"#),
            (#"[?a]"#, #"unsupported"#),
            (#"T{a: 1}"#, #"unsupported"#),
            (#"a.b.T{}"#, #"unsupported"#),
            (#"math.greatest(1, 2)"#, #"unsupported"#),
        ] as [Row]
    )
    func unsupported(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    /// A text so many times over.
    private static func times(_ count: Int, _ text: String) -> String {
        String(repeating: text, count: count)
    }

    private static let capacities: [String] = [
        times(31, "false || ") + "true",
        times(31, "true && ") + "true",
        "[\(times(32, "1, "))].size() == 32",
        times(24, "false ? 1 == 2 : ") + "2 == 2",
        "1\(times(24, " + 1")) == 25",
        "1\(times(24, " * 1")) == 1",
        "true" + times(24, " == true"),
        "\(times(12, "int("))1\(times(12, ")")) == 1",
        "\(times(12, "["))1\(times(12, "]"))\(times(12, "[0]")) == 1",
        "\(times(12, "{'a': "))1\(times(12, "}"))\(times(12, ".a")) == 1",
    ]

    @Test("chains and nesting every implementation must take are taken", arguments: capacities)
    func capacity(source: String) {
        #expect(evaluate(source) == "true", "\(source)")
    }

    @Test("a map of thirty-two entries is read")
    func entries() {
        let entries: [String] = (0..<32).map { "\($0): 1" }

        #expect(evaluate("{\(entries.joined(separator: ", "))}.size()") == "32")
    }

    @Test("thirty-two arguments are read")
    func arguments() throws {
        let arguments = (0..<32).map { "a\($0)" }.joined(separator: ", ")

        let expression = try Expression(parsing: "f(\(arguments))")

        #expect(expression.identifiers.count == 32)
        #expect(expression.functions == ["f"])
    }
}
