// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

/// The functions on texts and the conversions.
@Suite("Specification: functions and conversions")
struct SpecificationFunctionTests {
    @Test(
        "size counts code points, octets, elements or entries, as function and as method",
        arguments: [
            ("'é☃😀'", "3"), ("'e\\u0301'", "2"), ("''", "0"), ("b'é'", "2"), ("b''", "0"),
            ("[1, 2]", "2"),
            ("[]", "0"), ("{'a': 1, 'b': 2}", "2"), ("{}", "0"),
        ] as [Row]
    )
    func size(row: Row) {
        #expect(evaluate("size(\(row.source))") == row.result)
        #expect(evaluate("\(row.source).size()") == row.result)
        #expect(evaluate("size(\(row.source), 1)") == "noMatchingOverload")
    }

    @Test(
        "nothing else has a size",
        arguments: ["1", "1.5", "true", "null", "int", "timestamp(0)", "duration('1s')"]
    )
    func sizeless(source: String) {
        #expect(evaluate("size(\(source))") == "noMatchingOverload")
        #expect(evaluate("(\(source)).size()") == "noMatchingOverload")
    }

    @Test(
        "a text is searched for another",
        arguments: [
            ("'abc'.contains('b')", "true"), ("'abc'.contains('')", "true"),
            ("'abc'.contains('ac')", "false"),
            ("''.contains('')", "true"), ("'aaab'.contains('aab')", "true"),
            ("'é☃'.contains('☃')", "true"),
            ("'abc'.startsWith('ab')", "true"), ("'abc'.startsWith('')", "true"),
            ("'abc'.startsWith('bc')", "false"), ("'a'.startsWith('ab')", "false"),
            ("'abc'.endsWith('bc')", "true"), ("'abc'.endsWith('')", "true"),
            ("'abc'.endsWith('ab')", "false"),
            ("'b'.endsWith('ab')", "false"), ("'abc'.contains(1)", "noMatchingOverload"),
            ("'abc'.startsWith(b'a')", "noMatchingOverload"),
            ("b'abc'.endsWith(b'c')", "noMatchingOverload"),
            ("'abc'.contains()", "noMatchingOverload"),
            ("'abc'.contains('a', 'b')", "noMatchingOverload"),
            ("contains('abc', 'b')", "unknownFunction"),
        ] as [Row]
    )
    func texts(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "a pattern matches a part unless it is anchored, and a bad one is an error",
        arguments: [
            ("b", "true"), ("^b", "false"), ("b$", "false"), ("^abc$", "true"), ("^ab", "true"),
            ("bc$", "true"),
            ("", "true"), ("a.c", "true"), ("a+b*c?", "true"), ("[a-c]{3}", "true"),
            ("[^a-c]", "false"),
            ("(x|b)c", "true"), ("(?:x|b)c", "true"), ("(?P<name>b)", "true"), ("(?i)ABC", "true"),
            ("ABC", "false"),
            ("\\\\bab", "true"), ("\\\\w\\\\w\\\\w", "true"), ("\\\\d", "false"),
            ("(", "badPattern"),
            (")", "badPattern"), ("[a", "badPattern"), ("*", "badPattern"),
            ("a{2,1}", "badPattern"),
            ("(?=b)", "badPattern"), ("(?<!b)", "badPattern"), ("\\\\1", "badPattern"),
            ("(?P>b)", "badPattern"),
        ] as [Row]
    )
    func patterns(row: Row) {
        #expect(evaluate("'abc'.matches('\(row.source)')") == row.result, "\(row.source)")
        #expect(evaluate("matches('abc', '\(row.source)')") == row.result, "\(row.source)")
    }

