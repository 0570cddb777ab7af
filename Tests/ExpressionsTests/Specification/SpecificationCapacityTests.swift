// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

/// How large an expression may be at least, and where it is stopped.
@Suite("Specification: capacity and cost")
struct SpecificationCapacityTests {
    /// A text so many times over.
    private static func times(_ count: Int, _ text: String) -> String {
        String(repeating: text, count: count)
    }

    private static let chains: [String] = [
        times(31, "false || ") + "true", times(31, "true && ") + "true",
        "[\(times(31, "1, "))1].size() == 32", "1\(times(24, " + 1")) == 25",
        "25\(times(24, " - 1")) == 1", "1\(times(24, " * 1")) == 1", "1\(times(24, " / 1")) == 1",
        "1\(times(24, " % 2")) == 1", times(24, "false ? 1 : ") + "2 == 2",
        "true\(times(24, " == true"))", "false\(times(24, " != false")) == false",
    ]
    private static let nests: [String] = [
        "\(times(12, "int("))1\(times(12, ")")) == 1", "1\(times(12, ".f"))",
        "{'f': \(times(11, "{'f': "))1\(times(12, "}"))\(times(12, ".f")) == 1",
        "\(times(12, "["))1\(times(12, "]"))\(times(12, "[0]")) == 1",
        "\(times(12, "{0: "))1\(times(12, "}"))\(times(12, "[0]")) == 1",
        "\(times(12, "("))true\(times(12, ")"))", "'a'\(times(12, ".size()"))",
    ]

    @Test("every chain that must be taken is taken", arguments: chains)
    func chain(source: String) {
        #expect(evaluate(source) == "true", "\(source)")
    }

    @Test("every nesting that must be taken is taken", arguments: nests)
    func nesting(source: String) {
        #expect(["true", "noMatchingOverload"].contains(evaluate(source)), "\(source)")
    }

    @Test("thirty-two arguments and thirty-two entries are taken")
    func members() throws {
        let names = (0..<32).map { "a\($0)" }
        let entries = names.map { "'\($0)': 1" }.joined(separator: ", ")

        let call = try Expression(parsing: "f(\(names.joined(separator: ", ")))")

        #expect(call.identifiers == names.sorted())
        #expect(evaluate("{\(entries)}.size()") == "32")
    }

    @Test("iterating macros multiply their work, and so may stand only four deep")
    func macros() {
        let list = Bindings(["l": .list((0..<8).map { .int($0) })])
        let four = "l.all(a, l.all(b, l.all(c, l.all(d, a + b + c + d >= 0))))"

        #expect(evaluate(four, list) == "true")
        #expect(evaluate("l.all(z, \(four))", list) == "limitExceeded")
        #expect(evaluate("\(four) && \(four)", list) == "true")
        #expect(evaluate("l.map(a, a).map(b, b).map(c, c).map(d, d).map(e, e).size()", list) == "8")
    }

