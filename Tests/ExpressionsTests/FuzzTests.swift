// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

/// Columns for whatever name a mutated expression reads.
private struct AnyColumns: ColumnSource {
    let count = 3
    let functionNames = ["f"]

    func column(named name: String) -> Column? {
        name.utf8.count % 2 == 0 ? .numbers([1, .nan, -3]) : .booleans([.no, .missing, .yes])
    }

    func apply(
        function name: String,
        to arguments: [ColumnArgument]
    ) throws(ExpressionError) -> Column? {
        .numbers([1, 2, 3])
    }
}

/// What the generated expressions read, and the types of it.
private enum World {
    static let record: Value = .map(["x": .int(-1), "n": .int(4), "a": .double(2)])
    static let bindings = Bindings([
        "sharpe": .double(2), "max_drawdown": .double(0.05), "m": record, "a": .double(1),
        "b": .double(0), "l": .list([record, record, .int(3)]), "c": .bool(true), "i": .int(1),
        "s": .string("abc"), "t": .timestamp(time), "p": .duration(TimeSpan(totalNanoseconds: 1)),
    ])
    static let types: [String: ValueType] = [
        "sharpe": .double, "max_drawdown": .double, "m": .map(.string, .dyn), "a": .double,
        "b": .double, "l": .list(.dyn), "c": .bool, "i": .int, "s": .string, "t": .timestamp,
        "p": .duration,
    ]

    private static var time: Timestamp {
        guard let time = Timestamp(seconds: 1_700_000_000) else {
            preconditionFailure("the time lies in this century")
        }
        return time
    }
}

@Suite("Fuzzing")
struct FuzzTests {
    @Test(
        "a hundred thousand made-up expressions have a value or an error with its place",
        arguments: [1, 2] as [UInt64]
    )
    func expressions(seed: UInt64) {
        var generator = SourceGenerator(seed: seed)
        var parsed = 0

        for _ in 0..<50_000 {
            let source = String(decoding: generator.source(), as: UTF8.self)
            do throws(ExpressionError) {
                let expression = try Expression(parsing: source)
                parsed += 1
                if case .error(let error) = expression.outcome(in: World.bindings) {
                    #expect(error.line >= 1 && error.column >= 1, "\(source)")
                }
                _ = try expression.column(in: AnyColumns())
            } catch {
                if error.line < 1 || error.column < 1 { Issue.record("no place for \(source)") }
            }
        }

        #expect(parsed > 20_000)
    }

    @Test("a value is of the type that the check found, and can be written and read back")
    func values() throws {
        var generator = SourceGenerator(seed: 3)
        var checked = 0

        for _ in 0..<20_000 {
            let source = String(decoding: generator.source(), as: UTF8.self)
            // Only what parses and has a value is of interest here.
            guard let expression = try? Expression(parsing: source),
                let value = try? expression.value(in: World.bindings)
            else { continue }
            try expectRoundTrip(value, source)
            guard let type = try? expression.check(World.types), type != .dyn else { continue }
            checked += 1
            let name = type.description.prefix { $0 != "(" }
            let found = value.typeName.split(separator: ".").last ?? ""
            #expect(found.lowercased() == name, "\(source) is \(value), of type \(type)")
        }

        #expect(checked > 500)
    }

    private func expectRoundTrip(_ value: Value, _ source: String) throws {
        var json = Array(#"{"x":"#.utf8)
        value.appendTagged(to: &json)
        json += "}".utf8

        let back = try Bindings(json: json)["x"]

        // The text tells types apart and shows what is not a number.
        #expect(back?.description == value.description, "\(source)")
    }

    @Test("every line of a batch gets one line, whatever octets it holds")
    func batch() {
        var generator = SourceGenerator(seed: 4)
        var evaluator = BatchEvaluator()
        var input: [UInt8] = []
        var output: [UInt8] = []
        let count = 20_000

        for _ in 0..<count {
            var line = Array(#"{"expr": "x + 1", "bindings": {"x": {"list": [1, "#.utf8)
            line += Array(#"{"int": "2"}, "\u00e9", -1.5e3]}, "y": [true, null, {"a": {}}]}}"#.utf8)
            for _ in 0..<generator.below(4) {
                line[generator.below(line.count)] = UInt8(truncatingIfNeeded: generator.next())
            }
            input += line.map { $0 == 0x0A ? 0x20 : $0 } + [0x0A]
        }
        evaluator.take(input, answers: &output)
        evaluator.finish(answers: &output)

        #expect(output.count { $0 == 0x0A } == count)
        #expect(String(validating: output, as: UTF8.self) != nil)
    }
}
