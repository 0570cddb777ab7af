// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

@Suite("Macros with two variables")
struct TwoVariableTests {
    @Test(
        "all, exists and existsOne see the place and the element",
        arguments: [
            (#"[5, 6].all(i, x, x == i + 5)"#, #"true"#),
            (#"[5, 6].exists(i, x, i == 1 && x == 6)"#, #"true"#),
            (#"[5, 6].exists(i, x, i == 2)"#, #"false"#),
            (#"[5, 6, 6].existsOne(i, x, x == 6)"#, #"false"#),
            (#"[5, 6].existsOne(i, x, x == 6)"#, #"true"#),
            (#"[5, 6].exists_one(i, x, i == 0)"#, #"true"#),
            (#"[5, 6].existsOne(x, x == 6)"#, #"true"#),
            (#"[].all(i, x, false)"#, #"true"#),
            (#"[0, 1].exists(i, x, 1 / x == 1)"#, #"true"#),
            (#"[0, 1].all(i, x, 1 / x == 1)"#, #"divideByZero"#),
            (#"[2, 1, 0].existsOne(i, x, 2 / x == 1)"#, #"divideByZero"#),
            (#"{"a": 1, "b": 2}.all(k, v, k == "a" || v == 2)"#, #"true"#),
            (#"{"a": 1}.exists(k, v, k == "a" && v == 1)"#, #"true"#),
            (#"{"a": 1, "b": 1}.existsOne(k, v, v == 1)"#, #"false"#),
            (#"(1).all(i, x, true)"#, #"noMatchingOverload"#),
        ] as [Row]
    )
    func quantifiers(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "transformList makes a list and transformMap a map",
        arguments: [
            (#"[2, 4].transformList(i, x, x + i)"#, #"[2, 5]"#),
            (#"[2, 4].transformList(i, x, i > 0, x * 2)"#, #"[8]"#),
            (#"{"a": 1, "b": 2}.transformList(k, v, k)"#, #"["a", "b"]"#),
            (#"[2, 4].transformMap(i, x, x * x)"#, #"{0: 4, 1: 16}"#),
            (#"{"a": 1, "b": 2}.transformMap(k, v, v > 1, v * 10)"#, #"{"b": 20}"#),
            (#"{"a": "x"}.transformMap(k, v, k + v)"#, #"{"a": "ax"}"#),
            (#"[0].transformList(i, x, 1 / x)"#, #"divideByZero"#),
            (#"[1].transformMap(i, x, i, x)"#, #"noMatchingOverload"#),
            (#"true.transformMap(i, x, x)"#, #"noMatchingOverload"#),
        ] as [Row]
    )
    func transformations(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "the variables are two plain names that differ",
        arguments: [
            (#"[1].all(x, x, true)"#, #"syntax"#), (#"[1].all(1, x, true)"#, #"syntax"#),
            (#"[1].all(x, 1, true)"#, #"syntax"#), (#"[1].transformList(x, x)"#, #"syntax"#),
            (#"[1].transformMap(a, b, c, d, e)"#, #"syntax"#), (#"[1].all(x)"#, #"syntax"#),
            (#"[1].filter(a, b, c)"#, #"syntax"#),
            (#"[7].all(i, x, x == 7) && i"#, #"unknownIdentifier"#),
            (#"[7].transformList(i, x, [8].transformList(i, y, x + y + i))"#, #"[[15]]"#),
        ] as [Row]
    )
    func variables(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test("neither variable is listed among the names read")
    func names() throws {
        let expression = try Expression(parsing: "m.transformMap(k, v, k == a, v + b)")

        #expect(expression.identifiers == ["a", "b", "m"])
    }
}
