// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

@Suite("Standard functions")
struct FunctionTests {
    @Test(
        "size counts code points, octets and elements",
        arguments: [
            (#"size("é☃")"#, #"2"#),
            (#""e\u0301".size()"#, #"2"#),
            (#"size(b"é")"#, #"2"#),
            (#"[1, 2].size()"#, #"2"#),
            (#"{"a": 1}.size()"#, #"1"#),
            (#"size(1)"#, #"noMatchingOverload"#),
            (#"size()"#, #"noMatchingOverload"#),
            (#"size([], [])"#, #"noMatchingOverload"#),
            (#"[].size(1)"#, #"noMatchingOverload"#),
        ] as [Row]
    )
    func sizes(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "texts are searched",
        arguments: [
            (#""abc".contains("b")"#, #"true"#),
            (#""abc".contains("")"#, #"true"#),
            (#""abc".contains("cb")"#, #"false"#),
            (#""ab".contains("abc")"#, #"false"#),
            (#""aab".contains("ab")"#, #"true"#),
            (#""abc".startsWith("ab")"#, #"true"#),
            (#""abc".startsWith("b")"#, #"false"#),
            (#""abc".endsWith("bc")"#, #"true"#),
            (#""abc".endsWith("ab")"#, #"false"#),
            (#""a".endsWith("ba")"#, #"false"#),
            (#""abc".contains(1)"#, #"noMatchingOverload"#),
            (#"contains("a", "a")"#, #"unknownFunction"#),
            (#""a".nope()"#, #"unknownFunction"#),
            (#"nope(1)"#, #"unknownFunction"#),
            (#"(1).contains("a")"#, #"noMatchingOverload"#),
        ] as [Row]
    )
    func texts(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "int converts and checks the range",
        arguments: [
            (#"int(3u)"#, #"3"#),
            (#"int(3.9)"#, #"3"#),
            (#"int(-3.9)"#, #"-3"#),
            (#"int("12")"#, #"12"#),
            (#"int("-12")"#, #"-12"#),
            (#"int("1.5")"#, #"badConversion"#),
            (#"int("")"#, #"badConversion"#),
            (#"int(double("NaN"))"#, #"overflow"#),
            (#"int(1.0 / 0.0)"#, #"overflow"#),
            (#"int(9223372036854775807.0)"#, #"overflow"#),
            (#"int(-9223372036854775808.0)"#, #"overflow"#),
            (#"int(18446744073709551615u)"#, #"overflow"#),
            (#"int(timestamp("1970-01-01T00:01:00.9Z"))"#, #"60"#),
            (#"int(true)"#, #"noMatchingOverload"#),
            (#"int(4)"#, #"4"#),
        ] as [Row]
    )
    func integers(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "uint and double convert and check the range",
        arguments: [
            (#"uint(1)"#, #"1u"#),
            (#"uint(-1)"#, #"overflow"#),
            (#"uint(1.9)"#, #"1u"#),
            (#"uint(-0.5)"#, #"overflow"#),
            (#"uint(1e20)"#, #"overflow"#),
            (#"uint("5")"#, #"5u"#),
            (#"uint("-5")"#, #"badConversion"#),
            (#"uint(null)"#, #"noMatchingOverload"#),
            (#"double(1)"#, #"1.0"#),
            (#"double(1u)"#, #"1.0"#),
            (#"double("1.5e3")"#, #"1500.0"#),
            (#"double("x")"#, #"badConversion"#),
            (#"double("0x1p3")"#, #"badConversion"#),
            (#"double("1e999")"#, #"badConversion"#),
            (#"double("-inf")"#, #"double("-Infinity")"#),
            (#"double([])"#, #"noMatchingOverload"#),
        ] as [Row]
    )
    func unsigned(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "bool reads the accepted spellings only",
        arguments: [
            (#"bool("1")"#, #"true"#),
            (#"bool("t")"#, #"true"#),
            (#"bool("true")"#, #"true"#),
            (#"bool("TRUE")"#, #"true"#),
            (#"bool("True")"#, #"true"#),
            (#"bool("0")"#, #"false"#),
            (#"bool("f")"#, #"false"#),
            (#"bool("false")"#, #"false"#),
            (#"bool("FALSE")"#, #"false"#),
            (#"bool("False")"#, #"false"#),
            (#"bool("tRuE")"#, #"badConversion"#),
            (#"bool("yes")"#, #"badConversion"#),
            (#"bool(true)"#, #"true"#),
            (#"bool(1)"#, #"noMatchingOverload"#),
        ] as [Row]
    )
    func truths(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "string writes every scalar",
        arguments: [
            (#"string(true)"#, #""true""#),
            (#"string(-1)"#, #""-1""#),
            (#"string(1u)"#, #""1""#),
            (#"string(1.5)"#, #""1.5""#),
            (#"string(2.0)"#, #""2""#),
            (#"string(0.1)"#, #""0.1""#),
            (#"string("a")"#, #""a""#),
            (#"string(b"\xc3\xa9")"#, #""é""#),
            (#"string(b"\xff")"#, #"badConversion"#),
            (#"string(timestamp("2020-01-01T01:00:00+01:00"))"#, #""2020-01-01T00:00:00Z""#),
            (#"string(duration("1m1ms"))"#, #""60.001s""#),
            (#"string(null)"#, #"noMatchingOverload"#),
            (#"string([])"#, #"noMatchingOverload"#),
            (#"bytes("é")"#, #"b"\xc3\xa9""#),
            (#"bytes(1)"#, #"noMatchingOverload"#),
            (#"dyn(1) + 1"#, #"2"#),
            (#"string(0.0 / 0.0)"#, #""NaN""#),
            (#"string(-1.0 / 0.0)"#, #""-Infinity""#),
        ] as [Row]
    )
    func toText(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "timestamps are read and kept within their range",
        arguments: [
            (
                #"timestamp("2024-02-29T12:00:00.000000001Z")"#,
                #"timestamp("2024-02-29T12:00:00.000000001Z")"#
            ),
            (#"timestamp("2023-02-29T00:00:00Z")"#, #"badConversion"#),
            (#"timestamp("2024-01-01")"#, #"badConversion"#),
            (#"timestamp("2024-01-01T24:00:00Z")"#, #"badConversion"#),
            (#"timestamp("0000-12-31T23:59:59Z")"#, #"badConversion"#),
            (#"timestamp("0001-01-01T00:00:00Z") - duration("1ns")"#, #"overflow"#),
            (#"timestamp("9999-12-31T23:59:59Z") + duration("1s")"#, #"overflow"#),
            (
                #"timestamp("9999-12-31T00:00:00Z") - timestamp("0001-01-01T00:00:00Z")"#,
                #"overflow"#
            ),
            (#"timestamp(253402300800)"#, #"overflow"#),
            (#"timestamp(0)"#, #"timestamp("1970-01-01T00:00:00Z")"#),
            (#"timestamp(true)"#, #"noMatchingOverload"#),
            (#"timestamp(timestamp(0))"#, #"timestamp("1970-01-01T00:00:00Z")"#),
            (
                #"timestamp("1969-12-31T23:59:59.5Z") + duration("-1ns")"#,
                #"timestamp("1969-12-31T23:59:59.499999999Z")"#
            ),
        ] as [Row]
    )
    func timestamps(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "the parts of a timestamp follow its zone",
        arguments: [
            (#"timestamp("2024-12-31T23:45:56.789Z").getFullYear()"#, #"2024"#),
            (#"timestamp("2024-12-31T23:45:56.789Z").getMonth()"#, #"11"#),
            (#"timestamp("2024-12-31T23:45:56.789Z").getDate()"#, #"31"#),
            (#"timestamp("2024-12-31T23:45:56.789Z").getDayOfMonth()"#, #"30"#),
            (#"timestamp("2024-12-31T23:45:56.789Z").getDayOfYear()"#, #"365"#),
            (#"timestamp("2024-12-31T23:45:56.789Z").getDayOfWeek()"#, #"2"#),
            (#"timestamp("2024-12-31T23:45:56.789Z").getHours()"#, #"23"#),
            (#"timestamp("2024-12-31T23:45:56.789Z").getMinutes()"#, #"45"#),
            (#"timestamp("2024-12-31T23:45:56.789Z").getSeconds()"#, #"56"#),
            (#"timestamp("2024-12-31T23:45:56.789Z").getMilliseconds()"#, #"789"#),
            (#"timestamp("2024-12-31T23:45:56.789Z").getFullYear("+01:00")"#, #"2025"#),
            (#"timestamp("2024-12-31T23:45:56.789Z").getHours("-05:30")"#, #"18"#),
            (#"timestamp("2024-12-31T23:45:56.789Z").getHours("UTC")"#, #"23"#),
            (#"timestamp("2024-12-31T23:45:56.789Z").getHours("Mars/Base")"#, #"unknownTimeZone"#),
            (#"timestamp("2024-12-31T23:45:56.789Z").getHours("../etc")"#, #"unknownTimeZone"#),
            (#"timestamp("2024-12-31T23:45:56.789Z").getHours("+25:00")"#, #"unknownTimeZone"#),
            (#"timestamp("2024-12-31T23:45:56.789Z").getHours(1)"#, #"noMatchingOverload"#),
            (#"timestamp("2024-12-31T23:45:56.789Z").getEra()"#, #"unknownFunction"#),
            (#"timestamp("2024-12-31T23:45:56.789Z").getDayOfYear("+00:15")"#, #"0"#),
        ] as [Row]
    )
    func parts(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "durations are read group by group",
        arguments: [
            (#"duration("1h30m")"#, #"duration("5400s")"#),
            (#"duration("-1.5s")"#, #"duration("-1.5s")"#),
            (#"duration("+1ms2us3ns")"#, #"duration("0.001002003s")"#),
            (#"duration("0")"#, #"duration("0s")"#),
            (#"duration("-0")"#, #"duration("0s")"#),
            (#"duration(".5h")"#, #"duration("1800s")"#),
            (#"duration("1")"#, #"badConversion"#),
            (#"duration("")"#, #"badConversion"#),
            (#"duration("-")"#, #"badConversion"#),
            (#"duration("1d")"#, #"badConversion"#),
            (#"duration("s")"#, #"badConversion"#),
            (#"duration("10000000000s")"#, #"badConversion"#),
            (#"duration("9223372036s") + duration("1s")"#, #"overflow"#),
            (#"duration("-9223372036s") - duration("1s")"#, #"overflow"#),
            (#"duration(1)"#, #"noMatchingOverload"#),
            (#"duration("90m").getHours()"#, #"1"#),
            (#"duration("90m").getMinutes()"#, #"90"#),
            (#"duration("-1.9s").getSeconds()"#, #"-1"#),
            (#"duration("1.234s").getMilliseconds()"#, #"234"#),
            (#"duration("1s").getDate()"#, #"noMatchingOverload"#),
            (#"duration("0.1234567891s")"#, #"duration("0.123456789s")"#),
        ] as [Row]
    )
    func durations(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "matches looks for a part of the text in linear time",
        arguments: [
            (#""abc".matches("b")"#, #"true"#),
            (#"matches("abc", "^b")"#, #"false"#),
            (#""abc".matches("^a.c$")"#, #"true"#),
            (#""a1".matches(r"^\w\d$")"#, #"true"#),
            (#""a b".matches(r"\s")"#, #"true"#),
            (#""ab".matches(r"\S\D\W")"#, #"false"#),
            (#""foobar".matches("foo(?:baz|bar)$")"#, #"true"#),
            (#""ABC".matches("(?i)abc")"#, #"true"#),
            (#""ABC".matches("(?i:a)bc")"#, #"false"#),
            (#""É".matches("(?i)é")"#, #"true"#),
            (#""aaa".matches("^a{2,3}$")"#, #"true"#),
            (#""aaaa".matches("^a{2,3}$")"#, #"false"#),
            (#""aa".matches("^a{2}$")"#, #"true"#),
            (#""aaaa".matches("^a{2,}?$")"#, #"true"#),
            (#""a{".matches("a{")"#, #"true"#),
            (#""".matches("")"#, #"true"#),
            (#""x".matches("^(a*)*$")"#, #"false"#),
            (#""a-b".matches(r"\bb\b")"#, #"true"#),
            (#""ab".matches(r"a\Bb")"#, #"true"#),
            (#""b]".matches("^[]b]+$")"#, #"true"#),
            (#""x-".matches("^[x-]+$")"#, #"true"#),
            (#""c".matches("[^a-b]")"#, #"true"#),
            (#""a\nb".matches("a.b")"#, #"false"#),
            (#""a\nb".matches("(?s)a.b")"#, #"true"#),
            (#""a\nb".matches("(?m)^b$")"#, #"true"#),
            (#""7".matches("[[:digit:]]")"#, #"true"#),
            (#""x".matches("[[:^digit:]]")"#, #"true"#),
            (#""☃".matches(r"^\x{2603}$")"#, #"true"#),
            (#""a.b".matches(r"\Qa.b\E")"#, #"true"#),
            (#""ab".matches("(?P<n>a)b")"#, #"true"#),
            (#""a|".matches("a\\|")"#, #"true"#),
            (#""k".matches("^[^K]$")"#, #"true"#),
            (#""k".matches("(?i)^[^K]$")"#, #"false"#),
        ] as [Row]
    )
    func patterns(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "classes of Unicode and octal numbers stand for characters",
        arguments: [
            (#""é".matches(r"^\pL$")"#, "true"), (#""7".matches(r"^\pL$")"#, "false"),
            (#""É".matches(r"^\p{Lu}$")"#, "true"), (#""é".matches(r"^\p{Lu}$")"#, "false"),
            (#""é".matches(r"^\P{Lu}$")"#, "true"), (#""é".matches(r"^\p{^Lu}$")"#, "true"),
            (#""٣".matches(r"^[\pN_]+$")"#, "true"), (#""€".matches(r"^\p{Sc}$")"#, "true"),
            (#""x€".matches(r"^[^\p{Sc}]+$")"#, "false"), (#""☃".matches(r"^\p{Any}$")"#, "true"),
            (#""\U0010FFFF".matches(r"^\p{Cn}$")"#, "true"),
            (#""aA".matches(r"^\141\101$")"#, "true"),
            (#""\x07".matches(r"^\07$")"#, "true"), (#""\x00".matches(r"^[\0]$")"#, "true"),
            (#""S8".matches(r"^\1238$")"#, "true"),
        ] as [Row]
    )
    func classes(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "a bad pattern is an error that may be absorbed",
        arguments: [
            (#""a".matches("(")"#, #"badPattern"#),
            (#""a".matches("a)")"#, #"badPattern"#),
            (#""a".matches("[a")"#, #"badPattern"#),
            (#""a".matches("*")"#, #"badPattern"#),
            (#""a".matches("a**")"#, #"badPattern"#),
            (#""a".matches("a{2,1}")"#, #"badPattern"#),
            (#""a".matches("a{1001}")"#, #"badPattern"#),
            (#""a".matches("(?=a)")"#, #"badPattern"#),
            (#""a".matches("[b-a]")"#, #"badPattern"#),
            (#""a".matches("(?P<>a)")"#, #"badPattern"#),
            (#""a".matches("[[:nope:]]")"#, #"badPattern"#),
            (#""a".matches("(?")"#, #"badPattern"#),
            (#""a".matches("x{1000}(((a{100}){100}){100})")"#, #"badPattern"#),
            (#""a".matches(r"\1")"#, #"badPattern"#),
            (#""a".matches(r"\p{Greek}")"#, #"badPattern"#),
            (#""a".matches(r"\p{L")"#, #"badPattern"#),
            (#""a".matches(r"\p")"#, #"badPattern"#),
            (#""a".matches(r"\x")"#, #"badPattern"#),
            (#""a".matches(r"\x{110000}")"#, #"badPattern"#),
            (#""a".matches("(") || true"#, #"true"#),
            (#""a".matches(1)"#, #"noMatchingOverload"#),
            (#""a".matches(r"a\")"#, #"badPattern"#),
        ] as [Row]
    )
    func badPatterns(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }
}
