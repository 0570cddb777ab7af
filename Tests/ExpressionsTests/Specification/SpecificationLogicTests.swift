// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

/// Errors, and the operators that know how to live with them.
@Suite("Specification: errors and logic")
struct SpecificationLogicTests {
    @Test(
        "every kind of error can be told apart",
        arguments: [
            ("1 +", "syntax"), ("x", "unknownIdentifier"), ("f(1)", "unknownFunction"),
            ("1 + 'a'", "noMatchingOverload"), ("{}.a", "noSuchField"), ("{}['a']", "noSuchField"),
            ("1 / 0", "divideByZero"), ("9223372036854775807 + 1", "overflow"),
            ("[][0]", "indexOutOfRange"), ("int('x')", "badConversion"),
            ("{1: 1, 1: 1}", "duplicateKey"),
            ("'a'.matches('(')", "badPattern"), ("timestamp(0).getHours('?')", "unknownTimeZone"),
            ("a?.b", "unsupported"),
        ] as [Row]
    )
    func kinds(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "an error passes through every other operator and function",
        arguments: [
            "!e", "-e", "e + 1", "1 + e", "e * 2", "e % 2", "e == e", "e != 1", "e < 1", "1 >= e",
            "e in [1]", "1 in e", "1 in [1, e]", "[e]", "{'a': e}", "{e: 1}", "e.a", "e[0]",
            "[1][e]",
            "size(e)", "e.size()", "'a'.contains(e)", "string(e)", "type(e)", "dyn(e)", "has(e.a)",
            "e ? 1 : 2", "true ? e : 2", "e.map(x, x)", "[1].map(x, e)", "[e].exists(x, true)",
            "(e)", "!(e && true)", "[[e]][0][0]", "timestamp(e)",
        ]
    )
    func propagation(source: String) {
        #expect(evaluate(source) == "unknownIdentifier", "\(source)")
        #expect(evaluate(source.replacing("e", in: "1 / 0")) == "divideByZero", "\(source)")
    }

    private static let operands =
        [("true", true), ("false", false), ("1 / 0 > 0", nil), ("'x'", nil)]
        as [(String, Bool?)]

    @Test("and and or take errors, and what is no truth value, from either side")
    func truthTable() {
        for (left, first) in Self.operands {
            for (right, second) in Self.operands {
                let both: Bool? =
                    first == false || second == false
                    ? false : (first == true && second == true ? true : nil)
                let either: Bool? =
                    first == true || second == true
                    ? true : (first == false && second == false ? false : nil)
                let conjunction = evaluate("\(left) && \(right)")
                let disjunction = evaluate("\(left) || \(right)")
                #expect((conjunction == "true") == (both == true), "\(left) && \(right)")
                #expect((conjunction == "false") == (both == false), "\(left) && \(right)")
                #expect((disjunction == "true") == (either == true), "\(left) || \(right)")
                #expect((disjunction == "false") == (either == false), "\(left) || \(right)")
            }
        }
    }

    @Test(
        "a long chain of and or or behaves as its pairs do",
        arguments: [
            ("1 / 0 > 0 && x && 'a' && false", "false"), ("1 / 0 > 0 && true && x", "divideByZero"),
            ("x || 1 / 0 > 0 || true", "true"), ("x || false || 1 / 0 > 0", "unknownIdentifier"),
            ("(1 / 0 > 0 || true) && (x && false || true)", "true"),
            ("(1 / 0 > 0 && false) || 'x' || false", "noMatchingOverload"),
        ] as [Row]
    )
    func chains(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "what is no truth value is like an error",
        arguments: [
            ("1 && true", "noMatchingOverload"), ("1 && false", "false"), ("false && 1", "false"),
            ("null || true", "true"), ("true || null", "true"),
            ("[] || false", "noMatchingOverload"),
            ("1 && 1", "noMatchingOverload"), ("'true' || false", "noMatchingOverload"),
            ("!1", "noMatchingOverload"), ("!null", "noMatchingOverload"),
            ("!!'a'", "noMatchingOverload"),
        ] as [Row]
    )
    func others(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "a conditional looks only at the branch it takes, and that forces an order",
        arguments: [
            ("true ? 1 : 1 / 0", "1"), ("false ? 1 / 0 : 2", "2"),
            ("true ? 1 / 0 : 2", "divideByZero"),
            ("1 / 0 > 0 ? 1 : 2", "divideByZero"), ("x ? 1 : 2", "unknownIdentifier"),
            ("1 ? 1 : 2", "noMatchingOverload"), ("null ? 1 : 2", "noMatchingOverload"),
            ("'true' ? 1 : 2", "noMatchingOverload"), ("true ? 1 : 'a'", "1"),
            ("false ? 1 / 0 > 0 : false", "false"), ("true ? true : 1 / 0 > 0", "true"),
            ("1 / 0 > 0 ? false : false", "divideByZero"), ("1 / 0 > 0 && false", "false"),
            ("1 / 0 > 0 ? true : true", "divideByZero"), ("1 / 0 > 0 || true", "true"),
        ] as [Row]
    )
    func conditional(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "a name without a value is an error that may be absorbed",
        arguments: [
            ("x", "unknownIdentifier"), ("x.y.z", "unknownIdentifier"),
            ("x > 1", "unknownIdentifier"),
            ("x > 1 || true", "true"), ("x > 1 && false", "false"),
            ("x > 1 || false", "unknownIdentifier"),
            ("true || x", "true"), ("has(x.y)", "unknownIdentifier"), ("has(x.y) || true", "true"),
            ("[1, 2].exists(i, i == 2 || x)", "true"), ("[1].all(i, x)", "unknownIdentifier"),
        ] as [Row]
    )
    func unbound(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "nothing catches an error and nothing raises one",
        arguments: ["try", "catch", "error", "raise"]
    )
    func handlers(name: String) {
        #expect(evaluate("\(name)(1 / 0)") == "divideByZero")
        #expect(evaluate("\(name)('x')") == "unknownFunction")
    }

    @Test("an error names the line and the column of the operator at fault")
    func places() {
        #expect(failure("1 + 2 * 'a'").hasPrefix("line 1, column 7: "))
        #expect(failure("[1,\n 2, x]").hasPrefix("line 2, column 5: "))
        #expect(failure("'é☃😀' + 1").hasPrefix("line 1, column 7: "))
        #expect(failure("{'a': 1}.b").hasPrefix("line 1, column 10: "))
    }
}

extension String {
    /// The text with a one-letter name replaced wherever it stands alone.
    fileprivate func replacing(_ name: Character, in replacement: String) -> String {
        var result = ""
        var previous: Character = " "
        for (place, letter) in zip(indices, self) {
            let next = self[index(after: place)...].first ?? " "
            let standsAlone = !previous.isLetter && !next.isLetter && previous != "."
            result += letter == name && standsAlone ? "(\(replacement))" : String(letter)
            previous = letter
        }
        return result
    }
}
