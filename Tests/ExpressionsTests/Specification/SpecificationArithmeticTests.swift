// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

/// The operators that compute.
@Suite("Specification: arithmetic")
struct SpecificationArithmeticTests {
    @Test(
        "the four operations go with two numbers of one type, and the remainder with integers",
        arguments: [
            ("7 + 2", "9"), ("7 - 9", "-2"), ("7 * 2", "14"), ("7 / 2", "3"), ("7 % 2", "1"),
            ("7u + 2u", "9u"), ("7u - 2u", "5u"), ("7u * 2u", "14u"), ("7u / 2u", "3u"),
            ("7u % 2u", "1u"), ("7.0 + 2.0", "9.0"), ("7.0 - 9.0", "-2.0"), ("7.0 * 2.0", "14.0"),
            ("7.0 / 2.0", "3.5"), ("7.0 % 2.0", "noMatchingOverload"),
        ] as [Row]
    )
    func numbers(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test("numbers of two types do not mix", arguments: ["+", "-", "*", "/", "%"])
    func mixtures(operation: String) {
        let numbers = ["1", "1u", "1.0"]

        for left in numbers {
            for right in numbers where left != right {
                let source = "\(left) \(operation) \(right)"
                #expect(evaluate(source) == "noMatchingOverload", "\(source)")
            }
            for other in ["'1'", "true", "null", "[1]", "{}", "b'1'", "timestamp(0)", "int"] {
                #expect(evaluate("\(left) \(operation) \(other)") == "noMatchingOverload")
                #expect(evaluate("\(other) \(operation) \(left)") == "noMatchingOverload")
            }
        }
    }

    @Test(
        "integers that leave their range are errors",
        arguments: [
            "9223372036854775807 + 1", "-9223372036854775808 + -1", "-9223372036854775808 - 1",
            "9223372036854775807 - -1", "9223372036854775807 * 2", "-9223372036854775808 * -1",
            "-9223372036854775808 / -1", "-9223372036854775808 % -1", "-(-9223372036854775808)",
            "18446744073709551615u + 1u", "0u - 1u", "18446744073709551615u * 2u",
        ]
    )
    func overflow(source: String) {
        #expect(evaluate(source) == "overflow", "\(source)")
    }

    @Test(
        "an integer divided by zero is an error, and a double is not",
        arguments: [
            ("1 / 0", "divideByZero"), ("0 / 0", "divideByZero"), ("1 % 0", "divideByZero"),
            ("1u / 0u", "divideByZero"), ("1u % 0u", "divideByZero"),
            ("1.0 / 0.0", "double(\"Infinity\")"), ("-1.0 / 0.0", "double(\"-Infinity\")"),
            ("1.0 / -0.0", "double(\"-Infinity\")"), ("0.0 / 0.0", "double(\"NaN\")"),
            ("1e308 * 10.0", "double(\"Infinity\")"), ("-1e308 - 1e308", "double(\"-Infinity\")"),
        ] as [Row]
    )
    func zero(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "a quotient drops its fraction, and a remainder has the sign of the left side",
        arguments: [
            ("7 / 2", "3"), ("-7 / 2", "-3"), ("7 / -2", "-3"), ("-7 / -2", "3"), ("7 % 3", "1"),
            ("-7 % 3", "-1"), ("7 % -3", "1"), ("-7 % -3", "-1"), ("-6 % 3", "0"),
        ] as [Row]
    )
    func truncation(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "plus also joins, and moves in time",
        arguments: [
            ("'ab' + 'cd'", "\"abcd\""), ("'' + ''", "\"\""), ("b'ab' + b'\\xff'", "b\"ab\\xff\""),
            ("[1] + ['a', 2.0]", "[1, \"a\", 2.0]"), ("[] + []", "[]"),
            ("timestamp(60) + duration('1.5s')", "timestamp(\"1970-01-01T00:01:01.5Z\")"),
            ("duration('1.5s') + timestamp(60)", "timestamp(\"1970-01-01T00:01:01.5Z\")"),
            ("duration('1m') + duration('1s')", "duration(\"61s\")"),
            ("'a' + b'a'", "noMatchingOverload"), ("'a' + 1", "noMatchingOverload"),
            ("{} + {}", "noMatchingOverload"), ("[1] + 1", "noMatchingOverload"),
            ("timestamp(0) + timestamp(0)", "noMatchingOverload"),
            ("timestamp(0) + 1", "noMatchingOverload"), ("true + true", "noMatchingOverload"),
            ("null + null", "noMatchingOverload"),
        ] as [Row]
    )
    func plus(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "minus also goes with instants and lengths of time",
        arguments: [
            ("timestamp(60) - timestamp(90)", "duration(\"-30s\")"),
            ("timestamp(60) - duration('1m')", "timestamp(\"1970-01-01T00:00:00Z\")"),
            ("duration('1m') - duration('61s')", "duration(\"-1s\")"),
            ("duration('1m') - timestamp(0)", "noMatchingOverload"),
            ("'ab' - 'b'", "noMatchingOverload"), ("[1] - [1]", "noMatchingOverload"),
            ("duration('1m') * 2", "noMatchingOverload"),
            ("duration('1m') / duration('1s')", "noMatchingOverload"),
        ] as [Row]
    )
    func minus(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "a sign goes with int and double only",
        arguments: [
            ("-(5)", "-5"), ("-(5.5)", "-5.5"), ("-(0.0)", "-0.0"), ("-(5u)", "noMatchingOverload"),
            ("-(0u)", "noMatchingOverload"), ("-'a'", "noMatchingOverload"),
            ("-true", "noMatchingOverload"), ("-null", "noMatchingOverload"),
            ("-duration('1s')", "noMatchingOverload"), ("-[1]", "noMatchingOverload"),
        ] as [Row]
    )
    func sign(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }
}
