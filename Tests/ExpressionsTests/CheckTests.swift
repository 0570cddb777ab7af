// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

@Suite("Type check")
struct CheckTests {
    private static let names: [String: ValueType] = [
        "i": .int, "u": .uint, "d": .double, "s": .string, "b": .bool, "y": .bytes,
        "t": .timestamp, "p": .duration, "any": .dyn, "nil": .null, "ints": .list(.int),
        "texts": .list(.string), "prices": .map(.string, .double), "byNumber": .map(.int, .string),
        "context.gap": .string, "context.depth.bid": .double, "trades": .list(.map(.string, .dyn)),
    ]

    /// The type of an expression, or the code of its error.
    private func check(_ source: String) -> String {
        do throws(ExpressionError) {
            let expression = try Expression(parsing: source)
            return try expression.check(Self.names, functions: ["sma": .double]).description
        } catch {
            return error.code.rawValue
        }
    }

    private func message(_ source: String) -> String {
        do throws(ExpressionError) {
            try Expression(parsing: source).check(Self.names)
            return ""
        } catch {
            return error.description
        }
    }

    @Test(
        "literals and collections have their types",
        arguments: [
            ("true", "bool"), ("42", "int"), ("42u", "uint"), ("0.1", "double"), ("'a'", "string"),
            ("b'a'", "bytes"), ("null", "null_type"), ("int", "type"), ("[1]", "list(int)"),
            ("[i]", "list(int)"), ("[]", "list(dyn)"), ("[1, 'a']", "list(dyn)"),
            ("[i, d]", "list(dyn)"),
            ("{'abc': 123}", "map(string, int)"), ("{}", "map(dyn, dyn)"),
            ("{s: d}", "map(string, double)"),
            ("[[], [[]], [[[]]]]", "list(list(list(list(dyn))))"), ("[[i], []]", "list(list(int))"),
            ("[any, 1]", "list(dyn)"), ("google.protobuf.Duration", "type"),
            ("[{}, prices]", "list(map(string, double))"),
            ("{d: 1}", "noMatchingOverload"), ("{ints: 1}", "noMatchingOverload"),
            ("{any: 1}", "map(dyn, int)"),
        ] as [Row]
    )
    func literals(row: Row) {
        #expect(check(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "arithmetic keeps to one type",
        arguments: [
            ("i + 1", "int"), ("u * 2u", "uint"), ("d / 2.0", "double"), ("i % 2", "int"),
            ("s + 'x'", "string"), ("y + b'x'", "bytes"), ("ints + [1]", "list(int)"),
            ("ints + texts", "list(dyn)"), ("ints + any", "list(dyn)"), ("any + ints", "list(dyn)"),
            ("t + p", "timestamp"), ("p + t", "timestamp"), ("p + p", "duration"),
            ("t - t", "duration"),
            ("t - p", "timestamp"), ("p - p", "duration"), ("any + 1", "int"),
            ("d * any", "double"),
            ("any - any", "dyn"), ("t - any", "dyn"), ("any - t", "duration"), ("any - p", "dyn"),
            ("t + any", "timestamp"), ("any + t", "timestamp"), ("p + any", "dyn"),
            ("any + p", "dyn"),
            ("-i", "int"), ("-d", "double"), ("-any", "dyn"), ("i + d", "noMatchingOverload"),
            ("i + u", "noMatchingOverload"), ("d % 2.0", "noMatchingOverload"),
            ("s * 2", "noMatchingOverload"),
            ("any * s", "noMatchingOverload"), ("any % d", "noMatchingOverload"),
            ("-u", "noMatchingOverload"),
            ("-s", "noMatchingOverload"), ("p - t", "noMatchingOverload"),
            ("t + t", "noMatchingOverload"),
            ("b + b", "noMatchingOverload"), ("nil + 1", "noMatchingOverload"),
            ("prices + prices", "noMatchingOverload"),
        ] as [Row]
    )
    func arithmetic(row: Row) {
        #expect(check(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "what can be compared is compared",
        arguments: [
            ("i == d", "bool"), ("u != 1", "bool"), ("s == 'a'", "bool"), ("s == null", "bool"),
            ("any == s", "bool"), ("ints == [1.0]", "bool"), ("ints == []", "bool"),
            ("i < d", "bool"),
            ("t >= t", "bool"), ("b < true", "bool"), ("any < s", "bool"), ("s > any", "bool"),
            ("any < any", "bool"),
            ("1 in ints", "bool"), ("1.0 in ints", "bool"), ("s in prices", "bool"),
            ("s in any", "bool"),
            ("any in texts", "bool"), ("i == s", "noMatchingOverload"),
            ("ints == texts", "noMatchingOverload"),
            ("t == p", "noMatchingOverload"), ("ints == prices", "noMatchingOverload"),
            ("s < i", "noMatchingOverload"),
            ("ints < ints", "noMatchingOverload"), ("any < ints", "noMatchingOverload"),
            ("nil < any", "noMatchingOverload"),
            ("s in ints", "noMatchingOverload"), ("i in prices", "noMatchingOverload"),
            ("i in i", "noMatchingOverload"),
            ("1 < i < 5", "noMatchingOverload"), ("prices == {1: 1.0}", "noMatchingOverload"),
            ("type(i) == int", "bool"),
        ] as [Row]
    )
    func comparisons(row: Row) {
        #expect(check(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "logic takes truth values and branches agree",
        arguments: [
            ("b && i > 1", "bool"), ("b || any", "bool"), ("!any", "bool"), ("b ? 1 : 2", "int"),
            ("b ? s : null", "dyn"), ("b ? null : null", "null_type"), ("any ? d : any", "dyn"),
            ("b ? [] : ints", "list(int)"), ("b ? 1 : b ? 2 : 3", "int"),
            ("i && b", "noMatchingOverload"),
            ("b || s", "noMatchingOverload"), ("!i", "noMatchingOverload"),
            ("i ? 1 : 2", "noMatchingOverload"),
            ("b ? 1 : 'a'", "noMatchingOverload"), ("b ? 1 : 2.0", "noMatchingOverload"),
        ] as [Row]
    )
    func logic(row: Row) {
        #expect(check(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "names, fields and indexes are looked up",
        arguments: [
            ("prices.SPY", "double"), ("prices['SPY']", "double"), ("has(prices.SPY)", "bool"),
            ("ints[0]", "int"), ("ints[1.0]", "int"), ("ints[any]", "int"),
            ("byNumber[1u]", "string"),
            ("any.x.y", "dyn"), ("any[0]", "dyn"), ("context.gap", "string"),
            ("context.depth.bid", "double"),
            ("context", "map(string, dyn)"), ("context.depth", "map(string, dyn)"),
            ("has(context.gap)", "bool"),
            ("[][0]", "dyn"), ("[].map(x, x)[0].foo", "dyn"), ("trades[0].pnl", "dyn"),
            ("nope", "unknownIdentifier"), ("context.gop", "unknownIdentifier"),
            ("context.depth.ask", "unknownIdentifier"),
            ("i.x", "noMatchingOverload"), ("byNumber.x", "noMatchingOverload"),
            ("has(s.x)", "noMatchingOverload"),
            ("ints['a']", "noMatchingOverload"), ("s[0]", "noMatchingOverload"),
            ("prices[1]", "noMatchingOverload"),
        ] as [Row]
    )
    func names(row: Row) {
        #expect(check(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "functions and methods take what evaluation takes",
        arguments: [
            ("size(s)", "int"), ("ints.size()", "int"), ("prices.size()", "int"),
            ("s.contains('a')", "bool"),
            ("matches(s, 'a')", "bool"), ("any.startsWith('a')", "bool"), ("int(d)", "int"),
            ("int(t)", "int"),
            ("uint(i)", "uint"), ("double(s)", "double"), ("bool(s)", "bool"),
            ("string(p)", "string"),
            ("bytes(s)", "bytes"), ("timestamp(i)", "timestamp"), ("duration(s)", "duration"),
            ("dyn(i)", "dyn"),
            ("type(i)", "type"), ("t.getHours()", "int"), ("t.getDate('UTC')", "int"),
            ("p.getSeconds()", "int"),
            ("any.getMonth()", "int"), ("sma(i, 3)", "double"), ("string(any)", "string"),
            ("size(i)", "noMatchingOverload"), ("size()", "noMatchingOverload"),
            ("s.contains(1)", "noMatchingOverload"),
            ("i.contains('a')", "noMatchingOverload"), ("int(b)", "noMatchingOverload"),
            ("uint(t)", "noMatchingOverload"),
            ("double(b)", "noMatchingOverload"), ("bool(i)", "noMatchingOverload"),
            ("string(ints)", "noMatchingOverload"),
            ("bytes(i)", "noMatchingOverload"), ("timestamp(d)", "noMatchingOverload"),
            ("duration(i)", "noMatchingOverload"),
            ("s.getHours()", "noMatchingOverload"), ("p.getDate()", "noMatchingOverload"),
            ("p.getHours('UTC')", "noMatchingOverload"),
            ("t.getHours(1)", "noMatchingOverload"), ("s.size(1)", "noMatchingOverload"),
            ("nope(1)", "unknownFunction"),
            ("s.nope()", "unknownFunction"), ("matches(i, 'a')", "noMatchingOverload"),
        ] as [Row]
    )
    func functions(row: Row) {
        #expect(check(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "macros give their variables the types of what they visit",
        arguments: [
            ("ints.all(x, x > 0)", "bool"), ("ints.filter(x, x > 0)", "list(int)"),
            ("ints.map(x, string(x))", "list(string)"),
            ("prices.map(k, prices[k])", "list(double)"),
            ("prices.filter(k, k != 'a')", "list(string)"),
            ("ints.exists_one(x, x == 1)", "bool"), ("any.map(x, x)", "list(dyn)"),
            ("texts.transformList(n, x, n)", "list(int)"),
            ("prices.transformMap(k, v, v > 1.0, k)", "map(string, string)"),
            ("trades.all(t, t.pnl < 0)", "bool"),
            ("ints.map(s, s + 1)", "list(int)"), ("ints.map(s, .s)", "list(string)"),
            ("ints.all(x, x)", "noMatchingOverload"),
            ("ints.map(x, x + 'a')", "noMatchingOverload"), ("i.map(x, x)", "noMatchingOverload"),
            ("ints.map(x, 1) == x", "unknownIdentifier"),
            ("texts.filter(x, x > 1)", "noMatchingOverload"),
            ("prices.all(k, v, v > 0.5 && k > 'a')", "bool"),
        ] as [Row]
    )
    func macros(row: Row) {
        #expect(check(row.source) == row.result, "\(row.source)")
    }

