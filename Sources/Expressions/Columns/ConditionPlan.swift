// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CKernels

/// The steps of a program in a form that takes no counting of references while it is carried out.
///
/// Threads that share columns would else wait for each other at every block.
final class ConditionPlan: @unchecked Sendable {
    /// One operand of a comparison where it lies.
    fileprivate enum Operand: Equatable {
        case rows(UnsafePointer<Double>)
        case same(Double)
        case streamed(Int)
    }

    /// What is written into the slot of a step; slots are named by where they begin.
    private enum Operation {
        case fill(UInt64)
        case copy(UnsafePointer<UInt64>)
        case compare(desk_relation, Operand, Operand)
        /// Less goes into its own slot, greater into another one.
        case compareBoth(Operand, Operand, greater: Int)
        case both(Int, Int)
        case either(Int, Int)
        /// An operation before has written it already.
        case done
    }

    /// What the operations point into: the elements of an array stay in their place as long as it
    /// is alive and unchanged.
    private let steps: [ConditionProgram.Step]
    private let operations: UnsafeMutableBufferPointer<Operation>
    /// Where the slot of each step begins.
    private let slots: UnsafeMutableBufferPointer<Int>
    /// The results of steps whose slot is the place of another result.
    private let copies: [(source: Int, target: Int)]
    private let resultCount: Int

    init(_ steps: [ConditionProgram.Step], results: [Int]) {
        self.steps = steps
        let stride = ConditionProgram.blockWords
        // A step that is a result writes to the place of it right away.
        var places = steps.indices.map { (results.count + $0) * stride }
        var copies: [(source: Int, target: Int)] = []
        for (index, step) in results.enumerated() {
            if places[step] >= results.count * stride {
                places[step] = index * stride
            } else {
                copies.append((places[step], index * stride))
            }
        }
        self.copies = copies
        resultCount = results.count
        let joined = Self.joined(steps.map { Self.operation($0, places) }, places)
        operations = .allocate(capacity: joined.count)
        _ = operations.initialize(from: joined)
        slots = .allocate(capacity: places.count)
        _ = slots.initialize(from: places)
    }

    deinit {
        operations.deinitialize()
        operations.deallocate()
        slots.deallocate()
    }

    /// Where the columns lie that are read, in the order of the operations.
    var columns: [UnsafeRawPointer] {
        operations.flatMap { operation -> [UnsafeRawPointer] in
            switch operation {
            case .compare(_, let left, let right), .compareBoth(let left, let right, _):
                [left.address, right.address].compactMap(\.self)
            case .copy(let words): [UnsafeRawPointer(words)]
            case .fill, .both, .either, .done: []
            }
        }
    }

    private static func operation(_ step: ConditionProgram.Step, _ places: [Int]) -> Operation {
        switch step {
        case .fill(let word): .fill(word)
        case .copy(let words):
            words.withUnsafeBufferPointer { $0.baseAddress.map { .copy($0) } } ?? .fill(0)
        case .compare(let relation, let left, let right):
            .compare(relation, operand(left), operand(right))
        case .both(let left, let right): .both(places[left], places[right])
        case .either(let left, let right): .either(places[left], places[right])
        }
    }

    private static func operand(_ side: ConditionGraph.Side) -> Operand {
        switch side {
        case .rows(let column):
            column.withUnsafeBufferPointer { $0.baseAddress.map { .rows($0) } } ?? .same(.nan)
        case .same(let number): .same(number)
        case .streamed(let place): .streamed(place)
        }
    }

    /// Finds pairs such as `a < b` and `a > b`, which one pass decides.
    private static func joined(_ operations: [Operation], _ places: [Int]) -> [Operation] {
        var operations = operations
        for place in operations.indices {
            guard case .compare(DESK_LESS, let left, let right) = operations[place],
                left.hasRows, right.hasRows
            else { continue }
            let other = operations.indices.dropFirst(place + 1).first {
                guard case .compare(DESK_LESS, right, left) = operations[$0] else { return false }
                return true
            }
            guard let other else { continue }
            operations[place] = .compareBoth(left, right, greater: places[other])
            operations[other] = .done
        }
        return operations
    }

