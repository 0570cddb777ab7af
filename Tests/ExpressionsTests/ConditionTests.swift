// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

/// Whole columns of conditions, 64 rows a word, against one value at a time.
@Suite("Conditions on columns")
struct ConditionTests {
    /// Columns of small numbers, about every sixth of them missing.
    private struct Source: ColumnSource {
        let count: Int
        let columns: [String: [Double]]

        init(_ random: inout Walk, count: Int) {
            self.count = count
            var columns: [String: [Double]] = [:]
            for name in ["x", "y", "z"] {
                columns[name] = (0..<count).map { _ in
                    random.below(6) == 0 ? .nan : Double(random.below(4))
                }
            }
            self.columns = columns
        }

        func column(named name: String) -> Column? { columns[name].map { .numbers($0) } }

        /// The names that have a value at a row.
        func bindings(at row: Int) -> Bindings {
            Bindings(columns.compactMapValues { $0[row].isNaN ? nil : .double($0[row]) })
        }
    }

    /// A small generator of numbers.
    private struct Walk {
        var state: UInt64

        mutating func below(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
    }

    private static func condition(_ random: inout Walk, depth: Int) -> String {
        let numbers = ["x", "y", "z", "1.0", "2.0"]
        let signs = ["<", "<=", ">", ">=", "==", "!="]
        func number() -> String { numbers[Int(random.below(5))] }
        func sign() -> String { signs[Int(random.below(6))] }
        func part() -> String { condition(&random, depth: depth - 1) }
        switch depth == 0 ? 0 : random.below(7) {
        case 0: return "\(number()) \(sign()) \(number())"
        case 1: return "(\(part()) && \(part()))"
        case 2: return "(\(part()) || \(part()))"
        case 3: return "!(\(part()))"
        case 4: return "(\(part()) ? \(part()) : \(part()))"
        case 5: return "((\(part())) \(sign()) (\(part())))"
        default: return "(\(part()) && true || \(part()))"
        }
    }

    @Test("every row is what the values of the row give", arguments: 0..<40)
    func rows(_ seed: Int) throws {
        var random = Walk(state: UInt64(seed))
        let source = Source(&random, count: [1, 63, 64, 65, 200, 2049][seed % 6])

        for _ in 0..<5 {
            let text = Self.condition(&random, depth: 4)
            let expression = try Expression(parsing: text)
            guard case .booleans(let rows) = try expression.column(in: source) else {
                Issue.record("\(text) is no condition")
                continue
            }
            let expected: [Ternary] = (0..<source.count).map { row in
                switch expression.outcome(in: source.bindings(at: row)) {
                case .holds: .yes
                case .fails: .no
                default: .missing
                }
            }
            #expect(rows == expected, "\(text)")
        }
    }

    @Test("names stand for numbers and expressions, anew as often as needed")
    func workspace() throws {
        var random = Walk(state: 3)
        let source = Source(&random, count: 100)
        var workspace = ColumnWorkspace(source)
        let sum = try Expression(parsing: "x + y * k")
        let test = try Expression(parsing: "sum > bound && x < bound")

        for (factor, bound) in [(1.0, 2.0), (3.0, 2.0), (1.0, 2.0)] {
            workspace.bind(["k": factor, "bound": bound])
            try workspace.define("sum", as: sum)
            let condition = try #require(try workspace.condition(test))

            var found: [Bool] = []
            workspace.program([condition]).run(0..<100) { start, words, _ in
                for row in start..<100 {
                    found.append(words[row / 64] >> UInt64(row % 64) & 1 != 0)
                }
            }

            let (x, y) = (source.columns["x"] ?? [], source.columns["y"] ?? [])
            let expected = (0..<100).map { x[$0] + y[$0] * factor > bound && x[$0] < bound }
            #expect(found == expected)
        }
        #expect(try workspace.condition(sum) == nil)
        // Two products and two sums beside the two columns: equal parts are found again.
        #expect(workspace.byteCount == (2 + 4) * 100 * 8)
    }
}
