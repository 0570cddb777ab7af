// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

@Suite("Values and arithmetic")
struct ValueTests {
    @Test(
        "types are values with names",
        arguments: [
            (#"type(1) == int"#, #"true"#),
            (#"type(1u)"#, #"uint"#),
            (#"type(1.0)"#, #"double"#),
            (#"type("")"#, #"string"#),
            (#"type(b"")"#, #"bytes"#),
            (#"type(true)"#, #"bool"#),
            (#"type([])"#, #"list"#),
            (#"type({})"#, #"map"#),
            (#"type(null) == null_type"#, #"true"#),
            (#"type(type(1)) == type"#, #"true"#),
            (#"type(timestamp(0)) == google.protobuf.Timestamp"#, #"true"#),
            (#"type(duration("0"))"#, #"google.protobuf.Duration"#),
            (#"[1, "a", null, 2.0]"#, #"[1, "a", null, 2.0]"#),
        ] as [Row]
    )
    func types(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "arithmetic keeps to one type",
        arguments: [
            (#"1 + 1.0"#, #"noMatchingOverload"#),
            (#"1 + 1u"#, #"noMatchingOverload"#),
            (#"1.0 * 2u"#, #"noMatchingOverload"#),
            (#"5.0 % 2.0"#, #"noMatchingOverload"#),
            (#"1u + 2u"#, #"3u"#),
            (#"1.5 + 2.25"#, #"3.75"#),
            (#"7u % 4u"#, #"3u"#),
            (#"true + true"#, #"noMatchingOverload"#),
            (#"null + null"#, #"noMatchingOverload"#),
        ] as [Row]
    )
    func arithmetic(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "integers that leave their range are errors",
        arguments: [
            (#"9223372036854775807 + 1"#, #"overflow"#),
            (#"-9223372036854775808 - 1"#, #"overflow"#),
            (#"9223372036854775807 * 2"#, #"overflow"#),
            (#"-(-9223372036854775808)"#, #"overflow"#),
            (#"-9223372036854775808 / -1"#, #"overflow"#),
            (#"-9223372036854775808 % -1"#, #"overflow"#),
            (#"0u - 1u"#, #"overflow"#),
            (#"18446744073709551615u + 1u"#, #"overflow"#),
            (#"18446744073709551615u * 2u"#, #"overflow"#),
        ] as [Row]
    )
    func overflow(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "integers truncate and doubles divide by zero",
        arguments: [
            (#"1 / 0"#, #"divideByZero"#),
            (#"1 % 0"#, #"divideByZero"#),
            (#"1u / 0u"#, #"divideByZero"#),
            (#"1u % 0u"#, #"divideByZero"#),
            (#"1.0 / 0.0"#, #"double("Infinity")"#),
            (#"-1.0 / 0.0"#, #"double("-Infinity")"#),
            (#"0.0 / 0.0"#, #"double("NaN")"#),
            (#"-7 / 2"#, #"-3"#),
            (#"7 / -2"#, #"-3"#),
            (#"-7 % 2"#, #"-1"#),
            (#"7 % -2"#, #"1"#),
        ] as [Row]
    )
    func division(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "plus joins texts, bytes, lists and spans of time",
        arguments: [
            (#""a" + "b""#, #""ab""#),
            (#"b"a" + b"b""#, #"b"ab""#),
            (#"[1] + [2.0]"#, #"[1, 2.0]"#),
            (#""a" + b"b""#, #"noMatchingOverload"#),
            (#"{} + {}"#, #"noMatchingOverload"#),
            (#""a" - "a""#, #"noMatchingOverload"#),
            (#"timestamp(0) + duration("1s")"#, #"timestamp("1970-01-01T00:00:01Z")"#),
            (#"duration("1s") + timestamp(0)"#, #"timestamp("1970-01-01T00:00:01Z")"#),
            (#"duration("1s") + duration("500ms")"#, #"duration("1.5s")"#),
            (#"timestamp(10) - timestamp(4)"#, #"duration("6s")"#),
            (#"timestamp(10) - duration("4s")"#, #"timestamp("1970-01-01T00:00:06Z")"#),
            (#"duration("1s") - duration("3s")"#, #"duration("-2s")"#),
            (#"duration("1s") - timestamp(0)"#, #"noMatchingOverload"#),
            (#"timestamp(0) + timestamp(0)"#, #"noMatchingOverload"#),
        ] as [Row]
    )
    func joining(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "the minus sign is for int and double",
        arguments: [
            (#"-(1)"#, #"-1"#),
            (#"-(1.5)"#, #"-1.5"#),
            (#"-(1u)"#, #"noMatchingOverload"#),
            (#"-"a""#, #"noMatchingOverload"#),
            (#"-duration("1s")"#, #"noMatchingOverload"#),
        ] as [Row]
    )
    func minus(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "values of different types are unequal",
        arguments: [
            (#"1 == "1""#, #"false"#),
            (#"null == 0"#, #"false"#),
            (#"null == null"#, #"true"#),
            (#"1 != "1""#, #"true"#),
            (#"[] == {}"#, #"false"#),
            (#"true == 1"#, #"false"#),
            (#""a" == b"a""#, #"false"#),
            (#"[1, 2] == [1, 2.0]"#, #"true"#),
            (#"[1] == [1, 2]"#, #"false"#),
            (#"[1, 2] != [2, 1]"#, #"true"#),
            (#"{"a": 1, "b": 2} == {"b": 2u, "a": 1.0}"#, #"true"#),
            (#"{1: 1} == {1u: 1}"#, #"true"#),
            (#"{"a": 1} == {"b": 1}"#, #"false"#),
            (#"{"a": 1} == {"a": 1, "b": 2}"#, #"false"#),
        ] as [Row]
    )
    func equality(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "numbers of all types lie on one line",
        arguments: [
            (#"1 == 1.0"#, #"true"#),
            (#"1u == 1"#, #"true"#),
            (#"1u < 1.5"#, #"true"#),
            (#"2.0 in [1, 2]"#, #"true"#),
            (#"3u in {3: 1}"#, #"true"#),
            (#"{3: 1}[3.0]"#, #"1"#),
            (#"{3: 1}[3u]"#, #"1"#),
            (#"-1 < 0u"#, #"true"#),
            (#"18446744073709551615u > 9223372036854775807"#, #"true"#),
            (#"9007199254740993 == 9007199254740992.0"#, #"false"#),
            (#"9007199254740993 > 9007199254740992.0"#, #"true"#),
            (#"1.5 > 1"#, #"true"#),
            (#"-1.5 < -1"#, #"true"#),
            (#"1 >= 1.0"#, #"true"#),
            (#"2 <= 1.9"#, #"false"#),
            (#"9223372036854775807 < 1e19"#, #"true"#),
            (#"0u > -1e300"#, #"true"#),
            (#"18446744073709551615u <= double("Infinity")"#, #"true"#),
            (#"2.5 in [2, 3]"#, #"false"#),
        ] as [Row]
    )
    func line(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "NaN is equal to nothing and has no order",
        arguments: [
            (#"0.0 / 0.0 == 0.0 / 0.0"#, #"false"#),
            (#"double("NaN") != double("NaN")"#, #"true"#),
            (#"double("NaN") < 1.0"#, #"false"#),
            (#"1 >= double("NaN")"#, #"false"#),
            (#"double("NaN") in [double("NaN")]"#, #"false"#),
            (#"[double("NaN")] == [double("NaN")]"#, #"false"#),
        ] as [Row]
    )
    func nan(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "texts, bytes, truth values and times have an order",
        arguments: [
            (#""a" < "b""#, #"true"#),
            (#""Z" < "a""#, #"true"#),
            (#""\uffff" < "\U00010000""#, #"true"#),
            (#""a" < "ab""#, #"true"#),
            (#"b"a" < b"b""#, #"true"#),
            (#"b"\xff" > b"\x01""#, #"true"#),
            (#"false < true"#, #"true"#),
            (#"true <= true"#, #"true"#),
            (#"timestamp(1) < timestamp(2)"#, #"true"#),
            (#"duration("1s") >= duration("1000ms")"#, #"true"#),
            (#"[1] < [2]"#, #"noMatchingOverload"#),
            (#"{} < {}"#, #"noMatchingOverload"#),
            (#"null < null"#, #"noMatchingOverload"#),
            (#"1 < "2""#, #"noMatchingOverload"#),
            (#""1.6" > 1.5"#, #"noMatchingOverload"#),
            (#"1 in 1"#, #"noMatchingOverload"#),
            (#"int < int"#, #"noMatchingOverload"#),
        ] as [Row]
    )
    func ordering(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }
}
