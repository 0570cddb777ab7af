// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

/// Four rows of a made-up market, with one gap.
private struct Rows: ColumnSource {
    let count = 4
    let columnNames = ["bar.high", "close", "open", "up"]
    let functionNames = ["shift", "short"]
    var calls = Calls()

    /// Counts the calls of functions.
    final class Calls: @unchecked Sendable {
        var count = 0
    }

    func column(named name: String) -> Column? {
        switch name {
        case "close": .numbers([1, 2, .nan, 4])
        case "open": .numbers([2, 2, 2, 2])
        case "bar.high": .numbers([3, 3, 3, 3])
        case "up": .booleans([.yes, .no, .missing, .yes])
        case "broken": .numbers([1])
        default: nil
        }
    }

    func apply(
        function name: String,
        to arguments: [ColumnArgument]
    ) throws(ExpressionError) -> Column? {
        calls.count += 1
        switch (name, arguments.first, arguments.dropFirst().first) {
        case ("shift", .column(let rows)?, .constant(.int(let distance))?):
            return .numbers(rows.map { $0 + Double(distance) })
        case ("short", _, _): return .numbers([])
        default: return nil
        }
    }
}

@Suite("Columns")
struct ColumnTests {
    /// The rows as text: numbers, y, n, and - for a missing value; or the code of the error.
    private func rows(_ source: String, _ columns: Rows = Rows()) -> String {
        do throws(ExpressionError) {
            let column = try Expression(parsing: source).column(in: columns)
            switch column {
            case .numbers(let rows):
                return rows.map { $0.isNaN ? "-" : "\($0)" }.joined(separator: " ")
            case .booleans(let rows):
                return rows.map { ["n", "-", "y"][Int($0.rawValue)] }.joined()
            }
        } catch {
            return error.code.rawValue
        }
    }

    @Test(
        "operators work row by row",
        arguments: [
            ("close + open", "3.0 4.0 - 6.0"), ("close - 1.0", "0.0 1.0 - 3.0"),
            ("2.0 * close", "2.0 4.0 - 8.0"), ("close / open", "0.5 1.0 - 2.0"),
            ("-close", "-1.0 -2.0 - -4.0"), ("--close", "1.0 2.0 - 4.0"),
            ("close > open", "nn-y"), ("close >= 2", "ny-y"), ("2u < close", "nn-y"),
            ("close == 2.0", "ny-n"), ("close != open", "yn-y"), ("close <= bar.high", "yy-n"),
            ("!up", "ny-n"), ("!!up", "yn-y"), ("up == true", "yn-y"), ("up < (close > 1)", "ny-n"),
            ("up ? close : open", "1.0 2.0 - 4.0"), ("up ? 1 : 0", "1.0 0.0 - 1.0"),
            ("up ? up : close > 0", "yy-y"), ("up ? 1.0 : close > 3 ? 2.0 : 3.0", "1.0 3.0 - 1.0"),
            ("shift(close, 2)", "3.0 4.0 - 6.0"), ("shift(up, 1)", "2.0 1.0 - 2.0"),
            ("1 + 2", "3.0 3.0 3.0 3.0"), ("1 < 2", "yyyy"), ("1.0 / 0.0", "- - - -"),
            ("close > [1, 2, 3].size()", "nn-y"), ("true ? close : nope", "1.0 2.0 - 4.0"),
            ("double('2') * close", "2.0 4.0 - 8.0"), ("!false && up", "yn-y"),
        ] as [(String, String)]
    )
    func operators(source: String, expected: String) {
        #expect(rows(source) == expected)
    }

    @Test(
        "a missing value is absorbed as an error would be",
        arguments: [
            ("up && close > 0", "yn-y"), ("up && false", "nnnn"), ("false && up", "nnnn"),
            ("up || true", "yyyy"), ("true || up", "yyyy"), ("up && open < 0", "nnnn"),
            ("open < 0 && up", "nnnn"), ("up || open > 0", "yyyy"), ("up || open < 0", "yn-y"),
            ("close / (open - 2.0)", "- - - -"), ("close * 1e308 * 1e308", "- - - -"),
            ("close == double('NaN')", "----"), ("close == close", "yy-y"),
        ] as [(String, String)]
    )
    func missing(source: String, expected: String) {
        #expect(rows(source) == expected)
    }

    @Test(
        "what columns cannot do is an error",
        arguments: [
            ("close + 20", "noMatchingOverload"), ("close * 2u", "noMatchingOverload"),
            ("close % open", "noMatchingOverload"), ("close && up", "noMatchingOverload"),
            ("close + up", "noMatchingOverload"), ("close == 'a'", "noMatchingOverload"),
            ("close == up", "noMatchingOverload"), ("-up", "noMatchingOverload"),
            ("!close", "noMatchingOverload"), ("up ? close : up", "noMatchingOverload"),
            ("close ? 1.0 : 2.0", "noMatchingOverload"), ("close in [1.0]", "noMatchingOverload"),
            ("'text'", "noMatchingOverload"), ("int(close)", "noMatchingOverload"),
            ("nope > 1.0", "unknownIdentifier"), ("sma(close, 3)", "unknownFunction"),
            ("close.size()", "unsupported"), ("[close]", "unsupported"), ("1 / 0", "divideByZero"),
            ("broken > 1.0", "columnMismatch"), ("short(close)", "columnMismatch"),
        ] as [(String, String)]
    )
    func errors(source: String, expected: String) {
        #expect(rows(source) == expected)
    }

    @Test("messages say what to write and what there is")
    func messages() {
        func message(_ source: String) -> String {
            do throws(ExpressionError) {
                _ = try Expression(parsing: source).column(in: Rows())
                return ""
            } catch {
                return error.description
            }
        }

        #expect(
            message("close + 20")
                == "line 1, column 7: no matching overload for double + int; "
                + "a series holds doubles, write 20.0"
        )
        #expect(message("clse > 1.0").hasSuffix("unknown series 'clse'; did you mean 'close'?"))
        #expect(message("volume > 1.0").hasSuffix("; there are bar.high, close, open, up"))
        #expect(message("shft(close, 1)").hasSuffix("did you mean 'shift'?"))
    }

    @Test("equal parts are evaluated once")
    func commonParts() {
        let columns = Rows()

        let result = rows("shift(close, 1) > 2.0 || shift(close,1) < shift( close, 1 )", columns)

        #expect(result == "ny-y")
        #expect(columns.calls.count == 1)
    }

    @Test("a source of plain columns knows no function")
    func plainSource() throws {
        struct Plain: ColumnSource {
            let count = 1
            func column(named name: String) -> Column? { .numbers([1]) }
        }

        #expect(throws: ExpressionError.self) {
            _ = try Expression(parsing: "f(x)").column(in: Plain())
        }
        #expect(try Expression(parsing: "x").column(in: Plain()) == .numbers([1]))
    }
}
