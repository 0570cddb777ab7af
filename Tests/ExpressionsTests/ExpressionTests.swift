// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

@Suite("Expressions")
struct ExpressionTests {
    @Test(
        "an error says where and what to write",
        arguments: [
            ("a = 1", "line 1, column 3: '=' is not an operator; write '==' to compare"),
            ("a & b", "line 1, column 3: '&' is not an operator; write '&&'"),
            ("a | b", "line 1, column 3: '|' is not an operator; write '||'"),
            (
                "a and b",
                "line 1, column 3: expected an operator or the end, found 'and'; write '&&' for and"
            ),
            (
                "a or b",
                "line 1, column 3: expected an operator or the end, found 'or'; write '||' for or"
            ),
            (
                "not a",
                "line 1, column 5: expected an operator or the end, found 'a'; write '!' for not"
            ),
            ("{}.sharpe", "line 1, column 4: no such field 'sharpe'"),
            ("1 +\n  nope", "line 2, column 3: unknown name 'nope'; there are none"),
            ("'é' + 1", "line 1, column 5: no matching overload for string + int"),
            (
                "1 * 0.5",
                "line 1, column 3: no matching overload for int * double; "
                    + "write double(n) for the integer"
            ),
            (
                "'1.6' > 1.5",
                "line 1, column 7: no matching overload for string > double; "
                    + "write double(s) for the number in the string"
            ),
            (
                "1 < 2 < 3",
                "line 1, column 7: no matching overload for bool < int; "
                    + "write 'a < x && x < b' for a range"
            ),
            (
                "1.",
                "line 1, column 3: expected a field name after '.', found the end; "
                    + "write 1.0 for a double"
            ),
            (
                "10% < 5",
                "line 1, column 5: expected an operand, found '<'; "
                    + "'%' is the remainder, write 0.1 for ten percent"
            ),
            ("(1", "line 1, column 3: expected ')', found the end"),
        ] as [(String, String)]
    )
    func errorText(source: String, expected: String) {
        #expect(failure(source) == expected)
    }

    @Test("an unknown name suggests the nearest bound one")
    func suggestion() {
        #expect(
            failure("sharp > 1", ["sharpe": .double(1), "trades": .int(2)])
                == "line 1, column 1: unknown name 'sharp'; did you mean 'sharpe'?"
        )
    }

    @Test("the names an expression reads are listed without macro variables and types")
    func names() throws {
        let expression = try Expression(
            parsing: "trades.all(t, t.pnl > limits.loss && int(t.n) in ok) && has(account.drawdown)"
                + " && type(x) == int && [1].map(x, x.y).size() == f(z[0].w)"
        )

        #expect(expression.identifiers == ["account", "limits", "ok", "trades", "x", "z"])
        #expect(expression.fieldPaths == ["account.drawdown", "limits.loss"])
        #expect(expression.functions == ["f", "int", "size", "type"])
        #expect(expression.description == expression.source)
    }

    @Test("expressions are equal when their texts are")
    func equality() throws {
        let expression = try Expression(parsing: "a + 1")

        #expect(try expression == Expression(parsing: "a + 1"))
        #expect(try expression != Expression(parsing: "a+1"))
        #expect(try Set([expression, Expression(parsing: "a + 1")]).count == 1)
    }

    @Test("only the value true holds")
    func outcome() throws {
        let rule = try Expression(parsing: "metric > 1.5")

        #expect(rule.outcome(in: ["metric": .double(2)]) == .holds)
        #expect(rule.outcome(in: ["metric": .int(1)]) == .fails)
        #expect(rule.outcome(in: ["metric": .double(.nan)]) == .fails)
        #expect(!rule.outcome(in: [:]).holds)
        #expect(
            try Expression(parsing: "metric").outcome(in: ["metric": .int(1)])
                == .notBoolean(.int(1))
        )
    }

    @Test("bindings win over type names, and later bindings over earlier ones")
    func bindings() {
        let merged = (["a": .int(1), "b": .int(2)] as Bindings).merging(["b": .int(3)])

        #expect(evaluate("type == 'x'", ["type": .string("x")]) == "true")
        #expect(evaluate("[a, b]", merged) == "[1, 3]")
        #expect(merged.names == ["a", "b"])
    }

    @Test("maps keep their order and find equal numbers")
    func maps() {
        var map: ValueMap = ["b": .int(1), "a": .int(2)]
        map["c"] = .null
        map["b"] = nil

        #expect(map.description == "{\"a\": 2, \"c\": null}")
        #expect(map["c"] == .null)
        #expect(ValueMap(uniqueKeysWithValues: [(.int(1), .null), (.uint(1), .null)]) == nil)
        #expect(ValueMap(uniqueKeysWithValues: [(.double(1), .null)]) == nil)
        #expect(["x": .int(1), "y": .null] as ValueMap == ["y": .null, "x": .int(1)])
        #expect(["x": .int(1)] as ValueMap != ["x": .double(1)])
    }

    @Test("values give their content to the host")
    func accessors() {
        #expect(Value.uint(2).asDouble == 2)
        #expect(Value.int(-2).asDouble == -2)
        #expect(Value.string("2").asDouble == nil)
        #expect(Value.bool(true).asBool == true)
        #expect(Value.string("a").asString == "a")
        #expect(Value.null.asString == nil)
        #expect(Value.int(1).equals(.double(1)))
        #expect(Value.int(1) != .double(1))
    }
}