    @Test("an error says where, and what to write")
    func messages() {
        #expect(
            message("b && i * 0.5 > d")
                == "line 1, column 8: no matching overload for int * double; "
                + "write double(n) for the integer"
        )
        #expect(
            message("pricez.SPY")
                == "line 1, column 1: unknown name 'pricez'; did you mean 'prices'?"
        )
        #expect(
            message("context.gop == 'up'")
                == "line 1, column 9: unknown name 'context.gop'; did you mean 'context.gap'?"
        )
        #expect(message("any * s") == "line 1, column 5: no matching overload for dyn * string")
        #expect(message("ints.filter(x, s)").hasSuffix("filter() takes bool, not string"))
    }

    @Test(
        "a type is read as it is written",
        arguments: [
            "dyn", "null_type", "bool", "int", "uint", "double", "string", "bytes", "timestamp",
            "duration",
            "type", "list(int)", "map(string, list(double))", "map(dyn, dyn)",
            "list(list(list(bool)))",
        ]
    )
    func text(text: String) {
        #expect(ValueType(text)?.description == text)
    }

    @Test(
        "what is no type is nil",
        arguments: [
            "", "number", "list", "list()", "list(int", "list(int))", "map(int)",
            "map(double, int)",
            "int int(", "map(string, int, int)", String(repeating: "list(", count: 1000),
        ]
    )
    func noType(text: String) {
        #expect(ValueType(text) == nil)
    }
}
