// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

/// What an expression is, and what happens in which phase.
@Suite("Specification: evaluation")
struct SpecificationEvaluationTests {
    private static let bindings: Bindings = [
        "a": .int(3), "l": .list([.int(1), .double(2.5), .string("x")]),
        "m": .map(["k": .bool(true), "j": .null]),
    ]

    @Test(
        "an expression comes to one value or to one error, and to the same one every time",
        arguments: [
            "a + 4", "l.map(x, [x, a])", "m.transformMap(k, v, [k, v])", "{'z': a, 'y': l}",
            "a + 1.0", "m.none", "l[7]", "nobody", "a +", "1 / 0 > 0 || nobody", "l == l",
        ]
    )
    func determinism(source: String) {
        let first = evaluate(source, Self.bindings)
        let message = failure(source, Self.bindings)

        #expect(ExpressionError.Code(rawValue: first) == nil || !message.isEmpty)
        for _ in 0..<20 {
            #expect(evaluate(source, Self.bindings) == first)
            #expect(failure(source, Self.bindings) == message)
        }
    }

    @Test("evaluation leaves the values it reads as they were")
    func sideEffects() throws {
        let bindings = Self.bindings
        let expression = try Expression(parsing: "l + [a] == l || m.map(k, a + 1).size() > 9")

        #expect(try expression.value(in: bindings) == .bool(false))
        #expect(bindings == Self.bindings)
        #expect(
            try expression.value(in: ["l": .list([]), "a": .int(1), "m": .map([:])]).asBool == false
        )
    }

    @Test(
        "there are no loops, no assignments and no functions of one's own",
        arguments: [
            "x = 1", "x := 1", "x += 1", "x++", "let x = 1", "var x = 1", "const x = 1",
            "for (x in [1]) x", "while (true) 1", "if (true) 1 else 2", "function f(x) x",
            "x => x + 1", "(x) -> x", "return 1", "1; 2", "f(x) = x",
        ]
    )
    func nothingElse(source: String) {
        #expect(evaluate(source, ["x": .int(1)]) == "syntax", "\(source)")
    }

    @Test(
        "iteration is left to macros",
        arguments: [
            ("[1, 2].map(x, x + 1)", "[2, 3]"), ("[1, 2].exists(x, x > 1)", "true"),
            ("[1, 2].forEach(x, x)", "unknownIdentifier"), ("twice(2)", "unknownFunction"),
        ] as [Row]
    )
    func iteration(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "macros are expanded when the text is read, so their faults need no values",
        arguments: ["l.map(1, 2)", "l.all(a.b, true)", "l.filter(x)", "has(l)", "has(l[0])"]
    )
    func expansion(source: String) {
        #expect(throws: ExpressionError.self) { try Expression(parsing: source) }
    }

    @Test(
        "what a check would refuse is an error of types where it is evaluated, and only there",
        arguments: [
            ("1 + 'a'", "noMatchingOverload"), ("1 == 'a'", "false"), ("true ? 1 : 1 + 'a'", "1"),
            ("false && 1 + 'a' == 2", "false"), ("1 + 'a' == 2 || true", "true"),
            ("[].all(x, 1 + 'a' == 2)", "true"), ("[1].all(x, x + 'a' == 2)", "noMatchingOverload"),
        ] as [Row]
    )
    func checking(row: Row) throws {
        let expression = try Expression(parsing: row.source)

        #expect(throws: ExpressionError.self) { try expression.check([:]) }
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test("a check is optional: what it cannot know passes, and is found in evaluation")
    func gradual() throws {
        let expression = try Expression(parsing: "x + 1")

        #expect(try expression.check(["x": .dyn]) == .dyn || expression.check(["x": .dyn]) == .int)
        #expect(evaluate("x + 1", ["x": .int(1)]) == "2")
        #expect(evaluate("x + 1", ["x": .string("a")]) == "noMatchingOverload")
    }
}