    @Test(
        "int takes numbers, decimal texts and instants",
        arguments: [
            ("int(5)", "5"), ("int(5u)", "5"), ("int(9223372036854775808u)", "overflow"),
            ("int(5.9)", "5"),
            ("int(-5.9)", "-5"), ("int(0.0 / 0.0)", "overflow"), ("int(1.0 / 0.0)", "overflow"),
            ("int(-1.0 / 0.0)", "overflow"), ("int(9223372036854774784.0)", "9223372036854774784"),
            ("int(9223372036854775808.0)", "overflow"),
            ("int(-9223372036854774784.0)", "-9223372036854774784"),
            ("int(-9223372036854775808.0)", "overflow"), ("int('-12')", "-12"),
            ("int('-9223372036854775808')", "-9223372036854775808"),
            ("int('9223372036854775808')", "badConversion"),
            ("int('1.0')", "badConversion"), ("int('0x1F')", "badConversion"),
            ("int(' 1')", "badConversion"),
            ("int('')", "badConversion"), ("int('1u')", "badConversion"),
            ("int(timestamp('2009-02-13T23:31:30Z'))", "1234567890"),
            ("int(timestamp('1969-12-31T23:59:59Z'))", "-1"), ("int(true)", "noMatchingOverload"),
            ("int(null)", "noMatchingOverload"), ("int(duration('1s'))", "noMatchingOverload"),
            ("int(b'1')", "noMatchingOverload"), ("int()", "noMatchingOverload"),
            ("int(1, 2)", "noMatchingOverload"),
        ] as [Row]
    )
    func toInt(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "uint takes numbers from zero on and decimal texts",
        arguments: [
            ("uint(5u)", "5u"), ("uint(5)", "5u"), ("uint(0)", "0u"), ("uint(-1)", "overflow"),
            ("uint(5.9)", "5u"),
            ("uint(0.0)", "0u"), ("uint(-1.0)", "overflow"),
            ("uint(18446744073709551616.0)", "overflow"),
            ("uint(0.0 / 0.0)", "overflow"),
            ("uint('18446744073709551615')", "18446744073709551615u"),
            ("uint('18446744073709551616')", "badConversion"), ("uint('-1')", "badConversion"),
            ("uint('1.5')", "badConversion"), ("uint(true)", "noMatchingOverload"),
            ("uint(timestamp(0))", "noMatchingOverload"),
        ] as [Row]
    )
    func toUInt(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "double takes numbers and texts",
        arguments: [
            ("double(5.5)", "5.5"), ("double(5)", "5.0"), ("double(5u)", "5.0"),
            ("double(9223372036854775807)", "9.223372036854776e+18"), ("double('5.5')", "5.5"),
            ("double('-1e3')", "-1000.0"), ("double('5')", "5.0"),
            ("double('NaN')", "double(\"NaN\")"),
            ("double('Infinity')", "double(\"Infinity\")"),
            ("double('-inf')", "double(\"-Infinity\")"),
            ("double('x')", "badConversion"), ("double('')", "badConversion"),
            ("double('1 ')", "badConversion"),
            ("double(true)", "noMatchingOverload"), ("double(null)", "noMatchingOverload"),
        ] as [Row]
    )
    func toDouble(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test("bool takes ten spellings and no others")
    func toBool() {
        for text in ["1", "t", "true", "TRUE", "True"] {
            #expect(evaluate("bool('\(text)')") == "true")
        }
        for text in ["0", "f", "false", "FALSE", "False"] {
            #expect(evaluate("bool('\(text)')") == "false")
        }
        for text in ["T", "F", "tRue", "yes", "no", "on", "", " true", "10"] {
            #expect(evaluate("bool('\(text)')") == "badConversion", "\(text)")
        }
        #expect(evaluate("bool(true)") == "true")
        for source in ["1", "0.0", "null", "[]"] {
            #expect(evaluate("bool(\(source))") == "noMatchingOverload")
        }
    }

    @Test(
        "string takes every scalar",
        arguments: [
            ("true", "true"), ("false", "false"), ("-5", "-5"), ("5u", "5"), ("1.5", "1.5"),
            ("-0.1", "-0.1"),
            ("'a\"b'", "a\"b"), ("b'\\xc3\\xa9'", "é"),
            ("timestamp('2009-02-13T23:31:30Z')", "2009-02-13T23:31:30Z"),
            ("timestamp('2009-02-14T00:31:30.5+01:00')", "2009-02-13T23:31:30.5Z"),
            ("timestamp('2009-02-13T23:31:30.000000001Z')", "2009-02-13T23:31:30.000000001Z"),
            ("duration('1m1ms')", "60.001s"), ("duration('-90m')", "-5400s"),
            ("duration('0')", "0s"),
            ("1.0 / 0.0", "Infinity"), ("0.0 / 0.0", "NaN"),
        ] as [(String, String)]
    )
    func toString(source: String, text: String) throws {
        let value = try Expression(parsing: "string(\(source))").value(in: [:])

        #expect(value == .string(text))
    }

    @Test(
        "what is no scalar, or no text, has no string",
        arguments: [
            ("string(b'\\xff')", "badConversion"), ("string(b'\\xed\\xa0\\x80')", "badConversion"),
            ("string(null)", "noMatchingOverload"), ("string([1])", "noMatchingOverload"),
            ("string({})", "noMatchingOverload"), ("string(int)", "noMatchingOverload"),
        ] as [Row]
    )
    func noString(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "bytes are those of UTF-8, type is the type, and dyn is the value itself",
        arguments: [
            ("bytes('é')", "b\"\\xc3\\xa9\""), ("bytes(b'a')", "b\"a\""),
            ("bytes(1)", "noMatchingOverload"),
            ("type('a')", "string"), ("type(dyn(1))", "int"), ("dyn(1) + 1", "2"),
            ("dyn([1])[0]", "1"),
            ("dyn(1) == 1.0", "true"), ("dyn('a') == 1", "false"), ("dyn(null)", "null"),
            ("dyn(1, 2)", "noMatchingOverload"), ("type()", "noMatchingOverload"),
        ] as [Row]
    )
    func others(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }
}
