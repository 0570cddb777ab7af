// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

@Suite("Limits")
struct LimitTests {
    private func nested(_ open: String, _ close: String, _ count: Int) -> String {
        String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
    }

    @Test("an expression over 8 KiB is refused")
    func length() {
        let padding = String(repeating: " ", count: 8191)

        #expect(evaluate("1" + padding) == "1")
        #expect(evaluate("11" + padding) == "limitExceeded")
        #expect(evaluate("111", limits: ExpressionLimits(sourceBytes: 2)) == "limitExceeded")
    }

    @Test(
        "nesting beyond 64 levels is refused whatever nests",
        arguments: [("(", ")"), ("[", "]"), ("{1: ", "}"), ("int(", ")"), ("true ? 1 : (", ")")]
    )
    func depth(open: String, close: String) {
        #expect(evaluate(nested(open, close, 30)) != "limitExceeded")
        #expect(evaluate(nested(open, close, 64)) == "limitExceeded")
        #expect(evaluate(nested(open, close, 900)) == "limitExceeded")
    }

    @Test("selections and calls in a row count as nesting")
    func memberDepth() {
        #expect(evaluate("a" + String(repeating: ".a", count: 63)) == "unknownIdentifier")
        #expect(evaluate("a" + String(repeating: ".a", count: 64)) == "limitExceeded")
        #expect(evaluate("[]" + String(repeating: ".f()", count: 900)) == "limitExceeded")
        #expect(evaluate("(1)", limits: ExpressionLimits(nestingDepth: 1)) == "limitExceeded")
    }

    @Test("long chains of operators are no nesting")
    func chains() {
        let sum = "1" + String(repeating: "+1", count: 4000)
        let ternaries = String(repeating: "false?1:", count: 1000) + "2"

        #expect(evaluate(sum) == "4001")
        #expect(evaluate(ternaries) == "2")
        #expect(evaluate(String(repeating: "!", count: 8000) + "true") == "true")
        #expect(evaluate(String(repeating: "-", count: 8000) + "1") == "1")
        #expect(evaluate("true" + String(repeating: "&&true", count: 1300)) == "true")
    }

    @Test("macros nest four deep and no deeper")
    func macros() {
        let four = "[1].all(a, [1].all(b, [1].all(c, [1].all(d, true))))"
        let five = "[1].all(z, \(four))"

        #expect(evaluate(four) == "true")
        #expect(evaluate(five) == "limitExceeded")
        #expect(evaluate(four, limits: ExpressionLimits(macroNesting: 3)) == "limitExceeded")
    }

    @Test("an evaluation stops after its steps, and nothing absorbs that")
    func steps() {
        let many = Bindings(["l": .list(Array(repeating: .int(1), count: 200))])
        let product = "l.all(a, l.all(b, l.all(c, a + b + c > 0)))"

        #expect(evaluate(product, many) == "limitExceeded")
        #expect(evaluate("true || true") == "true")
        #expect(evaluate("\(product) || true", many) == "limitExceeded")
        #expect(evaluate("1 + 1", limits: ExpressionLimits(evaluationSteps: 2)) == "limitExceeded")
        #expect(evaluate("1 + 1", limits: ExpressionLimits(evaluationSteps: 3)) == "2")
    }

    @Test("texts, lists and shared contents cannot grow without bound")
    func growth() {
        let double = String(repeating: ".map(x, x + x)", count: 50)
        let pair = String(repeating: ".map(x, [x, x])", count: 50)

        #expect(evaluate("['abcdefgh']" + double) == "limitExceeded")
        #expect(evaluate("[[1, 2]]" + double) == "limitExceeded")
        #expect(evaluate("[1]" + pair) == "limitExceeded")
        #expect(evaluate("[1]\(pair) == [1]\(pair)") == "limitExceeded")
    }

    @Test("a pattern over 1 KiB is refused, and costly matches count as steps")
    func patterns() {
        let long = String(repeating: "a", count: 1025)
        let text = Bindings(["t": .string(String(repeating: "a", count: 100_000))])

        #expect(evaluate("'a'.matches('\(long)')") == "limitExceeded")
        #expect(
            evaluate("'a'.matches('ab')", limits: ExpressionLimits(patternBytes: 1))
                == "limitExceeded"
        )
        #expect(evaluate("t.matches('^(a+)+$')", text) == "true")
        #expect(evaluate("t.matches('(a?){500}b')", text) == "limitExceeded")
    }
}
