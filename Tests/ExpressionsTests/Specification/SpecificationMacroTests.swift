// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

/// Fields, elements, and the macros over them.
@Suite("Specification: fields and macros")
struct SpecificationMacroTests {
    @Test(
        "a field of a map is its entry of that key",
        arguments: [
            ("{'a': 5}.a", "5"), ("{'a': 5}['a']", "5"), ("{'a': {'b': 5}}.a.b", "5"),
            ("{'a': {'b': 5}}['a'].b", "5"), ("{'a': 5}.b", "noSuchField"),
            ("{'a': 5}['b']", "noSuchField"), ("{1: 5}.a", "noSuchField"),
            ("[1].a", "noMatchingOverload"),
            ("'s'.a", "noMatchingOverload"), ("(1).a", "noMatchingOverload"),
            ("null.a", "noMatchingOverload"),
            ("{'a': 5}.b == 1 || true", "true"), ("has({'a': 5}.b) && {'a': 5}.b == 1", "false"),
        ] as [Row]
    )
    func fields(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "in tests a key of a map or an element of a list",
        arguments: [
            ("'a' in {'a': null}", "true"), ("'b' in {'a': 1}", "false"), ("1 in {1: 'a'}", "true"),
            ("'a' in {}", "false"), ("2 in [1, 2]", "true"), ("3 in [1, 2]", "false"),
            ("1 in []", "false"),
            ("[1] in [[1], 2]", "true"), ("null in [null]", "true"),
            ("'a' in 'abc'", "noMatchingOverload"),
            ("1 in 1", "noMatchingOverload"), ("'a' in null", "noMatchingOverload"),
        ] as [Row]
    )
    func membership(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "an index is a whole number within the list",
        arguments: [
            ("[7, 8][0]", "7"), ("[7, 8][1]", "8"), ("[7, 8][1u]", "8"), ("[7, 8][1.0]", "8"),
            ("[7, 8][2]", "indexOutOfRange"), ("[7, 8][-1]", "indexOutOfRange"),
            ("[7, 8][0.5]", "indexOutOfRange"), ("[][0]", "indexOutOfRange"),
            ("[7][18446744073709551615u]", "indexOutOfRange"), ("[7][1e300]", "indexOutOfRange"),
            ("[7][0.0 / 0.0]", "indexOutOfRange"), ("[7]['0']", "noMatchingOverload"),
            ("[7][false]", "noMatchingOverload"), ("'abc'[0]", "noMatchingOverload"),
            ("{'a': 1}[null]", "noMatchingOverload"),
        ] as [Row]
    )
    func indexes(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "has tells whether a map has the field that is selected",
        arguments: [
            ("has({'a': 1}.a)", "true"), ("has({'a': null}.a)", "true"),
            ("has({'a': 1}.b)", "false"),
            ("has({'a': {}}.a.b)", "false"), ("has({}.a.b)", "noSuchField"),
            ("has([1].a)", "noMatchingOverload"),
            ("has('s'.a)", "noMatchingOverload"), ("has(null.a)", "noMatchingOverload"),
            ("has((1 / 0).a)", "divideByZero"), ("has(x.a)", "unknownIdentifier"),
            ("has(1)", "syntax"),
            ("has(x)", "syntax"), ("has(x['a'])", "syntax"), ("has(x.a())", "syntax"),
            ("has()", "unknownFunction"),
            ("has(1, 2)", "unknownFunction"), ("!has({}.a)", "true"),
        ] as [Row]
    )
    func presence(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "all is an and, and exists an or, over the elements",
        arguments: [
            ("[].all(x, false)", "true"), ("[1, 2].all(x, x > 0)", "true"),
            ("[1, 2].all(x, x > 1)", "false"),
            ("[0, 2].all(x, 2 / x > 0)", "divideByZero"), ("[0, 2].all(x, 2 / x > 5)", "false"),
            ("[2, 0].all(x, 2 / x > 5)", "false"), ("[1, 'a'].all(x, x == 1 && x)", "false"),
            ("[1].all(x, x)", "noMatchingOverload"), ("[1, 2].all(x, x == 1 ? x : false)", "false"),
            ("[].exists(x, true)", "false"), ("[1, 2].exists(x, x > 1)", "true"),
            ("[1, 2].exists(x, x > 2)", "false"), ("[0, 2].exists(x, 2 / x == 1)", "true"),
            ("[2, 0].exists(x, 2 / x == 1)", "true"),
            ("[0, 2].exists(x, 2 / x == 5)", "divideByZero"),
            ("[1, 2].exists(x, x == 1 ? x : true)", "true"),
            ("[1].exists(x, x)", "noMatchingOverload"),
        ] as [Row]
    )
    func quantifiers(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "exists_one wants exactly one, and every error is one",
        arguments: [
            ("[].exists_one(x, true)", "false"), ("[1, 2].exists_one(x, x == 2)", "true"),
            ("[2, 2].exists_one(x, x == 2)", "false"), ("[1].exists_one(x, x == 2)", "false"),
            ("[0, 1].exists_one(x, 1 / x == 1)", "divideByZero"),
            ("[1, 1, 0].exists_one(x, 1 / x == 1)", "divideByZero"),
            ("[1].exists_one(x, x)", "noMatchingOverload"),
            ("[1].existsOne(x, x == 1)", "true"),
        ] as [Row]
    )
    func one(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "filter and map make lists, and every error is one",
        arguments: [
            ("[1, 2, 3].filter(x, x != 2)", "[1, 3]"), ("[].filter(x, 1 / 0 > 0)", "[]"),
            ("[0, 1].filter(x, 1 / x > 0)", "divideByZero"),
            ("[1].filter(x, x)", "noMatchingOverload"),
            ("[1, 2].map(x, x * x)", "[1, 4]"), ("[].map(x, 1 / 0)", "[]"),
            ("[1, 0].map(x, 1 / x)", "divideByZero"),
            ("[0, 1, 2].map(x, x > 0, 2 / x)", "[2, 1]"),
            ("[0, 1].map(x, 1 / x > 0, x)", "divideByZero"),
            ("[1].map(x, x, x)", "noMatchingOverload"), ("[1, 'a'].map(x, [x])", "[[1], [\"a\"]]"),
        ] as [Row]
    )
    func lists(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "over a map the variable is the key, and the result is a list all the same",
        arguments: [
            ("{'a': 1, 'b': 2}.all(k, k < 'c')", "true"), ("{'a': 1}.exists(k, k == 'a')", "true"),
            ("{'a': 1, 'b': 1}.exists_one(k, k == 'b')", "true"),
            ("{'a': 1, 'b': 2}.filter(k, k != 'a')", "[\"b\"]"),
            ("{'a': 1}.map(k, k + 'x')", "[\"ax\"]"),
            ("{1: 2, 3: 4}.map(k, k > 1, k * 10)", "[30]"), ("{}.map(k, k)", "[]"),
            ("type({'a': 1}.filter(k, true))", "list"),
        ] as [Row]
    )
    func maps(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "nothing but a list or a map can be gone through",
        arguments: ["1", "'ab'", "null", "true", "timestamp(0)", "int", "b'ab'"]
    )
    func ranges(source: String) {
        for call in [
            "all(x, true)", "exists(x, true)", "exists_one(x, true)", "filter(x, true)",
            "map(x, x)",
        ] {
            #expect(evaluate("(\(source)).\(call)") == "noMatchingOverload", "\(source).\(call)")
        }
        #expect(evaluate("(1 / 0).map(x, x)") == "divideByZero")
    }

