// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CKernels

/// Conditions as steps on bits, one bit a row, so that 64 rows are decided at once.
///
/// Of a condition that may be missing only the rows are computed at which it holds, or only those
/// at which it does not: `!(a > b)` is `a <= b`, which is as false as it when either is missing.
public struct ConditionProgram: Sendable {
    /// The words of one block of rows: few enough that all of a program stays in the nearest cache.
    public static let blockWords = 16

    /// What one step writes into its slot.
    enum Step: Sendable {
        case fill(UInt64)
        case copy([UInt64])
        case compare(desk_relation, ConditionGraph.Side, ConditionGraph.Side)
        case both(Int, Int)
        case either(Int, Int)
    }

    let steps: [Step]
    private let plan: ConditionPlan
    /// The steps whose slots hold the results, in the order in which they were asked for.
    let results: [Int]
    private let streams: [any ColumnStream]

    /// Compiles conditions, each with whether the rows are wanted at which it holds.
    init(_ graph: ConditionGraph, _ wanted: [(index: Int, holds: Bool)]) {
        var compiler = ConditionCompiler(graph)
        results = compiler.compile(wanted)
        steps = compiler.steps
        plan = ConditionPlan(steps, results: results)
        streams = steps.contains(where: \.readsStream) ? graph.streams : []
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
        let runs = streams.map { $0.makeRun() }
        let columns = streams.reduce(0) { $0 + $1.width }
        withUnsafeTemporaryAllocation(of: Double.self, capacity: columns * stride * 64) { buffer in
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: scratchWords) { scratch in
                guard let base = scratch.baseAddress else { return }
                // Streams begin at the first row, wherever the rows that are wanted begin.
                var start = streams.isEmpty ? rows.lowerBound : 0
                while start < rows.upperBound {
                    let bound = start < rows.lowerBound ? rows.lowerBound : rows.upperBound
                    let block = start..<min(bound, start + stride * 64)
                    fill(runs, block, buffer.baseAddress)
                    if start >= rows.lowerBound {
                        plan.evaluate(block, buffer.baseAddress, base)
                        body(start, UnsafePointer(base), stride)
                    }
                    start = block.upperBound
                }
            }
        }
    }

    private func fill(
        _ runs: [any ColumnStreamRun],
        _ rows: Range<Int>,
        _ buffer: UnsafeMutablePointer<Double>?
    ) {
        guard var target = buffer else { return }
        for (run, stream) in zip(runs, streams) {
            run.fill(rows, target, stride: Self.blockWords * 64)
            target += stream.width * Self.blockWords * 64
        }
    }

    /// Where the columns lie that the steps read, so that programs can be told that read the same.
    public var columns: [UnsafeRawPointer] { plan.columns }

    /// The words that ``evaluate(_:_:)`` needs to work in.
    public var scratchWords: Int { (results.count + steps.count) * Self.blockWords }

    /// Evaluates one block of rows, which begins at a multiple of 64 and is no longer than
    /// ``blockWords`` words; the results lie at the start of the scratch memory, each with a
    /// stride of ``blockWords``.
    public func evaluate(_ rows: Range<Int>, _ scratch: UnsafeMutablePointer<UInt64>) {
        evaluator.evaluate(rows, scratch)
    }

    /// Evaluates blocks without counting a reference each time; only as long as the program lives.
    public struct Evaluator {
        fileprivate let plan: Unmanaged<ConditionPlan>

        /// The same as ``ConditionProgram/evaluate(_:_:)``.
        @inline(__always)
        public func evaluate(_ rows: Range<Int>, _ scratch: UnsafeMutablePointer<UInt64>) {
            plan._withUnsafeGuaranteedRef { $0.evaluate(rows, nil, scratch) }
        }
    }

    /// What evaluates the program as long as it is kept alive elsewhere.
    public var evaluator: Evaluator {
        precondition(streams.isEmpty, "streams are run from the first row on")
        return Evaluator(plan: .passUnretained(plan))
    }
}

extension ConditionProgram.Step {
    fileprivate var readsStream: Bool {
        guard case .compare(_, let left, let right) = self else { return false }
        return [left, right].contains { side in
            guard case .streamed = side else { return false }
            return true
        }
    }
}
