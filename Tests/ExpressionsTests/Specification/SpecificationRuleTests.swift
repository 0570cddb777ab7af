// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

/// The language as the predicates of a desk use it, and what is left out of it.
@Suite("Specification: rules")
struct SpecificationRuleTests {
    private static let json = #"""
        {"sharpe": 1.7, "max_drawdown": 0.05, "metrics": {"sharpe": 1.7, "text": "1.6"}, "n": 4,
         "trades": [{"pnl": -1.5, "symbol": "SPY"}, {"pnl": 2, "symbol": "QQQ"}],
         "allowed": ["SPY", "QQQ"], "positions": [{"qty": 2.0, "price": 10.5}],
         "limits": {"gross": 100}, "now": {"timestamp": "2024-03-04T15:00:00Z"},
         "last_run": {"timestamp": "2024-03-04T14:50:00Z"}, "bar": {"ts": "2024-03-04T15:00:00Z"}}
        """#

    private func bindings() throws -> Bindings { try Bindings(json: Array(Self.json.utf8)) }

    @Test(
        "the shapes in which rules are written have their values",
        arguments: [
            ("sharpe > 1.5 && max_drawdown < 0.10", "true"),
            ("has(metrics.sharpe) && metrics.sharpe >= 1.5", "true"),
            ("has(metrics.sortino) && metrics.sortino >= 1.5", "false"),
            ("trades.filter(t, t.pnl < 0).size() <= 3", "true"),
            ("trades.all(t, t.symbol in allowed)", "true"),
            ("positions.exists(p, p.qty * p.price > double(limits.gross))", "false"),
            ("positions.exists(p, p.qty * p.price > limits.gross)", "false"),
            ("now - last_run > duration('5m')", "true"),
            ("timestamp(bar.ts).getDayOfWeek('-05:00') in [1, 2, 3, 4, 5]", "true"),
        ] as [Row]
    )
    func shapes(row: Row) throws {
        #expect(evaluate(row.source, try bindings()) == row.result, "\(row.source)")
        #expect(
            try Expression(parsing: row.source).outcome(in: bindings()).holds
                == (row.result == "true")
        )
    }

    @Test(
        "only the value true holds, and the reason why not is kept",
        arguments: [
            "sharpe", "n", "'true'", "null", "[true]", "sortino > 1.0", "metrics.sortino > 1.0",
            "n + 0.5 > 1.0", "1 / 0 > 0", "double('NaN') > 1.0", "double('NaN') == sharpe",
            "sharpe > 2.0",
        ]
    )
    func holding(source: String) throws {
        let outcome = try Expression(parsing: source).outcome(in: bindings())

        #expect(!outcome.holds)
        switch outcome {
        case .holds: Issue.record("it holds")
        case .fails: #expect(evaluate(source, try bindings()) == "false")
        case .notBoolean(let value): #expect(evaluate(source, try bindings()) == value.description)
        case .error(let error): #expect(failure(source, try bindings()) == error.description)
        }
    }

    @Test("an error of a rule that blocks is no quiet false, so that it can be taken as blocked")
    func blocking() throws {
        let rule = try Expression(parsing: "drawdown > 0.1")
        let outcomes = [
            rule.outcome(in: ["drawdown": .double(0.2)]),
            rule.outcome(in: ["drawdown": .double(0)]),
            rule.outcome(in: [:]),
        ]

        #expect(outcomes[0] == .holds)
        #expect(outcomes[1] == .fails)
        #expect(outcomes[2] != .fails && outcomes[2] != .holds)
    }

    @Test("the names and fields a rule reads are listed")
    func identifiers() throws {
        let rule = try Expression(
            parsing: "trades.all(t, t.pnl > -limits.loss) && metrics.sharpe > floor && size(x) > 1"
        )

        #expect(rule.identifiers == ["floor", "limits", "metrics", "trades", "x"])
        #expect(rule.fieldPaths == ["limits.loss", "metrics.sharpe"])
    }

    @Test("a rule's fault is found where it is read, with line and column")
    func reading() throws {
        let types: [String: ValueType] = ["sharpe": .double, "metrics": .map(.string, .dyn)]

        #expect(try Expression(parsing: "sharpe > 1.5").check(types) == .bool)
        for (source, place) in [
            ("sharpe >\n  1.5 and", (2, 7)), ("sharpe >\n  sharp", (2, 3)),
            ("sharpe + 1 > 0.5", (1, 8)),
            ("sharpe > '1.5'", (1, 8)), ("has(metric.sharpe)", (1, 5)),
        ] {
            let error = #expect(throws: ExpressionError.self) {
                try Expression(parsing: source).check(types)
            }
            #expect(error?.line == place.0 && error?.column == place.1, "\(source): \(error)")
        }
    }

    @Test(
        "a frequent slip is shown with its place and what to write instead",
        arguments: [
            ("sharpe = 1.5", 8, "'=='"), ("sharpe > 1.5 and n > 3", 14, "'&&'"),
            ("sharpe > 1.5 or n > 3", 14, "'||'"), ("not (n > 3)", 1, "'!'"), ("not n", 5, "'!'"),
            ("n > 3 | n < 1", 7, "'||'"), ("n > 3 & n < 9", 7, "'&&'"), ("1 < n < 9", 7, "x < b"),
            ("max_drawdown < 10%", 19, "0.1"), ("n * 0.5 > 1.0", 3, "double(n)"),
            ("n > 3u + 1", 8, "uint(n)"), ("metrics.text > 1.5", 14, "double(s)"),
            ("sharp > 1.5", 1, "'sharpe'"),
            ("sharpe > 1.", 12, "1.0"), ("SHARPE > 1.5", 1, "'sharpe'"),
            ("metrics.sharp > 1.0", 9, "sharp"),
        ] as [(String, Int, String)]
    )
    func slips(source: String, column: Int, hint: String) throws {
        let message = failure(source, try bindings())

        #expect(message.hasPrefix("line 1, column \(column): "), "\(message)")
        #expect(message.contains(hint), "\(message)")
    }

    @Test(
        "fractions may lack their zero, and NaN is found by comparing a value with itself",
        arguments: [
            (".5 == 0.5", "true"), ("sharpe > .5", "true"), ("x != x", "true"),
            ("sharpe != sharpe", "false"),
            ("double('NaN') == x", "false"), ("NaN == x", "unknownIdentifier"),
        ] as [Row]
    )
    func numbers(row: Row) throws {
        let bindings = try bindings().merging(["x": .double(.nan)])

        #expect(evaluate(row.source, bindings) == row.result, "\(row.source)")
    }

    @Test(
        "what is left out is refused in words that name it",
        arguments: [
            ("a?.b", "optional"), ("a[?0]", "optional"), ("[?a]", "optional"),
            ("{?'a': b}", "optional"),
            ("Trade{pnl: 1}", "map"), ("a.b.Trade{}", "map"),
            ("math.greatest(1, 2)", "math.greatest"),
            ("optional.of(1)", "optional.of"), ("cel.bind(x, 1, x)", "cel.bind"),
            ("strings.quote('a')", "strings.quote"),
            ("base64.encode(b'a')", "base64.encode"), ("lists.range(3)", "lists.range"),
            ("sets.intersects([1], [1])", "sets.intersects"),
            ("regex.replace('a', 'b', 'c')", "regex.replace"),
            ("proto.getExt(a, b)", "proto.getExt"), ("net.ip('::1')", "net.ip"),
        ] as [(String, String)]
    )
    func leftOut(source: String, words: String) {
        #expect(failure(source).contains(words), "\(failure(source))")
        #expect(evaluate(source, ["a": .map([:]), "b": .int(1)]) == "unsupported", "\(source)")
    }

    @Test("functions of extension libraries are unknown by name")
    func extensions() {
        for method in [
            "charAt", "format", "lowerAscii", "replace", "split", "sort", "flatten", "orValue",
        ] {
            #expect(failure("'a'.\(method)()").contains("unknown method '\(method)'"))
        }
        for function in ["ip", "cidr", "isIP", "has_ext"] {
            #expect(failure("\(function)('a')").contains("unknown function '\(function)'"))
        }
    }
}
