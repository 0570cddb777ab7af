// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

/// A small generator of numbers that depend on its seed only.
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

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

@Suite("Fuzzing")
struct FuzzTests {
    private let corpus: [[UInt8]] = [
        "sharpe > 1.5 && max_drawdown < 0.10 || !has(m.a)",
        "l.filter(t, t.x < 0).size() <= 3 ? 'a' + \"b\\n\" : r'c'",
        "l.map(x, x.n > 0, x.n * 2).exists_one(y, y in [1, 2u, 3.0])",
        "timestamp('2024-02-29T00:00:00Z').getHours('+01:00') - int('7') % 3",
        "duration('1h30m5s') + duration('-1.5ms') == duration(\"0\")",
        "'abc'.matches('^(a|b+?)*[^c-d]{2,3}\\\\w$') || bytes('é') == b'\\xff'",
        "{'a': 1, 2: [3.5e-3, null]}['a'] == -9223372036854775808",
        "f(close, 20) > f(open, 50) && ((a + 1.0) / b >= 0x1F ? c : d)",
        "string(1.5) + string(type(1u)) + '''x''' // end",
        "[1, 2].all(i, [3].exists(j, i + j > .i)) == dyn(true)",
    ].map { Array($0.utf8) }

    private func mutated(_ generator: inout Generator) -> [UInt8] {
        let pieces = Array("()[]{}.,:?!&|=<>+-*/%'\"\\0129aeux \n_".utf8)
        var octets = corpus[Int.random(in: 0..<corpus.count, using: &generator)]
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            guard !octets.isEmpty else { break }
            let place = Int.random(in: 0..<octets.count, using: &generator)
            let piece = pieces[Int.random(in: 0..<pieces.count, using: &generator)]
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: octets[place] = piece
            case 1: octets.insert(piece, at: place)
            case 2: octets.remove(at: place)
            case 3:
                let end = min(octets.count, place + Int.random(in: 1...12, using: &generator))
                octets.insert(contentsOf: octets[place..<end], at: place)
            default:
                let other = corpus[Int.random(in: 0..<corpus.count, using: &generator)]
                let cut = Int.random(in: 0..<other.count, using: &generator)
                octets.replaceSubrange(place..., with: other[cut...])
            }
        }
        return octets
    }

    @Test(
        "a hundred thousand mutated expressions have a value or an error",
        arguments: [1, 2] as [UInt64]
    )
    func mutations(seed: UInt64) {
        var generator = Generator(state: seed)
        let record: Value = .map(["x": .int(-1), "n": .int(4), "a": .double(2)])
        let bindings = Bindings([
            "sharpe": .double(2), "max_drawdown": .double(0.05), "m": record, "a": .double(1),
            "b": .double(0), "l": .list([record, record, .int(3)]), "c": .bool(true), "i": .int(1),
        ])
        var parsed = 0

        for _ in 0..<50_000 {
            let source = String(decoding: mutated(&generator), as: UTF8.self)
            do throws(ExpressionError) {
                let expression = try Expression(parsing: source)
                parsed += 1
                if case .error(let error) = expression.outcome(in: bindings) {
                    #expect(error.line >= 1 && error.column >= 1, "\(source)")
                }
                _ = try expression.column(in: AnyColumns())
            } catch {
                if error.line < 1 || error.column < 1 { Issue.record("no place for \(source)") }
            }
        }

        #expect(parsed > 5000)
    }
}
