// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

/// Numbers, texts and bytes as they are written.
@Suite("Specification: literals")
struct SpecificationLiteralTests {
    @Test(
        "an int is decimal or hexadecimal, and a uint is one with a u",
        arguments: [
            ("0", "0"), ("42", "42"), ("0x2A", "42"), ("0x2a", "42"), ("0xfF", "255"),
            ("42u", "42u"),
            ("42U", "42u"), ("0x2Au", "42u"), ("0x2aU", "42u"), ("-42", "-42"), ("-0x2A", "-42"),
            ("9223372036854775807", "9223372036854775807"), ("9223372036854775808", "syntax"),
            ("18446744073709551615u", "18446744073709551615u"),
            ("18446744073709551616u", "syntax"), ("0xffffffffffffffffu", "18446744073709551615u"),
            ("0x10000000000000000u", "syntax"), ("0x7fffffffffffffff", "9223372036854775807"),
            ("0x8000000000000000", "syntax"), ("42x", "syntax"), ("42uu", "syntax"),
            ("0x", "syntax"),
            ("0X2A", "syntax"),
            ("0xg", "syntax"), ("4_2", "syntax"), ("-42u", "noMatchingOverload"),
        ] as [Row]
    )
    func integers(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "a minus sign is an operator, but the smallest int can be written",
        arguments: [
            ("-9223372036854775808", "-9223372036854775808"),
            (
                "- 9223372036854775808",
                "-9223372036854775808"
            ), ("-9223372036854775809", "syntax"),
            ("-0x8000000000000000", "-9223372036854775808"), ("-(9223372036854775808)", "syntax"),
            ("--9223372036854775808", "overflow"), ("1 -9223372036854775808", "syntax"),
            ("0-9223372036854775808", "syntax"), ("1-1", "0"),
            ("-1.0.size()", "noMatchingOverload"),
            ("-0", "0"), ("1.0 / -0.0", "double(\"-Infinity\")"),
        ] as [Row]
    )
    func minus(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "a double has digits behind its point or an exponent",
        arguments: [
            ("1.5", "1.5"), (".5", "0.5"), ("0.5", "0.5"), ("1e3", "1000.0"), ("1E3", "1000.0"),
            ("1e+3", "1000.0"), ("1.5e-3", "0.0015"), (".5e1", "5.0"), ("-1.5", "-1.5"),
            ("1.0", "1.0"),
            ("type(1e3)", "double"), ("1.", "syntax"), ("1.e3", "noMatchingOverload"),
            (".", "syntax"),
            ("1e", "syntax"), ("1e+", "syntax"), ("1.5u", "syntax"), ("1e999", "syntax"),
            ("1.5.5", "syntax"), ("1.7976931348623157e308", "1.7976931348623157e+308"),
            ("5e-324", "5e-324"), ("0x1.8", "syntax"), ("1.5f", "syntax"),
        ] as [Row]
    )
    func doubles(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "a string stands in one or three quotes of either kind, and only three take line breaks",
        arguments: [
            (#""a""#, #""a""#), (#"'a'"#, #""a""#), (#""""a""""#, #""a""#), (#"'''a'''"#, #""a""#),
            (#"''"#, #""""#), (#""""#, #""""#), (#"''''''"#, #""""#), (#""""""""#, #""""#),
            (#""it's""#, #""it's""#), (#"'say "a"'"#, #""say \"a\"""#),
            (#"'''it's'''"#, #""it's""#),
            (#"'''a''b'''"#, #""a''b""#), (#""""a""b""""#, #""a\"\"b""#),
            ("'''a\nb'''", #""a\nb""#), ("\"\"\"a\r\nb\"\"\"", #""a\r\nb""#), ("'a\nb'", "syntax"),
            ("\"a\nb\"", "syntax"), ("'a\rb'", "syntax"), ("r'a\nb'", "syntax"), ("'a", "syntax"),
            ("\"a'", "syntax"), ("'''a''", "syntax"), ("'a\tb'", #""a\tb""#), ("'é☃😀'", #""é☃😀""#),
            ("'a' 'b'", "syntax"),
        ] as [Row]
    )
    func quotes(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "an r turns escapes off, a b makes bytes, and both may stand together",
        arguments: [
            (#"r'\n'"#, #""\\n""#), (#"R"\x41""#, #""\\x41""#), (#"r'''a\'''"#, #""a\\""#),
            (#"r'\\'"#, #""\\\\""#), (#"b'a'"#, #"b"a""#), (#"B"a""#, #"b"a""#),
            (#"b'é'"#, #"b"\xc3\xa9""#), (#"b'''a"b'''"#, #"b"a\"b""#), (#"br'\x'"#, #"b"\\x""#),
            (#"rb'\x'"#, #"b"\\x""#), (#"bR"""\n""""#, #"b"\\n""#), (#"BR'\n'"#, #"b"\\n""#),
            (#"rr'a'"#, "syntax"), (#"bb'a'"#, "syntax"), (#"u'a'"#, "syntax"),
            (#"r 'a'"#, "syntax"),
        ] as [Row]
    )
    func prefixes(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "an escape stands for one character",
        arguments: [
            (#"\a"#, 7), (#"\b"#, 8), (#"\t"#, 9), (#"\n"#, 10), (#"\v"#, 11), (#"\f"#, 12),
            (#"\r"#, 13), (#"\\"#, 92), (#"\?"#, 63), (#"\""#, 34), (#"\'"#, 39), (#"\`"#, 96),
            (#"\x41"#, 0x41), (#"\XfF"#, 0xFF), (#"\u00e9"#, 0xE9), (#"\u2603"#, 0x2603),
            (#"\U0001F600"#, 0x1F600), (#"\U0010FFFF"#, 0x10FFFF), (#"\000"#, 0), (#"\101"#, 0x41),
            (#"\377"#, 0xFF),
        ] as [(String, UInt32)]
    )
    func escapes(escape: String, code: UInt32) throws {
        let value = try Expression(parsing: "'\(escape)'").value(in: [:])

        let text = try #require(value.asString)
        #expect(text.unicodeScalars.map(\.value) == [code])
    }

    @Test(
        "anything else behind a backslash is an error",
        arguments: [
            #"'\q'"#, #"'\e'"#, #"'\N'"#, #"'\8'"#, #"'\0'"#, #"'\01'"#, #"'\400'"#, #"'\18a'"#,
            #"'\x'"#, #"'\x4'"#, #"'\x4g'"#, #"'\u004'"#, #"'\u00g0'"#, #"'\U0001F60'"#,
            #"'\ud800'"#, #"'\udfff'"#, #"'\U0000D800'"#, #"'\U00110000'"#, #"'\UFFFFFFFF'"#,
            #"'\ '"#, #"'\"#, "'\\\n'",
        ]
    )
    func faultyEscapes(source: String) {
        #expect(evaluate(source) == "syntax", "\(source)")
        #expect(
            evaluate("r" + source) != "syntax" || !source.hasSuffix("'") || source.contains("\n")
        )
    }

    @Test(
        "in bytes the numeric escapes are octets, and there are no escapes for characters",
        arguments: [
            (#"b'\xff\x00'"#, #"b"\xff\x00""#), (#"b'\XC3'"#, #"b"\xc3""#),
            (#"b'\377'"#, #"b"\xff""#),
            (#"b'\101'"#, #"b"A""#), (#"b'\n\'"#, "syntax"), (#"b'\n\''"#, #"b"\x0a'""#),
            (#"b'\u00e9'"#, "syntax"), (#"b'\U000000e9'"#, "syntax"), (#"b'\q'"#, "syntax"),
            (#"size(b'\xc3\xa9')"#, "2"), (#"size('\xc3\xa9')"#, "2"),
            (#"b'\xc3\xa9' == b'é'"#, "true"),
        ] as [Row]
    )
    func bytes(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "fields in back quotes may hold other characters",
        arguments: [
            ("{'a-b': 1}.`a-b`", "1"), ("{'a.b': 1}.`a.b`", "1"), ("{'a/b': 1}.`a/b`", "1"),
            ("{'a b': 1}.`a b`", "1"), ("{'true': 1}.`true`", "1"), ("has({}.`a-b`)", "false"),
            ("{}.``", "syntax"), ("{'a': 1}.`a", "syntax"), ("`a`", "syntax"),
        ] as [Row]
    )
    func backQuotes(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }
}
