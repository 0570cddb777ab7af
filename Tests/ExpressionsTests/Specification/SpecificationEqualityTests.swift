// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

/// What is equal, and what comes before what.
@Suite("Specification: equality and ordering")
struct SpecificationEqualityTests {
    /// Values no two of which are equal.
    private static let distinct = [
        "null", "true", "false", "0", "1", "0.5", "'1'", "''", "b'1'", "b''", "[]", "[1]", "['1']",
        "[[1]]", "{}", "{1: 1}", "{'1': 1}", "{1: '1'}", "timestamp(1)", "duration('1s')", "int",
        "double", "type",
    ]

    @Test("values are equal to themselves and to nothing of another type, without an error")
    func types() {
        for (first, left) in Self.distinct.enumerated() {
            for (second, right) in Self.distinct.enumerated() {
                let isSame = first == second
                #expect(evaluate("\(left) == \(right)") == "\(isSame)", "\(left) == \(right)")
                #expect(evaluate("\(left) != \(right)") == "\(!isSame)", "\(left) != \(right)")
                #expect(evaluate("\(left) in [\(right)]") == "\(isSame)", "\(left) in \(right)")
            }
        }
    }

    @Test(
        "numbers of all types lie on one line",
        arguments: [
            ("1 == 1.0", "true"), ("1 == 1u", "true"), ("1u == 1.0", "true"), ("1 != 1.0", "false"),
            ("1 == 1.5", "false"), ("1u < 1.5", "true"), ("1.5 < 2", "true"), ("-1 < 0u", "true"),
            ("0u > -1", "true"), ("2u <= 2.0", "true"), ("2 >= 2u", "true"), ("2.5 > 2u", "true"),
            ("18446744073709551615u > -1", "true"), ("-1 == 18446744073709551615u", "false"),
            ("9007199254740993 > 9007199254740992.0", "true"),
            ("9007199254740993 == 9007199254740992.0", "false"), ("0.0 == -0.0", "true"),
            ("1e300 > 9223372036854775807", "true"), ("-1e300 < 0u", "true"),
            ("1.0 / 0.0 > 18446744073709551615u", "true"), ("2.0 in [1, 2]", "true"),
            ("2u in [1, 2]", "true"), ("2 in [1.0, 2.0]", "true"), ("2.5 in [2, 3]", "false"),
            ("1.0 in {1: 'a'}", "true"), ("1u in {1: 'a'}", "true"), ("1 in {1u: 'a'}", "true"),
            ("1.5 in {1: 'a'}", "false"), ("{1: 'a'}[1.0]", "\"a\""), ("{1: 'a'}[1u]", "\"a\""),
            ("{1u: 'a'}[1]", "\"a\""), ("{1: 'a'}[1.5]", "noSuchField"),
            ("-1 in {1u: 'a'}", "false"),
        ] as [Row]
    )
    func line(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test("NaN is equal to nothing, and neither before nor after anything")
    func nan() {
        for other in ["n", "1", "1u", "1.0", "-1.0 / 0.0"] {
            for operation in ["==", "<", "<=", ">", ">="] {
                for source in ["n \(operation) \(other)", "\(other) \(operation) n"] {
                    #expect(evaluate(source, ["n": .double(.nan)]) == "false", "\(source)")
                }
            }
            #expect(evaluate("n != \(other)", ["n": .double(.nan)]) == "true")
        }
        #expect(
            evaluate("n in [n] || [n] == [n] || {'a': n} == {'a': n}", ["n": .double(.nan)])
                == "false"
        )
    }

    @Test(
        "lists are equal element by element, and maps key by key",
        arguments: [
            ("[1, 'a'] == [1.0, 'a']", "true"), ("[1, 2] == [2, 1]", "false"),
            ("[1] == [1, 1]", "false"), ("[[1], []] == [[1u], []]", "true"),
            ("[1] == ['1']", "false"),
            ("{'a': 1, 'b': 2} == {'b': 2, 'a': 1}", "true"), ("{'a': 1} == {'a': 1u}", "true"),
            ("{1: 'a'} == {1u: 'a'}", "true"), ("{'a': 1} == {'a': 2}", "false"),
            ("{'a': 1} == {'b': 1}", "false"), ("{'a': 1} == {'a': 1, 'b': 2}", "false"),
            ("{'a': [1]} == {'a': [1.0]}", "true"), ("{} == []", "false"),
            ("[1, 2] != [2, 1]", "true"), ("{'a': 1} != {'a': 1}", "false"),
            ("[1 / 0] == [1]", "divideByZero"),
        ] as [Row]
    )
    func containers(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    /// Each list is in ascending order.
    @Test(
        "numbers, texts, bytes, truth values, instants and lengths of time have an order",
        arguments: [
            [
                "-1.0 / 0.0", "-9223372036854775808", "-1.5", "-1", "0u", "0.5", "1",
                "18446744073709551615u",
            ],
            ["''", "'A'", "'Z'", "'a'", "'aa'", "'b'", "'\\u00e9'", "'\\uffff'", "'\\U00010000'"],
            ["b''", "b'\\x00'", "b'a'", "b'a\\x00'", "b'b'", "b'\\xff'"], ["false", "true"],
            ["timestamp(-1)", "timestamp(0)", "timestamp('1970-01-01T00:00:00.000000001Z')"],
            [
                "duration('-1h')", "duration('-1ns')", "duration('0s')", "duration('1ms')",
                "duration('1s')",
            ],
        ]
    )
    func order(values: [String]) {
        for (first, left) in values.enumerated() {
            for (second, right) in values.enumerated() {
                #expect(evaluate("\(left) < \(right)") == "\(first < second)", "\(left) < \(right)")
                #expect(evaluate("\(left) <= \(right)") == "\(first <= second)")
                #expect(evaluate("\(left) > \(right)") == "\(first > second)")
                #expect(evaluate("\(left) >= \(right)") == "\(first >= second)")
            }
        }
    }

    @Test("nothing else has an order", arguments: ["<", "<=", ">", ">="])
    func disorder(operation: String) {
        let pairs = [
            ("[1]", "[2]"), ("{}", "{}"), ("null", "null"), ("int", "int"), ("1", "'1'"),
            ("'a'", "b'a'"), ("true", "1"), ("null", "1"), ("timestamp(0)", "duration('1s')"),
            ("timestamp(0)", "0"), ("duration('1s')", "1"), ("[]", "1"), ("'1.6'", "1.5"),
        ]

        for (left, right) in pairs {
            #expect(evaluate("\(left) \(operation) \(right)") == "noMatchingOverload")
            #expect(evaluate("\(right) \(operation) \(left)") == "noMatchingOverload")
        }
    }
}