    @Test("the work of an evaluation is bounded, and growth counts as work")
    func budget() {
        let hundred = Bindings(["l": .list((0..<100).map { .int($0) }), "s": .string("abcdefgh")])
        let doubling = Self.times(40, ".map(x, x + x)")

        #expect(evaluate("l.all(a, l.all(b, a + b >= 0))", hundred) == "true")
        #expect(
            evaluate("l.all(a, l.all(b, l.all(c, a + b + c >= 0)))", hundred) == "limitExceeded"
        )
        #expect(evaluate("[s]\(doubling)", hundred) == "limitExceeded")
        #expect(evaluate("[[1]]\(doubling)") == "limitExceeded")
        #expect(evaluate("true || [s]\(doubling).size() > 0", hundred) == "true")
        #expect(evaluate("[s]\(doubling).size() > 0 || true", hundred) == "limitExceeded")
    }

    @Test("a long key counts wherever it is looked up, and a long text wherever it is kept")
    func keys() {
        let key = Value.string(Self.times(10_000, "k"))
        let bindings: Bindings = [
            "k": key, "m": .map(ValueMap(uniqueKeysWithValues: [(key, .int(1))]) ?? [:]),
            "l": .list((0..<5000).map { .int($0) }),
        ]
        let sources = [
            "l.all(x, m[k] == 1)", "l.all(x, k in m)", "l.all(x, {k: 1} != {})",
            "l.all(x, m == m)", "l.all(x, m.transformMap(a, b, b) != {})",
            "l.exists(x, timestamp(0).getHours(k) > 1)", "l.exists(x, m[k + k] == 1)",
        ]

        for source in sources {
            #expect(evaluate(source, bindings) == "limitExceeded", "\(source)")
        }
        #expect(evaluate("l.map(x, k)", bindings) == "limitExceeded")
        #expect(evaluate("l.map(x, k).size()", bindings) == "5000")
        #expect(evaluate("m[k] == 1 && k in m", bindings) == "true")
    }

    @Test("a name without a value costs little, however many names there are")
    func hints() {
        let names = (0..<20_000).map { ("name\($0)", Value.int(1)) }
        let bindings = Bindings(Dictionary(uniqueKeysWithValues: names))
            .merging(["l": .list((0..<10_000).map { .int($0) })])

        #expect(evaluate("l.exists(x, x == 9999 || nobody)", bindings) == "true")
        #expect(failure("l.exists(x, nobody)", bindings).hasPrefix("line 1, column 13: unknown"))
    }

    @Test("an expression has at most eight thousand octets, and sixty-four levels")
    func text() {
        #expect(evaluate("1" + Self.times(8191, " ")) == "1")
        #expect(evaluate("1" + Self.times(8192, " ")) == "limitExceeded")
        #expect(evaluate("\(Self.times(63, "("))1\(Self.times(63, ")"))") == "1")
        #expect(evaluate("\(Self.times(64, "("))1\(Self.times(64, ")"))") == "limitExceeded")
        #expect(evaluate(Self.times(8000, "(")) == "limitExceeded")
    }

    @Test("a pattern has at most a thousand octets, and matching is linear in the text")
    func patterns() {
        let text = Bindings(["t": .string(Self.times(100_000, "a"))])
        let pattern = Self.times(1024, "b")

        #expect(evaluate("t.matches('\(pattern)')", text) == "false")
        #expect(evaluate("t.matches('\(pattern)b')", text) == "limitExceeded")
        #expect(evaluate("t.matches('^(a|a)*$')", text) == "true")
        #expect(evaluate("t.matches('(a*)*b')", text) == "false")
        #expect(
            evaluate(
                "t.size() > 0 && l.exists(x, t.matches('\(pattern.dropLast(6))' + string(x)))",
                text.merging(["l": .list((0..<1000).map { .int($0) })])
            ) == "limitExceeded"
        )
    }

    @Test("a caller may set every limit")
    func settings() {
        let deep = ExpressionLimits(nestingDepth: 3)
        let short = ExpressionLimits(sourceBytes: 5)
        let flat = ExpressionLimits(macroNesting: 1)
        let brief = ExpressionLimits(evaluationSteps: 10)
        let plain = ExpressionLimits(patternBytes: 2)

        #expect(evaluate("[[1]]", limits: deep) == "[[1]]")
        #expect(evaluate("[[[[1]]]]", limits: deep) == "limitExceeded")
        #expect(evaluate("1 + 1", limits: short) == "2")
        #expect(evaluate("1 + 1 ", limits: short) == "limitExceeded")
        #expect(evaluate("[1].map(a, [a].map(b, b))", limits: flat) == "limitExceeded")
        #expect(evaluate("[1, 2].map(a, a + a + a + a)", limits: brief) == "limitExceeded")
        #expect(evaluate("'a'.matches('abc')", limits: plain) == "limitExceeded")
    }
}