    @Test(
        "a macro is known by its name and its number of arguments, and wants a plain name first",
        arguments: [
            ("[1].map(1, 1)", "syntax"), ("[1].map('x', 1)", "syntax"),
            ("[1].map(x.y, 1)", "syntax"),
            ("[1].map(.x, 1)", "syntax"), ("[1].map(x(), 1)", "syntax"),
            ("[1].map([x], 1)", "syntax"),
            ("[1].all(x)", "syntax"), ("[1].all()", "syntax"), ("[1].filter(x, y, true)", "syntax"),
            ("[1].map(a, b, c, d)", "syntax"), ("map([1], x, x)", "unknownIdentifier"),
            ("{'map': 3}.map", "3"), ("all", "unknownIdentifier"), ("map == type({})", "true"),
            ("[1].Map(x, x)", "unknownIdentifier"), ("[1] . map ( x , x )", "[1]"),
        ] as [Row]
    )
    func recognition(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test("the variable hides outer names inside the body only")
    func shadowing() {
        let bindings: Bindings = ["x": .list([.int(1), .int(2)]), "y": .int(5)]

        #expect(evaluate("x.map(x, x + 1)", bindings) == "[2, 3]")
        #expect(evaluate("x.map(x, x * 2) + x", bindings) == "[2, 4, 1, 2]")
        #expect(evaluate("[3].map(y, y) + [y]", bindings) == "[3, 5]")
        #expect(evaluate("x.map(y, x.map(x, x + y))", bindings) == "[[2, 3], [3, 4]]")
        #expect(evaluate("[[1], [2]].map(z, z.map(z, z * 10))", bindings) == "[[10], [20]]")
        #expect(evaluate("[1].map(z, z) == [z]", bindings) == "unknownIdentifier")
        #expect(evaluate("[1].map(int, int + 1)") == "[2]")
        #expect(evaluate("[1].map(size, size + size([1]))") == "[2]")
    }
}
