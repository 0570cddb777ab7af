// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

@Suite("Logic and macros")
struct LogicTests {
    @Test(
        "and and or absorb errors from either side",
        arguments: [
            (#"false && 1 / 0 > 0"#, #"false"#),
            (#"1 / 0 > 0 && false"#, #"false"#),
            (#"true && 1 / 0 > 0"#, #"divideByZero"#),
            (#"1 / 0 > 0 && true"#, #"divideByZero"#),
            (#"1 / 0 > 0 && nope"#, #"divideByZero"#),
            (#"true || 1 / 0 > 0"#, #"true"#),
            (#"1 / 0 > 0 || true"#, #"true"#),
            (#"false || 1 / 0 > 0"#, #"divideByZero"#),
            (#"1 / 0 > 0 || false"#, #"divideByZero"#),
            (#"nope || 1 / 0 > 0"#, #"unknownIdentifier"#),
            (#"nope && true && false"#, #"false"#),
            (#""x" || true"#, #"true"#),
            (#"true || "x""#, #"true"#),
            (#""x" && true"#, #"noMatchingOverload"#),
            (#""x" && false"#, #"false"#),
            (#""x" || false"#, #"noMatchingOverload"#),
            (#"1 && 2"#, #"noMatchingOverload"#),
            (#"nope || true"#, #"true"#),
        ] as [Row]
    )
    func absorption(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "an error passes through everything else",
        arguments: [
            (#"!(1 / 0 > 0)"#, #"divideByZero"#),
            (#"!nope"#, #"unknownIdentifier"#),
            (#"[1 / 0].size()"#, #"divideByZero"#),
            (#"size([nope])"#, #"unknownIdentifier"#),
            (#"{"a": 1 / 0}"#, #"divideByZero"#),
            (#"1 / 0 == 1 / 0"#, #"divideByZero"#),
        ] as [Row]
    )
    func errors(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "only the chosen branch matters",
        arguments: [
            (#"true ? 1 : 1 / 0"#, #"1"#),
            (#"false ? 1 / 0 : 2"#, #"2"#),
            (#"1 / 0 > 0 ? 1 : 2"#, #"divideByZero"#),
            (#"1 ? 1 : 2"#, #"noMatchingOverload"#),
            (#"true ? "a" : 1"#, #""a""#),
            (#"false ? (1 / 0 > 0) : false"#, #"false"#),
        ] as [Row]
    )
    func conditional(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "fields and indexes find what is there",
        arguments: [
            (#"{"a": 1}.a"#, #"1"#),
            (#"{"a": 1}["a"]"#, #"1"#),
            (#"{"a": 1}.b"#, #"noSuchField"#),
            (#"{"a": 1}["b"]"#, #"noSuchField"#),
            (#"1.0.a"#, #"noMatchingOverload"#),
            (#"(1).a"#, #"noMatchingOverload"#),
            (#"[1].a"#, #"noMatchingOverload"#),
            (#"[1, 2][1]"#, #"2"#),
            (#"[1, 2][1.0]"#, #"2"#),
            (#"[1, 2][1u]"#, #"2"#),
            (#"[1, 2][0.5]"#, #"indexOutOfRange"#),
            (#"[1, 2][-1]"#, #"indexOutOfRange"#),
            (#"[1, 2][2]"#, #"indexOutOfRange"#),
            (#"[1]["0"]"#, #"noMatchingOverload"#),
            (#""abc"[0]"#, #"noMatchingOverload"#),
            (#"{true: 1}[true]"#, #"1"#),
            (#"{1: 1}[null]"#, #"noMatchingOverload"#),
            (#""a" in {"a": 1}"#, #"true"#),
            (#""b" in {"a": 1}"#, #"false"#),
            (#"1 in [1, 2]"#, #"true"#),
            (#""a" in []"#, #"false"#),
            (#"{1: 2}[1.5]"#, #"noSuchField"#),
        ] as [Row]
    )
    func access(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "has tests a field of a map",
        arguments: [
            (#"has({"a": null}.a)"#, #"true"#),
            (#"has({}.a)"#, #"false"#),
            (#"has([].a)"#, #"noMatchingOverload"#),
            (#"has({}.a.b)"#, #"noSuchField"#),
            (#"has({"a": {"b": 1}}.a.b)"#, #"true"#),
            (#"has(1)"#, #"syntax"#),
            (#"has(a["b"])"#, #"syntax"#),
            (#"has(nope.a)"#, #"unknownIdentifier"#),
        ] as [Row]
    )
    func presence(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "all, exists and exists_one count their elements",
        arguments: [
            (#"[].all(x, false)"#, #"true"#),
            (#"[].exists(x, true)"#, #"false"#),
            (#"[].exists_one(x, true)"#, #"false"#),
            (#"[1, 2].all(x, x > 0)"#, #"true"#),
            (#"[1, 2].all(x, x > 1)"#, #"false"#),
            (#"[1, 2].exists(x, x > 1)"#, #"true"#),
            (#"[1, 2].exists_one(x, x > 1)"#, #"true"#),
            (#"[1, 2].exists_one(x, x > 0)"#, #"false"#),
            (#"[0, 1].all(x, 1 / x > 1)"#, #"false"#),
            (#"[1, 0].all(x, 1 / x > 1)"#, #"false"#),
            (#"[0, 1].all(x, 1 / x > 0)"#, #"divideByZero"#),
            (#"[0, 1].exists(x, 1 / x > 0)"#, #"true"#),
            (#"[0, 1].exists(x, 1 / x > 1)"#, #"divideByZero"#),
            (#"[0, 1].exists_one(x, 1 / x > 0)"#, #"divideByZero"#),
            (#"[1, 0].exists_one(x, 1 / x > 0)"#, #"divideByZero"#),
            (#"[1].all(x, x)"#, #"noMatchingOverload"#),
            (#"[1, 2].exists(x, x == 2 || x)"#, #"true"#),
            (#"1.5.all(x, x)"#, #"noMatchingOverload"#),
            (#""a".all(x, true)"#, #"noMatchingOverload"#),
            (#"null.all(x, true)"#, #"noMatchingOverload"#),
        ] as [Row]
    )
    func quantifiers(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "filter and map make lists",
        arguments: [
            (#"[1, 2, 3].filter(x, x > 1)"#, #"[2, 3]"#),
            (#"[1, 2].map(x, x * 2)"#, #"[2, 4]"#),
            (#"[1, 2, 3].map(x, x > 1, x * 2)"#, #"[4, 6]"#),
            (#"[0, 1].filter(x, 1 / x > 0)"#, #"divideByZero"#),
            (#"[0].map(x, 1 / x)"#, #"divideByZero"#),
            (#"[0, 1].map(x, x > 0, 1 / x)"#, #"[1]"#),
            (#"[1].filter(x, 1)"#, #"noMatchingOverload"#),
            (#"[1].map(x, 1, x)"#, #"noMatchingOverload"#),
            (#"{"a": 1, "b": 2}.map(k, k)"#, #"["a", "b"]"#),
            (#"{"a": 1, "b": 2}.filter(k, k != "a")"#, #"["b"]"#),
            (#"{"a": 1}.all(k, k == "a")"#, #"true"#),
            (#"{"a": 1}.exists(k, k == "b")"#, #"false"#),
            (#"{"a": 1}.exists_one(k, true)"#, #"true"#),
        ] as [Row]
    )
    func mapping(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "a macro variable shadows outer names in its body only",
        arguments: [
            (#"[1].map(x, [2].map(x, x + 1))"#, #"[[3]]"#),
            (#"[1].map(x, [x + 1].map(y, x + y))"#, #"[[3]]"#),
            (#"[1].map(x, x) == [1] && x == 1"#, #"unknownIdentifier"#),
            (#"[[1, 2], [3]].map(x, x.map(x, x * 2))"#, #"[[2, 4], [6]]"#),
            (#"[1].map(1, 2)"#, #"syntax"#),
            (#"[1].map(.x, 2)"#, #"syntax"#),
            (#"[1].map(a.b, 2)"#, #"syntax"#),
            (#"[1].filter(x)"#, #"syntax"#),
        ] as [Row]
    )
    func scope(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test("a leading dot reads the binding behind a macro variable")
    func rootScope() {
        #expect(evaluate("[1].map(x, x + .x)", ["x": .int(10)]) == "[11]")
        #expect(evaluate("[1].map(x, x + x)", ["x": .int(10)]) == "[2]")
        #expect(evaluate("[x].map(x, x + 1)", ["x": .int(10)]) == "[11]")
    }
}
