// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CKernels

/// Conditions as steps on bits, one bit a row, so that 64 rows are decided at once.
///
/// Of a condition that may be missing only the rows are computed at which it holds, or only those
/// at which it does not: `!(a > b)` is `a <= b`, which is as false as it when either is missing.
public struct ConditionProgram: Sendable {
    /// The words of one block of rows: few enough that all of a program stays in the nearest cache.
    public static let blockWords = 32

    /// What one step writes into its slot.
    enum Step: Sendable {
        case fill(UInt64)
        case copy([UInt64])
        case compare(desk_relation, ConditionGraph.Side, ConditionGraph.Side)
        case both(Int, Int)
        case either(Int, Int)
    }

    private(set) var steps: [Step] = []
    /// The steps whose slots hold the results, in the order in which they were asked for.
    let results: [Int]

    /// Compiles conditions, each with whether the rows are wanted at which it holds.
    init(_ graph: ConditionGraph, _ wanted: [(index: Int, holds: Bool)]) {
        var compiler = ConditionCompiler(graph)
        results = compiler.compile(wanted)
        steps = compiler.steps
    }

    /// Evaluates blocks of rows one after another; the range begins at a multiple of 64.
    ///
    /// The body is given the first row of a block, and the words of all results side by side, each
    /// result as many words as the stride.
    public func run(
        _ rows: Range<Int>,
        _ body: (_ start: Int, _ words: UnsafePointer<UInt64>, _ stride: Int) -> Void
    ) {
        let stride = Self.blockWords
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: scratchWords) { scratch in
            guard let base = scratch.baseAddress else { return }
            var start = rows.lowerBound
            while start < rows.upperBound {
                let end = min(rows.upperBound, start + stride * 64)
                evaluate(start..<end, base)
                body(start, UnsafePointer(base), stride)
                start = end
            }
        }
    }

    /// The words that ``evaluate(_:_:)`` needs to work in.
    public var scratchWords: Int { (results.count + steps.count) * Self.blockWords }

    /// Evaluates one block of rows, which begins at a multiple of 64 and is no longer than
    /// ``blockWords`` words; the results lie at the start of the scratch memory, each with a
    /// stride of ``blockWords``.
    public func evaluate(_ rows: Range<Int>, _ scratch: UnsafeMutablePointer<UInt64>) {
        let words = (rows.count + 63) / 64
        precondition(rows.lowerBound % 64 == 0 && words <= Self.blockWords, "a block of rows")
        let slots = scratch + results.count * Self.blockWords
        for (index, step) in steps.enumerated() {
            let target = slots + index * Self.blockWords
            switch step {
            case .fill(let word):
                target.update(repeating: word, count: words)
            case .copy(let source):
                for word in 0..<words { target[word] = source[rows.lowerBound / 64 + word] }
            case .compare(let relation, let left, let right):
                Self.compare(relation, left, right, rows, target)
            case .both(let left, let right):
                let first = slots + left * Self.blockWords
                let second = slots + right * Self.blockWords
                for word in 0..<words { target[word] = first[word] & second[word] }
            case .either(let left, let right):
                let first = slots + left * Self.blockWords
                let second = slots + right * Self.blockWords
                for word in 0..<words { target[word] = first[word] | second[word] }
            }
        }
        // A constant fills whole words; rows behind the last one are none.
        let last = rows.count % 64 == 0 ? ~0 : (UInt64(1) << UInt64(rows.count % 64)) - 1
        for (index, step) in results.enumerated() {
            let target = scratch + index * Self.blockWords
            target.update(from: slots + step * Self.blockWords, count: words)
            if words > 0 { target[words - 1] &= last }
        }
    }

    private static func compare(
        _ relation: desk_relation,
        _ left: ConditionGraph.Side,
        _ right: ConditionGraph.Side,
        _ rows: Range<Int>,
        _ target: UnsafeMutablePointer<UInt64>
    ) {
        switch (left, right) {
        case (.rows(let first), .rows(let second)):
            first.withUnsafeBufferPointer { first in
                second.withUnsafeBufferPointer { second in
                    guard let one = first.baseAddress, let other = second.baseAddress else {
                        return
                    }
                    let start = rows.lowerBound
                    desk_compare(relation, one + start, other + start, rows.count, target)
                }
            }
        case (.rows(let first), .same(let second)):
            first.withUnsafeBufferPointer { first in
                guard let one = first.baseAddress else { return }
                desk_compare_right(relation, one + rows.lowerBound, second, rows.count, target)
            }
        case (.same(let first), .rows(let second)):
            second.withUnsafeBufferPointer { second in
                guard let other = second.baseAddress else { return }
                desk_compare_left(relation, first, other + rows.lowerBound, rows.count, target)
            }
        case (.same(let first), .same(let second)):
            // Constants are folded before; one row stands for all.
            var word: UInt64 = 0
            withUnsafePointer(to: first) { desk_compare_right(relation, $0, second, 1, &word) }
            let words = (rows.count + 63) / 64
            target.update(repeating: word == 0 ? 0 : ~0, count: words)
        }
    }
}
