// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Conditions on rows and what they are made of, each after its parts.
struct ConditionGraph: Sendable {
    /// One operand of a comparison.
    enum Side: Sendable {
        case rows([Double])
        case same(Double)
        /// The place of a column among those of all streams.
        case streamed(Int)
    }

    enum Part: Sendable {
        case constant(Bool)
        /// The rows at which it holds and those at which it does not; at others it is missing.
        case given(yes: [UInt64], no: [UInt64])
        case relation(BinaryOperator, Side, Side)
        case truthRelation(BinaryOperator, Int, Int)
        case and(Int, Int)
        case or(Int, Int)
        case not(Int)
        case choice(Int, Int, Int)
    }

    private(set) var parts: [Part] = []
    private(set) var streams: [any ColumnStream] = []
    private var streamedColumns = 0

    /// Adds a stream and returns the place of its first column.
    mutating func add(_ stream: any ColumnStream) -> Int {
        streams.append(stream)
        defer { streamedColumns += stream.width }
        return streamedColumns
    }

    /// Adds a part and returns its index.
    mutating func add(_ part: Part) -> Int {
        parts.append(part)
        return parts.count - 1
    }

    /// Adds truth values that somebody else computed.
    mutating func add(_ rows: [Ternary]) -> Int {
        add(.given(yes: Self.words(rows, .yes), no: Self.words(rows, .no)))
    }

    /// The truth value of a condition at every row.
    func rows(_ index: Int, count: Int) -> [Ternary] {
        let program = ConditionProgram(self, [(index, true), (index, false)])
        var rows = [Ternary](repeating: .missing, count: count)
        program.run(0..<count) { start, words, stride in
            for row in start..<min(count, start + stride * 64) {
                let (word, bit) = ((row - start) / 64, UInt64(1) << UInt64(row % 64))
                if words[word] & bit != 0 {
                    rows[row] = .yes
                } else if words[stride + word] & bit != 0 {
                    rows[row] = .no
                }
            }
        }
        return rows
    }

    private static func words(_ rows: [Ternary], _ value: Ternary) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: (rows.count + 63) / 64)
        for (row, flag) in rows.enumerated() where flag == value {
            words[row / 64] |= 1 << UInt64(row % 64)
        }
        return words
    }
}