    /// Carries out all operations on one block of rows; the results lie at the start of the scratch
    /// memory.
    func evaluate(
        _ rows: Range<Int>,
        _ streamed: UnsafePointer<Double>?,
        _ scratch: UnsafeMutablePointer<UInt64>
    ) {
        let words = (rows.count + 63) / 64
        precondition(
            rows.lowerBound % 64 == 0 && words <= ConditionProgram.blockWords,
            "a block of rows"
        )
        for place in operations.indices {
            let target = scratch + slots[place]
            switch operations[place] {
            case .fill(let word): target.update(repeating: word, count: words)
            case .copy(let source):
                target.update(from: source + rows.lowerBound / 64, count: words)
            case .compare(let relation, let left, let right):
                Self.compare(relation, left, right, rows, streamed, target)
            case .compareBoth(let left, let right, let greater):
                guard let first = Self.base(left, rows, streamed),
                    let second = Self.base(right, rows, streamed)
                else { continue }
                desk_compare_both(first, second, rows.count, target, scratch + greater)
            case .both(let left, let right):
                let (first, second) = (scratch + left, scratch + right)
                for word in 0..<words { target[word] = first[word] & second[word] }
            case .either(let left, let right):
                let (first, second) = (scratch + left, scratch + right)
                for word in 0..<words { target[word] = first[word] | second[word] }
            case .done: break
            }
        }
        for index in copies.indices {
            let (source, target) = copies[index]
            (scratch + target).update(from: scratch + source, count: words)
        }
        // A constant fills whole words; rows behind the last one are none.
        guard rows.count % 64 != 0 else { return }
        let last = (UInt64(1) << UInt64(rows.count % 64)) - 1
        for result in 0..<resultCount {
            scratch[result * ConditionProgram.blockWords + words - 1] &= last
        }
    }

    private static func compare(
        _ relation: desk_relation,
        _ left: Operand,
        _ right: Operand,
        _ rows: Range<Int>,
        _ streamed: UnsafePointer<Double>?,
        _ target: UnsafeMutablePointer<UInt64>
    ) {
        let (first, second) = (base(left, rows, streamed), base(right, rows, streamed))
        switch (left, right) {
        case (.same(let one), .same(let other)):
            // Constants are folded before; one row stands for all.
            var word: UInt64 = 0
            withUnsafePointer(to: one) { desk_compare_right(relation, $0, other, 1, &word) }
            target.update(repeating: word == 0 ? 0 : ~0, count: (rows.count + 63) / 64)
        case (_, .same(let other)):
            if let first { desk_compare_right(relation, first, other, rows.count, target) }
        case (.same(let one), _):
            if let second { desk_compare_left(relation, one, second, rows.count, target) }
        default:
            if let first, let second { desk_compare(relation, first, second, rows.count, target) }
        }
    }

    /// The numbers of an operand from the first row of a block on; nil for a constant.
    @inline(__always)
    private static func base(
        _ operand: Operand,
        _ rows: Range<Int>,
        _ streamed: UnsafePointer<Double>?
    ) -> UnsafePointer<Double>? {
        switch operand {
        case .rows(let column): column + rows.lowerBound
        case .streamed(let column): streamed.map { $0 + column * ConditionProgram.blockWords * 64 }
        case .same: nil
        }
    }
}

extension ConditionPlan.Operand {
    /// Where its numbers lie; nil for a constant and for a stream.
    fileprivate var address: UnsafeRawPointer? {
        if case .rows(let column) = self { UnsafeRawPointer(column) } else { nil }
    }

    /// Whether it has a number for each row.
    fileprivate var hasRows: Bool {
        if case .same = self { false } else { true }
    }
}
